package main

import (
	"context"
	"os"
	"testing"
)

// TestMain is a stopwatch where a test starts this program as one.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == stopwatchArgument {
		serveStopwatch(context.Background(), os.Stdin, os.Stdout)
		return
	}
	os.Exit(m.Run())
}
