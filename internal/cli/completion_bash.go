package cli

import "strings"

// bash writes the script for bash. macOS has 3.2, of 2006: no associative arrays, no mapfile,
// and no compopt.
//
// Bash 4 and newer break words at = and : for COMP_WORDS, as readline always does. What is
// replaced is $2, wherever words break: COMP_WORDBREAKS is anybody's to set.
func bash(b *strings.Builder, topics []topic) {
	every := flagsOf(topics)
	b.WriteString(`# Completes vault-secret in bash.
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
			*=* | ` + pattern(every, (*Flag).IsBoolean) + `) ;;
			*) flag=$word ;;
			esac
			case $verb${word%%=*} in
			` + bashLists(topics) + `) ;;
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
` + bashVerbs(topics) + `	esac
	if [[ ! $flag ]]; then
		case $cur in
		--*=*) flag=${cur%%=*} head=$flag= ;;
		-*) ;;
		*) flag=$operand ;;
		esac
	fi
	case $flag in
	'') words=$flags ;;
	verb) words='` + namesOf(topics, func(topic) bool { return true }) + `' ;;
	shell) words='` + strings.Join(Shells(), " ") + `' ;;
` + bashWords(every) + `	` + pattern(every, func(f *Flag) bool { return f.IsFile }) + `)
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
`)
}

// bashVerbs are the flags of each verb, and what its operands are completed as: a flag that
// says the same, or the list of verbs or shells, which is needed once.
func bashVerbs(topics []topic) string {
	var b strings.Builder
	for _, t := range topics {
		b.WriteString("\t" + t.Name + ") flags='")
		for _, f := range t.flags {
			b.WriteString(f.String())
			if f.isNegated() {
				b.WriteString("=false")
			}
			b.WriteByte(' ')
		}
		b.WriteString("'")
		switch t.Operand {
		case aFile:
			b.WriteString(" operand=--manifest")
		case aVerb, aShell:
			b.WriteString("; [[ $seen ]] || operand=" + strings.ToLower(t.Operand))
		}
		b.WriteString(" ;;\n")
	}
	return b.String()
}

// bashLists is a pattern of the flags that are offered again, behind their verbs.
func bashLists(topics []topic) string {
	var patterns []string
	for _, t := range topics {
		for _, f := range t.flags {
			if f.IsList {
				patterns = append(patterns, t.Name+f.String())
			}
		}
	}
	return strings.Join(patterns, " | ")
}

// bashWords are the words of each flag that takes some.
func bashWords(flags []*Flag) string {
	var b strings.Builder
	for _, f := range flags {
		if words := f.choices(); words != "" {
			b.WriteString("\t" + f.String() + ") words='" + words + "' ;;\n")
		}
	}
	return b.String()
}

// pattern takes the flags that a function picks, for case.
func pattern(flags []*Flag, pick func(*Flag) bool) string {
	var names []string
	for _, f := range flags {
		if pick(f) {
			names = append(names, f.String())
		}
	}
	return strings.Join(names, " | ")
}
