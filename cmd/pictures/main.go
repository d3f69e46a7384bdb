// Pictures draws what people see of a run, for the docs: comments, summaries and logs in
// GitHub's look, light and dark, as wide as a phone, a comment and a page are.
//
// The texts are in the folder of the pictures, as the program writes them: a test of this
// package makes each anew by a run of the program. made-from.txt there says which page each
// picture was taken of, so that the test also fails for a picture of another text.
//
// Usage:
//
//	pictures [-browser chromium] docs/img
//
// The browser is Chromium or one that takes its flags. Fonts are those of the machine: with
// fonts-noto-core and fonts-noto-color-emoji they are among those that GitHub's pages ask for.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

// run draws every picture of a folder again.
func run(arguments []string) error {
	flags := flag.NewFlagSet("pictures", flag.ContinueOnError)
	browser := flags.String("browser", "chromium", "the `program` that draws")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("the one argument is the folder of the pictures, as in docs/img")
	}
	return draw(flags.Arg(0), *browser)
}
