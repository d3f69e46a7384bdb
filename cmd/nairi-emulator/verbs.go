package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/nairi-community/vault-secret/internal/env"
)

// verb is one that is about an emulator which runs, or about the program.
type verb func(ctx context.Context, r remote, outside env.Env, stdout io.Writer) (code int, err error)

var verbs = map[string]verb{"verify": verify, "stop": stopRemote, "path": path}

// remoteTimeout is how long an emulator on this machine may take to answer, and to end.
const remoteTimeout = 30 * time.Second

// runVerb runs a verb, and returns the exit code.
func runVerb(ctx context.Context, name string, args []string, outside env.Env, stdout, stderr io.Writer) int {
	var r remote
	flags := flag.NewFlagSet("nairi-emulator "+name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&r.baseURL, "base-url", "", "where the emulator is")
	flags.StringVar(&r.caFile, "ca-file", "", "the certificate to trust, as -ca-file of the emulator wrote it")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return exitDone
	} else if err != nil {
		return exitUsage
	}
	r.manifests, r.adminKey = flags.Args(), outside.Get(adminKeyVariable)
	ctx, cancel := context.WithTimeout(ctx, remoteTimeout)
	defer cancel()
	code, err := verbs[name](ctx, r, outside, stdout)
	if err != nil {
		complain(stderr, err)
	}
	return code
}

// path prints where this program is, as this system writes it.
func path(_ context.Context, _ remote, _ env.Env, stdout io.Writer) (int, error) {
	program, err := os.Executable()
	if err == nil {
		_, err = fmt.Fprintln(stdout, program)
	}
	if err != nil {
		return exitFailed, err
	}
	return exitDone, nil
}

// verify compares an emulator with manifests, and prints the differences.
func verify(ctx context.Context, r remote, outside env.Env, stdout io.Writer) (int, error) {
	if len(r.manifests) == 0 {
		return exitUsage, errors.New("verify: name the manifests that the vaults must be like")
	}
	files, err := readManifests(outside, time.Now(), r.manifests...)
	if err != nil {
		return exitUsage, err
	}
	held, err := r.state(ctx)
	if err != nil {
		return exitFailed, err
	}
	result, err := compare(files, held, outside)
	if err != nil {
		return exitUsage, err
	}
	for _, difference := range result.differences {
		_, _ = fmt.Fprintln(stdout, difference)
	}
	if len(result.differences) > 0 {
		return exitDiffers, nil
	}
	_, err = fmt.Fprintf(stdout, "The vaults are as the manifest says: %s, and %s compared.\n", counted(result.secrets, "secret"), counted(result.values, "value"))
	if err != nil {
		return exitFailed, err
	}
	return exitDone, nil
}

// stopRemote ends an emulator, and returns once it does not listen any more.
func stopRemote(ctx context.Context, r remote, _ env.Env, _ io.Writer) (int, error) {
	answer, err := r.ask(ctx, http.MethodPost, stopPath)
	if err != nil {
		return exitFailed, err
	}
	_ = answer.Body.Close()
	if err := r.gone(ctx); err != nil {
		return exitFailed, err
	}
	return exitDone, nil
}

// remote is an emulator that another process runs.
type remote struct {
	baseURL, caFile, adminKey string
	manifests                 []string
}

// state is what the emulator holds.
func (r remote) state(ctx context.Context) (held state, err error) {
	answer, err := r.ask(ctx, http.MethodGet, statePath)
	if err != nil {
		return held, err
	}
	defer func() { _ = answer.Body.Close() }()
	if json.NewDecoder(io.LimitReader(answer.Body, maxState)).Decode(&held) != nil {
		// Not the error itself: it may have a piece of the text in it, and so of a value.
		return held, errors.New("the emulator's answer cannot be read")
	}
	return held, nil
}

// ask sends one request to a path of the emulator's own, which must succeed.
func (r remote) ask(ctx context.Context, method, path string) (*http.Response, error) {
	host, err := r.host()
	if err != nil {
		return nil, err
	}
	transport, err := r.transport()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, r.baseURL+path, nil)
	if err != nil {
		return nil, errors.New("-base-url: is no address")
	}
	request.Header.Set("Authorization", "Bearer "+r.adminKey)
	answer, err := transport.RoundTrip(request)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the emulator at %s does not answer; it may have ended before: %w", host, err)
	case answer.StatusCode == http.StatusUnauthorized:
		err = fmt.Errorf("the emulator at %s has another admin key than the variable %s", host, adminKeyVariable)
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		err = fmt.Errorf("the emulator at %s answered %d; it may have been started without an admin key", host, answer.StatusCode)
	}
	if err != nil {
		_ = answer.Body.Close()
		return nil, err
	}
	return answer, nil
}

// host is where the emulator listens. Only this machine gets the admin key.
func (r remote) host() (string, error) {
	address, err := url.Parse(r.baseURL)
	if err != nil || address.Port() == "" || !net.ParseIP(address.Hostname()).IsLoopback() {
		return "", errors.New("-base-url: must be the base_url that an emulator on this machine said, as in http://127.0.0.1:40123")
	}
	return address.Host, nil
}

// transport makes a connection for one request, past any proxy.
func (r remote) transport() (*http.Transport, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	if r.caFile == "" {
		return transport, nil
	}
	text, err := os.ReadFile(r.caFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New("-ca-file: has no certificate")
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return transport, nil
}

// gone returns once the emulator is. Another program may have its port by then, which does
// not know its admin key.
func (r remote) gone(ctx context.Context) error {
	for {
		answer, err := r.ask(ctx, http.MethodGet, statePath)
		if ctx.Err() != nil {
			return fmt.Errorf("the emulator at %s has not ended yet", r.baseURL)
		}
		if err != nil {
			return nil //nolint:nilerr // it does not answer, as it should
		}
		_ = answer.Body.Close()
		time.Sleep(10 * time.Millisecond)
	}
}
