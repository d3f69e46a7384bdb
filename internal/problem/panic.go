package problem

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// Panic is a bug in this program, as an error. What it says may hold a
// secret: it is for a log behind a redactor that knows the secrets.
type Panic struct {
	cause any
	stack []byte
}

// Recovered calls f, and returns its panic or nil.
func Recovered(f func()) (p *Panic) {
	defer func() {
		if cause := recover(); cause != nil {
			p = &Panic{cause: cause, stack: debug.Stack()}
		}
	}()
	f()
	return nil
}

// Error implements error.
func (p *Panic) Error() string { return fmt.Sprintf("%s: %v", mistake, p.cause) }

const mistake = "a bug in vault-secret"

// Silent is the error without what the panic said, for where no redactor knows
// the secrets yet.
func (p *Panic) Silent() error { return silent{} }

type silent struct{}

func (silent) Error() string { return mistake }

// Stack are the lines of the goroutine's stack.
func (p *Panic) Stack() []string { return strings.Split(strings.TrimSpace(string(p.stack)), "\n") }
