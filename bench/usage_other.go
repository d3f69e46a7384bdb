//go:build !linux

package main

import (
	"errors"
	"os"
	"time"
)

// The benchmark runs on Linux.

func peak(*os.ProcessState) int64 { return 0 }

func ownCPU(int) (time.Duration, error) { return 0, errors.ErrUnsupported }
