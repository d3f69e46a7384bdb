package ci

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// The inputs that hand a generated value over.
const (
	generatedFile = "generated_file"
	generatedEnv  = "generated_env"
)

// theValue is what a file of variables is to hold, in an error.
const theValue = "The generated value"

// Wanted is where a generated value is to go beside a vault.
type Wanted struct {
	File     string // the name of a new file; empty for none
	Variable string // the name of a variable of later steps; empty for none
	DryRun   bool   // whether it is only looked at whether it could
}

// Handover hands a generated value to whatever must know it beside a vault: in a new file,
// which has it before the vault does, and in a variable of later steps. A value that the
// vault alone has could never be set elsewhere, as no one can read it back. The nil
// Handover has neither.
type Handover struct {
	files    *Files
	root     *os.Root // of the folder of the file; nil for none
	name     string   // of the file in it
	file     *os.File // until it has the value; nil for none
	made     bool     // whether the file is ours
	short    bool     // whether its name starts in the folder that RUNNER_TEMP names
	exported *file    // that the runner reads variables from; nil for none
	variable string
	value    secret.Value
}

// HandOver opens what a generated value goes to, before anything is sent. Call it after
// Spare. In a dry run nothing is made, and all is said that would be wrong.
func (f *Files) HandOver(wanted Wanted) (*Handover, problem.List) {
	h := &Handover{files: f}
	problems := append(h.openFile(wanted), h.openVariable(wanted)...)
	if len(problems) > 0 || wanted.DryRun {
		_ = h.Drop() // a file that nobody else can have needed yet
		h.Close()
		return nil, problems
	}
	return h, nil
}

func (h *Handover) openFile(wanted Wanted) problem.List {
	if wanted.File == "" {
		return nil
	}
	target, temporary, err := h.files.newFile(wanted.File)
	h.short = temporary && !filepath.IsAbs(wanted.File)
	if err == nil && target.Info != nil {
		err = inTheWay(target.Info)
	}
	if err == nil && !wanted.DryRun {
		err = h.makeFile(target)
	}
	if err != nil {
		return problem.List{unmade(err, temporary)}
	}
	return nil
}

// errNoValue is the error for an empty file in the place of a new one. It may be that of a
// run which is about to store its value, and so it is not written over.
var errNoValue = errors.New("the file is empty")

// inTheWay is why a file that is there is not written over.
func inTheWay(there fs.FileInfo) error {
	if there.Mode().IsRegular() && there.Size() == 0 {
		return errNoValue
	}
	return fs.ErrExist
}

// newFile is the file that a name stands for: one in the folder that a runner empties after
// the job, where there is such a folder.
func (f *Files) newFile(name string) (target env.Target, temporary bool, err error) {
	if folder := f.named("RUNNER_TEMP"); folder != "" {
		target, err = env.TargetIn(folder, name)
		return target, true, err
	}
	target, err = env.TargetOf(name)
	return target, false, err
}

// makeFile makes the file, which nobody can have put there since.
func (h *Handover) makeFile(target env.Target) (err error) {
	if h.root, err = os.OpenRoot(target.Folder); err != nil {
		return err
	}
	h.name = target.Name
	h.file, err = h.root.OpenFile(h.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	h.made = err == nil
	return err
}

// unmade is the problem of a new file that cannot be made.
func unmade(err error, temporary bool) problem.Problem {
	switch {
	case errors.Is(err, errNoValue):
		return problem.Problem{
			Input: generatedFile, Text: "names a file that exists already, and is empty. Remove it, unless another run is about to write its value to it",
			Hint: "Nothing was sent. An earlier run that was killed before it had a value leaves such a file.",
		}
	case errors.Is(err, fs.ErrExist):
		return problem.Problem{
			Input: generatedFile, Text: "names a file that exists already. To store its value again, give it as value_file. To make a new value, remove it",
			Hint: "Nothing was sent. If an earlier run broke off, the file has its value, which may be in use by now.",
		}
	case errors.Is(err, env.Outside) && temporary:
		return problem.Problem{
			Input: generatedFile, Text: "must be in the folder that RUNNER_TEMP names. A plain name, such as new-value, stands for a file there",
			Hint: "Nothing was sent. The runner empties that folder after the job, so that no other job finds the value.",
		}
	}
	return unreplaced(generatedFile, err)
}

// openVariable opens the file in which a runner takes variables for later steps
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable).
func (h *Handover) openVariable(wanted Wanted) problem.List {
	if wanted.Variable == "" {
		return nil
	}
	h.variable = wanted.Variable
	name := h.files.named("GITHUB_ENV")
	if name == "" {
		return problem.List{{
			Input: generatedEnv, Text: "cannot set a variable of later steps: this runner names no file for them in GITHUB_ENV. Use generated_file instead",
			Hint: "Nothing was sent. A file that is named in generated_file hands the value to later steps too.",
		}}
	}
	if wanted.DryRun {
		return nil
	}
	opened, problems := h.files.open("GITHUB_ENV", name)
	h.exported = opened
	return problems
}

// Keep puts the value into the file. The variable follows when it is known what became of
// the value.
func (h *Handover) Keep(value secret.Value) error {
	if h == nil {
		return nil
	}
	h.value = value
	if h.file == nil {
		return nil
	}
	_, err := h.file.WriteString(value.Reveal())
	err = errors.Join(err, h.file.Sync(), h.file.Close())
	h.file = nil
	if err != nil {
		return fmt.Errorf("%s %w%s", generatedFile, ErrNotReplaced, reason(err))
	}
	return nil
}

// Set sets the variable, of a value that is needed: the file stays, too. Done once, it does
// nothing more.
func (h *Handover) Set() error {
	if h == nil || h.exported == nil {
		return nil
	}
	exported := h.exported
	h.exported = nil
	text, err := h.files.encode([]Output{{Name: h.variable, Value: h.value.Reveal()}})
	if err != nil {
		return errors.Join(err, exported.Close())
	}
	return exported.finish(theValue, text)
}

// Drop removes the file, of a value that nobody needs, and sets nothing.
func (h *Handover) Drop() error {
	if h == nil {
		return nil
	}
	if h.exported != nil {
		_ = h.exported.Close()
		h.exported = nil
	}
	if !h.made {
		return nil
	}
	if h.file != nil {
		_ = h.file.Close()
	}
	h.file, h.made = nil, false
	if err := h.root.Remove(h.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.New("generated_file names a file with a value that nobody needs, and it cannot be removed")
	}
	return nil
}

// Close ends what Set and Drop need.
func (h *Handover) Close() {
	if h != nil && h.root != nil {
		_ = h.root.Close()
	}
}

// IsShort reports whether the name of the file starts in the folder that RUNNER_TEMP names,
// which no other input of a file does.
func (h *Handover) IsShort() bool { return h != nil && h.short }

// IsIdle reports whether there is no value to hand over yet.
func (h *Handover) IsIdle() bool { return h == nil || h.value.IsZero() }
