package ci

import (
	"os"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// resultsFile is the input that names a file for the results of all secrets, which an
// output cannot hold.
const resultsFile = "results_file"

// OpenResults opens a replacement for the file that results_file names; "" for none.
// One that is there is replaced, as by the next run, unless this run needs it: call it
// after Spare, and when all files for outputs are open.
func (f *Files) OpenResults(name string) problem.List {
	if name == "" {
		return nil
	}
	if why := f.reads(name); why != "" {
		return problem.List{unopened(resultsFile, why)}
	}
	opened, problems := f.Replace(resultsFile, name, true)
	if opened != nil {
		opened.any = true // another run's results may be there by then
	}
	f.results = opened
	return problems
}

// reads is why a file that the run reads must stay what it is; "" for one that it does not
// read.
func (f *Files) reads(name string) refused {
	target, err := env.TargetOf(name)
	if err != nil || target.Info == nil {
		return ""
	}
	for _, input := range f.inputs {
		if os.SameFile(input.Info, target.Info) {
			return refused("it is the file that " + input.Input + " names, and would be replaced")
		}
	}
	return ""
}

// WriteResults puts the results into their file, if there is one.
func (f *Files) WriteResults(json func() []byte) error {
	if f.results == nil {
		return nil
	}
	defer f.results.Discard() // whatever becomes of the results
	return f.results.Write(json())
}
