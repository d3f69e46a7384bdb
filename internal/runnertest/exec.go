package runnertest

import (
	"iter"
	"strings"
)

// Exec is the model of exec of Gitea's runner (gitea.com/gitea/runner v1.0.8) and of
// Forgejo's (v12), each act/runner/command.go and logger.go. They read commands as
// act does, and have no reporter after it: the line of every command is printed once
// it is carried out, also of a mask. Gitea's masks each line of a mask by itself.
//
// They decode escapes in any order, as act does: whether a value is safe under all
// of them is what the models of [Act] tell, which register the same masks. Files are
// read as act reads them, and there is no summary.
func Exec() []Oracle {
	return []Oracle{
		act{name: "gitea exec", order: actOrders[0], exec: true, lines: true},
		act{name: "forgejo exec", order: actOrders[0], exec: true},
	}
}

func (j *actJob) addLines(value string) {
	for line := range maskedLines(value) {
		j.ranked.add(line)
	}
}

// maskedLines is AppendSecretMasker of gitea.com/gitea/runner (act/runner/logger.go):
// lines of one byte are left out.
func maskedLines(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(value, "\n") {
			if line = strings.TrimSpace(line); len(line) > 1 && !yield(line) {
				return
			}
		}
	}
}
