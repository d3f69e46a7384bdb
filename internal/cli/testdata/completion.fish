# Completes vault-secret in fish.
function __vault_secret_is --description 'whether the verb is one of some'
	set -l words (commandline -opc)
	contains -- "$words[2]" $argv
end
function __vault_secret_begins --description 'whether nothing follows a verb that is one of some'
	set -l words (commandline -opc)
	test (count $words) -lt 3; and __vault_secret_is $argv
end
function __vault_secret_lacks --argument-names flag --description 'whether a flag is not given, and the verb is one of some'
	__vault_secret_is $argv[2..-1]; or return
	set -l words (commandline -opc)
	if test "$words[-1]" = $flag; and not string match -q -- '-*' (commandline -ct)
		set -e words[-1]
	end
	not contains -- $flag $words; and not string match -q -- "$flag=*" $words
end
complete -c vault-secret -f
complete -c vault-secret -n '__vault_secret_begins "" help' -a set -d 'it\'s a "test" of $HOME, `id`, $(id), [a]: 100% \\n \\\\ \\ {b,c} ~ * ? ! # ; & | < > (d)'
complete -c vault-secret -n '__vault_secret_begins "" help' -a list -d 'show them'
complete -c vault-secret -n '__vault_secret_begins "" help' -a lint -d 'check: it all'
complete -c vault-secret -n '__vault_secret_begins "" help' -a completion -d 'print it'
complete -c vault-secret -n '__vault_secret_begins "" help' -a help -d 'explain'
complete -c vault-secret -n '__vault_secret_begins completion' -a 'bash zsh fish'
complete -c vault-secret -n '__vault_secret_is lint' -F
complete -c vault-secret -n '__vault_secret_lacks --key-file set' -l key-file -r -F -d 'a file'
complete -c vault-secret -n '__vault_secret_lacks --url set' -l url -x -d 'it\'s a "test" of $HOME, `id`, $(id), [a]: 100% \\n \\\\ \\ {b,c} ~ * ? ! # ; & | < > (d) too'
complete -c vault-secret -n '__vault_secret_is set' -l host -x -d 'some hosts'
complete -c vault-secret -n '__vault_secret_lacks --vault set' -l vault -x -d 'a vault'
complete -c vault-secret -n '__vault_secret_lacks --trim set lint' -l trim -x -a 'newline none' -d 'what is dropped'
complete -c vault-secret -n '__vault_secret_lacks --dry-run set lint' -l dry-run -a 'true false' -d 'it\'s a "test" of $HOME, `id`, $(id), [a]: 100% \\n \\\\ \\ {b,c} ~ * ? ! # ; & | < > (d)'
complete -c vault-secret -n '__vault_secret_lacks --verify set' -l verify -a 'true false' -d 'look again'
complete -c vault-secret -n '__vault_secret_is list' -l vault -x -d 'a vault'
complete -c vault-secret -n '__vault_secret_is lint' -l manifest -r -F -d 'the files: all of them'
