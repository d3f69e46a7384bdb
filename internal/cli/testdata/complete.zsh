# Writes the candidates for each line of a file, and the texts that zsh shows for them, as
# "= CANDIDATE" and "# TEXT", with "--" after those of a line.
#
#   zsh -f complete.zsh SCRIPT LINES OUT
#
# A script of the name _vault-secret is found in its folder, and any other is sourced.
# Completion needs the line editor, and that a terminal, so it runs in another zsh.
if [[ $1 != inside ]]; then
	zmodload zsh/zpty || exit
	zpty inside "zsh -f -i"
	zpty -w inside "stty columns 250; source ${(q)0:a} inside ${(q)@}"
	while zpty -r inside chunk; do
		[[ $chunk != *all-lines-are-done* ]] || exit 0
	done
	exit 1
fi
lines=$3 out=$4
[[ $2 != */_vault-secret ]] || fpath=(${2:h} $fpath)
autoload -Uz compinit
compinit -u -D
[[ $2 == */_vault-secret ]] || source $2
compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then # it only selects
		builtin compadd "$@"
		return
	fi
	local -a __found __texts
	builtin compadd -A __found "$@"
	local __at=${@[(i)-d]}
	(( __at > $# )) || __texts=("${(@P)${@[__at + 1]}}")
	(( ! $#__found )) || print -rl -- "= "$^__found "# "$^__texts >>$out
	builtin compadd "$@"
}
zle-line-init() {
	local line
	while IFS= read -r line; do
		BUFFER=$line CURSOR=$#line
		zle complete-word
		print -- -- >>$out
	done <$lines
	print all-lines-are-done
}
zle -N zle-line-init
