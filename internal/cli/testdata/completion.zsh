#compdef vault-secret
# Completes vault-secret in zsh.
compdef _vault-secret vault-secret
_vault-secret() {
	local -a verbs
	verbs=(
		'set:it'\''s a "test" of $HOME, `id`, $(id), [a]: 100% \\n \\\\ \\ {b,c} ~ * ? ! # ; & | < > (d)'
		'list:show them'
		'lint:check: it all'
		'completion:print it'
		'help:explain'
	)
	shift words
	if (( --CURRENT == 1 )); then
		_describe verb verbs
		return
	fi
	case $words[1] in
	set) _arguments '1:name: ' \
		'--key-file[a file]:key-file:_files' \
		'!--key-file=:key-file:_files' \
		'--url[it'\''s a "test" of $HOME, `id`, $(id), \[a\]: 100% \\n \\\\ \\ {b,c} ~ * ? ! # ; & | < > (d) too]:url: ' \
		'!--url=:url: ' \
		'*--host[some hosts]:host: ' \
		'!*--host=:host: ' \
		'--vault[a vault]:vault: ' \
		'!--vault=:vault: ' \
		'--trim[what is dropped]:trim:(newline none)' \
		'!--trim=:trim:(newline none)' \
		'--dry-run[it'\''s a "test" of $HOME, `id`, $(id), \[a\]: 100% \\n \\\\ \\ {b,c} ~ * ? ! # ; & | < > (d)]' \
		'!--dry-run=-:dry-run:(true false)' \
		'--verify=-[look again]:verify:(true false)' ;;
	list) _arguments '*:vault: ' \
		'*--vault[a vault]:vault: ' \
		'!*--vault=:vault: ' ;;
	lint) _arguments '*:file:_files' \
		'--trim[what is dropped]:trim:(newline none)' \
		'!--trim=:trim:(newline none)' \
		'--dry-run[it'\''s a "test" of $HOME, `id`, $(id), \[a\]: 100% \\n \\\\ \\ {b,c} ~ * ? ! # ; & | < > (d)]' \
		'!--dry-run=-:dry-run:(true false)' \
		'*--manifest[the files: all of them]:manifest:_files' \
		'!*--manifest=:manifest:_files' ;;
	completion) _arguments '1:shell:(bash zsh fish)' ;;
	help) _arguments '1:verb:{_describe verb verbs}' ;;
	esac
}
# Found in fpath, this file is the function when it is called first.
[[ ${funcstack[1]-} != _vault-secret ]] || _vault-secret "$@"
