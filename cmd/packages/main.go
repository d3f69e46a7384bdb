// Packages makes what people install from the programs of a release: an archive for each
// of them and one of the sources, and a Homebrew formula that has the sums of the former.
// The same files and the same time give the same bytes on every system. It is for
// scripts/packages.sh.
//
// Usage:
//
//	packages -version v1.2.3 -time 1764500000 -with FOLDER -man FILE -source FILE -dist dist
//
// The flags are:
//
//	-version  the version of the release
//	-time     when everything was changed last, in seconds since 1970
//	-with     the folder of what is in each archive beside the program
//	-man      where the compressed manual page goes; it is vault-secret.1 of that folder
//	-source   the sources, as a tar
//	-dist     the folder of the programs, which gets the archives and the formula
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var r release
	var seconds int64
	flag.StringVar(&r.version, "version", "", "")
	flag.Int64Var(&seconds, "time", 0, "")
	flag.StringVar(&r.with, "with", "", "")
	flag.StringVar(&r.manual, "man", "", "")
	flag.StringVar(&r.source, "source", "", "")
	flag.StringVar(&r.dist, "dist", "", "")
	flag.Parse()
	r.time = time.Unix(seconds, 0).UTC()
	if err := r.pack(); err != nil {
		fmt.Fprintln(os.Stderr, "packages:", err)
		os.Exit(1)
	}
}
