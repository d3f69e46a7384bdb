# Completes vault-secret in bash.
_vault_secret() {
	local IFS=$' \t\n' i n=0 word last= verb= flag= head= seen= given=' ' operand= flags= words= cur strip tokens
	COMPREPLY=() tokens=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $n -gt 0 && ($word == [=:]* || $last == [=:]*) ]]; then
			tokens[n - 1]+=$word
		else
			tokens[n++]=$word
		fi
		last=$word
	done
	for ((i = 1; i < n - 1; i++)); do
		word=${tokens[i]}
		if [[ $flag ]]; then
			flag=
		elif [[ $word == -* ]]; then
			case $word in
			*=* | --dry-run | --verify) ;;
			*) flag=$word ;;
			esac
			case $verb${word%%=*} in
			set--host | list--vault | lint--manifest) ;;
			*) given+="${word%%=*} " ;;
			esac
		elif [[ $verb ]]; then
			seen=yes
		else
			verb=$word
		fi
	done
	cur=${tokens[n - 1]}
	strip=${cur%"$2"}
	case $verb in
	'') operand=verb ;;
	set) flags='--key-file --url --host --vault --trim --dry-run --verify=false ' ;;
	list) flags='--vault ' ;;
	lint) flags='--trim --dry-run --manifest ' operand=--manifest ;;
	completion) flags=''; [[ $seen ]] || operand=shell ;;
	help) flags=''; [[ $seen ]] || operand=verb ;;
	esac
	if [[ ! $flag ]]; then
		case $cur in
		--*=*) flag=${cur%%=*} head=$flag= ;;
		-*) ;;
		*) flag=$operand ;;
		esac
	fi
	case $flag in
	'') words=$flags ;;
	verb) words='set list lint completion help' ;;
	shell) words='bash zsh fish' ;;
	--trim) words='newline none' ;;
	--dry-run) words='true false' ;;
	--verify) words='true false' ;;
	--key-file | --manifest)
		word=${cur#"$head"}
		[[ $word != [\'\"]* ]] || word=$2 head=
		# Without compopt, as in bash 3, compgen itself tells readline that these are files.
		compopt -o filenames 2>/dev/null || compgen -f /none/ >/dev/null || :
		while IFS= read -r word; do
			word=$head$word
			[[ $word == "$head" ]] || COMPREPLY+=("${word#"$strip"}")
		done <<<"$(compgen -f -- "$word")"
		;;
	esac
	for word in $words; do
		if [[ $head$word == "$cur"* && $given != *" ${word%%=*} "* ]]; then
			word=$head$word
			COMPREPLY+=("${word#"$strip"}")
		fi
	done
}
complete -F _vault_secret vault-secret
