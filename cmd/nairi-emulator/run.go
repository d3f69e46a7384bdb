package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	// exitDiffers is that of verify alone.
	exitDiffers = 3
)

// Bounds on a client that does not send, and on one that does not hang up.
const (
	readHeaderTimeout = 10 * time.Second
	shutdownTimeout   = 5 * time.Second
)

// ready is the line that says where the emulator is.
type ready struct {
	BaseURL string `json:"base_url"`
	APIKey  string `json:"api_key"`
	VaultID string `json:"vault_id"`
	CAFile  string `json:"ca_file,omitempty"`
}

// run serves until ctx is done, and returns the exit code.
func run(ctx context.Context, args []string, outside env.Env, stdout, stderr io.Writer) int {
	if len(args) > 0 && verbs[args[0]] != nil {
		return runVerb(ctx, args[0], args[1:], outside, stdout, stderr)
	}
	s, err := parse(args, outside, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		return exitUsage
	}
	if err := serve(ctx, s, outside, stdout, stderr); err != nil {
		complain(stderr, err)
		return exitFailed
	}
	return exitDone
}

func serve(ctx context.Context, s settings, outside env.Env, stdout, stderr io.Writer) error {
	emulator, vaultID, err := s.emulator(outside, stderr)
	if err != nil {
		return err
	}
	listener, err := s.listen()
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	server := &http.Server{
		Handler:           withAdmin(emulator, s.adminKey, end),
		ReadHeaderTimeout: readHeaderTimeout,
		// An answer that waits ends with ctx, not after its latency.
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    log.New(until(ctx, stderr), prefix, 0),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	line := ready{s.scheme() + listener.Addr().String(), emulator.Options().Key, vaultID, s.caFile}
	err = json.NewEncoder(stdout).Encode(line)
	if err == nil {
		err = await(ctx, served)
	}
	stop(server, stderr)
	return err
}

// until is where a server logs until it is told to end: after that a connection that is cut
// off is no error.
func until(ctx context.Context, to io.Writer) io.Writer {
	return logged(func(line []byte) (int, error) {
		select {
		case <-ctx.Done():
			return len(line), nil
		default:
			return to.Write(line)
		}
	})
}

type logged func(line []byte) (int, error)

func (l logged) Write(line []byte) (int, error) { return l(line) }

func (s *settings) listen() (net.Listener, error) {
	addr, err := s.tcpAddr()
	if err != nil {
		return nil, err
	}
	plain, err := net.ListenTCP("tcp", addr)
	if err != nil || !s.tls {
		return plain, err
	}
	secured, err := secure(plain, s.caFile)
	if err != nil {
		_ = plain.Close()
	}
	return secured, err
}

// emulator is made with the vaults of the seeds and the one whose ID is returned: that of
// the flag, or else the first of the seeds, or else a new one.
func (s *settings) emulator(outside env.Env, stderr io.Writer) (e *nairitest.Emulator, vaultID string, err error) {
	files, err := readManifests(outside, time.Now(), s.seeds...)
	if err != nil {
		return nil, "", err
	}
	e = nairitest.New(nairitest.Options{Key: s.key, Latency: s.latency, Rate: s.rate, Unrecorded: true, Script: s.script})
	if s.vaultID != "" {
		e.AddVaultWithID(s.vaultID, "default")
	}
	put, err := seed(e, files, outside)
	if err != nil {
		return nil, "", err
	}
	if len(files) > 0 {
		say(stderr, put.String())
	}
	vaultID = cmp.Or(s.vaultID, put.firstVault)
	if vaultID == "" {
		vaultID = e.AddVault("default")
	}
	return e, vaultID, nil
}

// await returns when it is time to stop, with an error if that is not ctx's doing.
func await(ctx context.Context, served <-chan error) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-served:
		return err
	}
}

// stop lets answers on their way arrive, for a while.
func stop(server *http.Server, stderr io.Writer) {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
		complain(stderr, errors.New("cut connections that were still open"))
	}
}

// prefix begins every line on standard error.
const prefix = "nairi-emulator: "

func complain(w io.Writer, err error) { say(w, err.Error()) }

func say(w io.Writer, text string) {
	for line := range strings.Lines(text) {
		_, _ = fmt.Fprintln(w, prefix+strings.TrimSpace(line))
	}
}
