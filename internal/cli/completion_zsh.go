package cli

import "strings"

// zsh writes the script for zsh: to be evaluated after compinit, or to be found in fpath
// under the name _vault-secret.
func zsh(b *strings.Builder, topics []topic) {
	b.WriteString(`#compdef vault-secret
# Completes vault-secret in zsh.
compdef _vault-secret vault-secret
_vault-secret() {
	local -a verbs
	verbs=(
`)
	for _, t := range topics {
		b.WriteString("\t\t" + zshWord(t.Name+":"+escaped(t.Help, `\`)) + "\n")
	}
	b.WriteString(`	)
	shift words
	if (( --CURRENT == 1 )); then
		_describe verb verbs
		return
	fi
	case $words[1] in
`)
	for _, t := range topics {
		b.WriteString("\t" + t.Name + ") _arguments")
		t.zsh(b)
		b.WriteString(" ;;\n")
	}
	b.WriteString(`	esac
}
# Found in fpath, this file is the function when it is called first.
[[ ${funcstack[1]-} != _vault-secret ]] || _vault-secret "$@"
`)
}

// zsh is what follows a verb, as _arguments wants it.
func (t topic) zsh(b *strings.Builder) {
	operand := strings.ToLower(t.Operand) + ":"
	switch t.Operand {
	case aVerb:
		operand += "{_describe verb verbs}"
	case aShell:
		operand += zshAction(false, strings.Join(Shells(), " "))
	default:
		operand += zshAction(t.takesFiles(), "")
	}
	switch {
	case t.Several:
		b.WriteString(" " + zshWord("*:"+operand))
	case t.Operand != "":
		b.WriteString(" " + zshWord("1:"+operand))
	}
	for _, f := range t.flags {
		for _, spec := range f.zsh() {
			b.WriteString(" \\\n\t\t" + zshWord(spec))
		}
	}
}

// zsh is a flag as _arguments wants it. What begins with ! is completed and not offered:
// zsh puts an equals sign behind a flag that is offered with one, and then leaves a ~ as
// it is.
func (f *Flag) zsh() []string {
	help := "[" + escaped(f.Help, `\[]`) + "]"
	flag := f.String()
	if f.IsList {
		flag = "*" + flag
	}
	text := ":" + f.Name + ":" + zshAction(f.IsFile, f.choices())
	switch {
	case f.isNegated():
		return []string{flag + "=-" + help + text}
	case f.IsBoolean():
		return []string{flag + help, "!" + flag + "=-" + text}
	}
	return []string{flag + help + text, "!" + flag + "=" + text}
}

// isNegated reports whether a flag alone says nothing, and is given to say that it is false.
func (f *Flag) isNegated() bool { return f.Default == "true" }

// zshAction is what a text can be. Zsh shows what it is called where it can be anything.
func zshAction(isFile bool, words string) string {
	switch {
	case isFile:
		return "_files"
	case words != "":
		return "(" + words + ")"
	}
	return " "
}

// zshWord is a text as one word.
func zshWord(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
