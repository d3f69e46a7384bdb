// Prose checks what people read, and prints what is wrong as file:line: what.
//
// Usage:
//
//	prose          check this folder, which is the root of the repository
//	prose -tidy    drop words that nobody uses and pages that are finished from their lists
//	prose -links   ask for every address of another host; needs the network
//
// It checks that links lead to a file and a heading, that words are spelled as in
// American English (by hunspell, where it is installed, and words.txt), and that pages
// have none of the phrases in internal/problem/testdata/banned.txt and no sentence of more
// than 40 words. Pages in unfinished.txt may have them for now.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/nairi-community/vault-secret/internal/problem"
)

// finding is something wrong in a line of a file.
type finding struct {
	file string
	line int
	what string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.what) }

func main() {
	if err := run(os.Args[1:], os.DirFS("."), os.Stdout, hunspell); err != nil {
		fmt.Fprintln(os.Stderr, "prose:", err)
		os.Exit(1)
	}
}

// run checks the files below root. It fails if it found something.
func run(arguments []string, root fs.FS, stdout io.Writer, unknown speller) error {
	flags := flag.NewFlagSet("prose", flag.ContinueOnError)
	tidy := flags.Bool("tidy", false, "drop what nobody uses from the lists")
	ask := flags.Bool("links", false, "ask for every address of another host")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	all, err := read(root)
	if err != nil {
		return err
	}
	if *ask {
		return report(stdout, askAll(all.pages, get))
	}
	found := checkLinks(root, all)
	found = append(found, missingCodes(all, problem.Codes())...)
	found = append(found, checkIndex(all)...)
	phrases, finished := all.checkPhrases(stdout)
	spelling, unused, err := all.checkSpelling(unknown)
	if errors.Is(err, errNoSpeller) {
		_, _ = fmt.Fprintln(stdout, "spelling was not checked: hunspell is not installed")
	} else if err != nil {
		return err
	}
	if *tidy {
		return errors.Join(rewrite(all.unfinished, finished), rewrite(all.words, unused))
	}
	return report(stdout, slices.Concat(found, phrases, spelling, finished, unused))
}

// report prints what was found, each place once.
func report(stdout io.Writer, found []finding) error {
	slices.SortFunc(found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.file, b.file), a.line-b.line, cmp.Compare(a.what, b.what))
	})
	found = slices.Compact(found)
	for _, f := range found {
		if _, err := fmt.Fprintln(stdout, f); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%d to mend", len(found))
	}
	return nil
}
