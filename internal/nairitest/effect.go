package nairitest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// effect is one thing that can go wrong, and where.
type effect struct {
	at   stage
	make func(argument string) (hit, error)
}

// effects are all there are, by name. docs/emulator.md explains them.
var effects = map[string]effect{
	"refuse":              {connecting, bare((*exchange).hangUp)},
	"reset-before-body":   {beforeReading, bare((*exchange).hangUp)},
	"reset-after-body":    {afterReading, bare((*exchange).hangUp)},
	"reset-after-commit":  {afterCommit, bare((*exchange).hangUp)},
	"delay":               {afterReading, delay},
	"delay-after-commit":  {afterCommit, delay},
	"status":              {afterReading, answerStatus},
	"status-after-commit": {afterCommit, answerStatus},
	"html":                {afterReading, answerPage},
	"html-after-commit":   {afterCommit, answerPage},
	"throttle":            {afterReading, answerThrottled},
	"redirect":            {afterReading, answerRedirect},
	"content-type":        {afterCommit, mislabel},
	"truncate":            {afterCommit, bare((*exchange).truncate)},
	"endless":             {afterCommit, endless},
	"drip":                {afterCommit, drip},
	"race":                {afterReading, race},
	"race-after-commit":   {afterCommit, race},
}

// effectNames returns the names of all effects, in the
// order of the alphabet.
func effectNames() []string { return slices.Sorted(maps.Keys(effects)) }

// bare is an effect without an argument.
func bare(h hit) func(string) (hit, error) {
	return func(argument string) (hit, error) {
		if argument != "" {
			return nil, errors.New("it takes no argument")
		}
		return h, nil
	}
}

// maxWait bounds what a fault may be asked to wait; a server that is kept
// waiting for longer has stopped.
const maxWait = 24 * time.Hour

// parseWait reads a Go duration; empty text is otherwise.
func parseWait(text string, otherwise time.Duration) (time.Duration, error) {
	if text == "" {
		return otherwise, nil
	}
	wait, err := time.ParseDuration(text)
	if err != nil || wait < 0 || wait > maxWait {
		return 0, fmt.Errorf("%q is no duration from 0s to %v", text, maxWait)
	}
	return wait, nil
}

// parseStatus reads a final status; empty text is otherwise.
func parseStatus(text string, otherwise int) (int, error) {
	if text == "" && otherwise != 0 {
		return otherwise, nil
	}
	status, err := strconv.Atoi(text)
	if err != nil || status < 200 || status > 599 {
		return 0, fmt.Errorf("%q is no status from 200 to 599", text)
	}
	return status, nil
}
