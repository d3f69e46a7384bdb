package main

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// tidy runs the tests, and fails if they leave a goroutine behind.
type tidy struct{ *testing.M }

func (m tidy) Run() int {
	code := m.M.Run()
	removeProgram()
	if code != 0 {
		return code
	}
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
