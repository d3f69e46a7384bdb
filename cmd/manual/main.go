// Manual prints the man page of vault-secret, as roff, to standard output. All that it
// says of verbs, flags, variables and exit codes is from the tables of the program.
//
// Usage:
//
//	manual -version v1.2.3 -date 2026-11-30
//
// The same arguments give the same bytes. To read it: manual … | man -l -
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		os.Exit(2)
	}
}

// run prints the page. What is wrong with the arguments is printed to stderr.
func run(arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("manual", flag.ContinueOnError)
	flags.SetOutput(stderr)
	version := flags.String("version", "", "the version of the program, as in v1.2.3")
	date := flags.String("date", "", "the day of the release, as in 2026-11-30")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	_, err := time.Parse(time.DateOnly, *date)
	switch {
	case flags.NArg() > 0:
		err = errors.New("there are no arguments besides the flags")
	case *version == "":
		err = errors.New("-version is not set")
	case err != nil:
		err = errors.New("-date is not a day, as in 2026-11-30")
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "manual: %v\n", err)
		return err
	}
	_, err = io.WriteString(stdout, manual(*version, *date))
	return err
}
