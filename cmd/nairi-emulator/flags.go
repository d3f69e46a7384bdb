package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// settings is what the flags say.
type settings struct {
	addr, key, vaultID string
	latency            time.Duration
	rate               int
	adminKey           string
	faults             []string
	script             []nairitest.Fault // faults, once they are checked
	seeds              []string          // names of manifests
	tls                bool
	caFile             string
}

func newFlagSet(s *settings, output io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("nairi-emulator", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&s.addr, "addr", "127.0.0.1:0", "where to listen; a loopback address, port 0 for any free one")
	flags.StringVar(&s.key, "api-key", "", "the one key to accept; by default a new one")
	flags.StringVar(&s.vaultID, "vault-id", "", "the ID of the vault; by default a new one")
	flags.StringVar(&s.adminKey, "admin-key", "", "the key of the paths below /_emulator/, which are not there without one")
	flags.StringVar(&s.caFile, "ca-file", "", "where -tls writes the certificate to trust, as PEM")
	flags.Func("fault", "what goes wrong with a request, as in PATCH:reset-after-commit; may be given several times", func(text string) error {
		s.faults = append(s.faults, text)
		return nil
	})
	flags.Func("seed", "a manifest of what the vaults hold from the start; may be given several times", func(name string) error {
		s.seeds = append(s.seeds, name)
		return nil
	})
	flags.BoolVar(&s.tls, "tls", false, "serve HTTPS, by a certificate authority made at the start")
	flags.DurationVar(&s.latency, "latency", 0, "how long every answer waits, as in 250ms")
	flags.IntVar(&s.rate, "rate", 0, "how many requests are answered in a second, the others with 429; 0 for any number")
	return flags
}

// adminKeyVariable holds the admin key where it is not to be among the arguments.
const adminKeyVariable = "NAIRI_EMULATOR_ADMIN_KEY"

// parse reads the arguments. What is wrong with them is written to output; the
// error is flag.ErrHelp if they only ask for help.
func parse(args []string, outside env.Env, output io.Writer) (settings, error) {
	var s settings
	flags := newFlagSet(&s, output)
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.adminKey = cmp.Or(s.adminKey, outside.Get(adminKeyVariable))
	err := s.check(flags.Args())
	if err != nil {
		complain(output, err)
	}
	return s, err
}

// check reads the faults. It returns everything that is wrong, and never repeats
// a key.
func (s *settings) check(rest []string) error {
	var problems []error
	if len(rest) > 0 {
		problems = append(problems, errors.New("there are no arguments besides the flags"))
	}
	problems = append(problems, checkKey("-api-key", s.key), checkKey("-admin-key", s.adminKey))
	if s.adminKey != "" && s.adminKey == s.key {
		problems = append(problems, errors.New("-admin-key: must not be the API's key"))
	}
	if s.vaultID != "" && !nairitest.ValidVaultID(s.vaultID) {
		problems = append(problems, errors.New("-vault-id: must be vlt_ and a ULID of 26 upper-case characters, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ"))
	}
	if s.latency < 0 {
		problems = append(problems, errors.New("-latency: must not be negative"))
	}
	if s.rate < 0 {
		problems = append(problems, errors.New("-rate: must not be negative"))
	}
	_, err := s.tcpAddr()
	problems = append(problems, err, s.checkTLS())
	s.script, err = nairitest.ParseScript(s.faults...)
	problems = append(problems, err)
	return errors.Join(problems...)
}

func checkKey(name, key string) error {
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New(name + ": a key has no white space and only ASCII")
	}
	return nil
}

// checkTLS asks for both or neither: a certificate that no client can trust is
// of no use.
func (s *settings) checkTLS() error {
	switch {
	case s.tls && s.caFile == "":
		return errors.New("-tls: needs -ca-file, for clients to trust")
	case !s.tls && s.caFile != "":
		return errors.New("-ca-file: needs -tls")
	}
	return nil
}

// tcpAddr is the address to listen on. It must be loopback: whoever reaches the
// emulator can have any answer of the API made up for them.
func (s *settings) tcpAddr() (*net.TCPAddr, error) {
	addr, err := net.ResolveTCPAddr("tcp", s.addr)
	if err != nil {
		return nil, fmt.Errorf("-addr: %w", err)
	}
	if !addr.IP.IsLoopback() {
		return nil, fmt.Errorf("-addr: %s is not a loopback address; use 127.0.0.1:PORT or [::1]:PORT", s.addr)
	}
	return addr, nil
}
