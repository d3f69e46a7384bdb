package input

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/visible"
)

// maxManifests is how many files one run reads.
const maxManifests = 200

// InlineName stands for the name of a manifest that has none.
const InlineName = "secrets"

// ManifestName is the name of the manifest, as Config has it, known also where
// there is no Config. It tells apart what is commented on.
func (i *Inputs) ManifestName() string {
	if i.Secrets.given() {
		return InlineName
	}
	return strings.Join(splitNames(i.Manifest), ", ")
}

// splitNames are the names, or patterns, of a text that has one a line or several
// with commas between them.
func splitNames(text string) []string {
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// manifests reads the manifests, without the values that they name, and notes what is
// wrong with each and between them. Then there are none.
func (c *checker) manifests(prune bool) (input string, files []manifest.File) {
	before := len(c.problems)
	input = Manifest
	if c.Secrets.given() {
		if input = "secrets"; c.Manifest != manifest.Default {
			c.add(input, "Set manifest or secrets, not both")
			return input, nil
		}
		files = c.parse(input, files, c.source("", true), []byte(*c.Secrets.text))
	} else {
		files = c.manifestFiles()
	}
	if len(c.problems) == before {
		c.noteAll(input, manifest.Conflicts(files, prune, c.isLint()))
	}
	if len(c.problems) > before {
		return input, nil
	}
	for _, file := range files {
		for _, warning := range file.Warnings {
			warning.Input, warning.Text = input, c.flags.phrased(warning.Text)
			c.warn(warning)
		}
	}
	return input, files
}

func (c *checker) source(name string, inline bool) manifest.Source {
	return manifest.Source{Name: name, Inline: inline, Lookup: c.lookup, Now: c.now, Lint: c.isLint()}
}

// isLint reports whether manifests are only looked at.
func (c *checker) isLint() bool { return c.Operation == string(plan.OpLint) }

// parse reads a text behind those that were read already.
func (c *checker) parse(input string, files []manifest.File, source manifest.Source, text []byte) []manifest.File {
	file, problems := manifest.Parse(source, text)
	c.noteAll(input, problems)
	return append(files, file)
}

func (c *checker) noteAll(input string, problems problem.List) {
	for _, p := range problems {
		p.Input, p.Text = input, c.flags.phrased(p.Text)
		c.note(p)
	}
}

// manifestFiles reads the files that the input names.
func (c *checker) manifestFiles() (files []manifest.File) {
	size := 0
	for _, name := range c.manifestNames() {
		c.reads(Manifest, name)
		text, err := c.env.ReadFile(name, manifest.MaxBytes+1)
		if err != nil && !errors.Is(err, env.ErrTooLarge) { // which Parse says of the text, too
			c.noteFile(name, err)
			continue
		}
		if size += len(text); size > manifest.MaxBytes && len(files) > 0 {
			c.add(Manifest, fmt.Sprintf("names files that are larger than %d MiB together. Use fewer of them", manifest.MaxBytes>>20))
			return files
		}
		files = c.parse(Manifest, files, c.source(name, false), text)
	}
	return files
}

// noCheckout is what to do where a file of the repository is not there.
const noCheckout = "Add a checkout step before this one, or correct the path, which starts at the root of the checkout"

// notFound is what to do where a file is not there: a command line has no step.
func (c *checker) notFound() string {
	if c.flags != nil {
		return "Correct the path, which starts at the working folder"
	}
	return noCheckout
}

// noteFile notes that a file cannot be read. A name that the input gives may be a
// secret in the wrong place, and is not repeated.
func (c *checker) noteFile(name string, err error) {
	given := splitNames(c.Manifest)
	at := slices.Index(given, name)
	switch {
	case errors.Is(err, env.NotThere) && c.flags != nil && c.sources[Manifest] == "":
		c.add(Manifest, "is not given, and there is no "+manifest.Default+". Name the file, as in vault-secret VERB vault.yml")
		return
	case errors.Is(err, env.NotThere) && name == manifest.Default:
		c.note(problem.Problem{Input: Manifest, Text: "There is no file " + manifest.Default + ". " + c.notFound(), Cause: err})
		return
	case errors.Is(err, env.NotThere) && misread(name) == "":
		err = c.ownError(fmt.Errorf("%w. "+c.notFound(), err))
	default:
		err = c.explain(name, err)
	}
	switch {
	case at < 0: // it was found by a pattern
		c.note(problem.Problem{Input: Manifest, File: name, Text: oneLine(err), Cause: err})
	case len(given) > 1:
		c.check(Manifest, fmt.Errorf("entry %d %w", at+1, err))
	default:
		c.check(Manifest, err)
	}
}

// manifestNames are the files that the input names, each once, in its order and those
// of a pattern in alphabetical order.
func (c *checker) manifestNames() []string {
	given := splitNames(c.Manifest)
	if len(given) == 0 {
		c.add(Manifest, "names no file")
	}
	var names []string
	for i, name := range given {
		matches, err := c.matches(name)
		if err != nil && len(given) > 1 {
			err = fmt.Errorf("entry %d %w", i+1, err)
		}
		c.check(Manifest, err)
		for _, match := range matches {
			if !slices.ContainsFunc(names, func(other string) bool { return c.sameFile(other, match) }) {
				names = append(names, match)
			}
		}
		if len(names) > maxManifests {
			c.add(Manifest, fmt.Sprintf("names more than %d files", maxManifests))
			return nil
		}
	}
	return names
}

// matches are the files that a pattern takes, or the name if it is none.
func (c *checker) matches(name string) ([]string, error) {
	if !env.IsPattern(name) || c.env.Glob == nil || c.exists(name) {
		return []string{name}, nil
	}
	if why := misread(name); why != "" && why != noWildcards {
		return nil, c.ownError(errors.New(why))
	}
	names, err := c.env.Glob(name, maxManifests)
	switch {
	case errors.Is(err, env.Outside):
		return nil, fmt.Errorf("%w. A pattern matches only files in it", err)
	case err == nil && len(names) == 0:
		return nil, c.ownError(errors.New("matches no file. " + c.notFound()))
	case slices.ContainsFunc(names, oddName):
		return nil, errors.New("matches a file whose name has a character that a log would not show as it is. Rename the file")
	}
	return names, err
}

// oddName reports whether the name of a file, which anybody may choose who opens a
// pull request, is not one for a line of a log.
func oddName(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return !visible.Is(r) || r == unicode.ReplacementChar })
}

// sameFile reports whether two names are of one file.
func (c *checker) sameFile(a, b string) bool {
	if path.Clean(a) == path.Clean(b) {
		return true
	}
	if c.env.Stat == nil {
		return false
	}
	infoA, errA := c.env.Stat(a)
	infoB, errB := c.env.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}
