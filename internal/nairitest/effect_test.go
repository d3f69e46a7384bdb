package nairitest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const onWindows = runtime.GOOS == "windows"

// effectCase is a case of effects.yaml.
type effectCase struct {
	Status, Secrets, Length, Spaces int
	Type, Location, Body, Error     string
	Sent                            *string
}

func TestEveryEffect(t *testing.T) {
	data, err := os.ReadFile("testdata/effects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]effectCase
	if err := yaml.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, name := range nairitest.EffectNames() {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(cases)), func(fault string) bool { return strings.HasPrefix(fault+"=", name+"=") }) {
			t.Errorf("%s is not tested", name)
		}
	}
	everywhere(t, func(t *testing.T, start func() *bench) {
		for fault, want := range cases {
			b := start()
			b.script("create:" + fault)
			a := b.try(t.Context(), "POST", "", `{"env_key":"A","value":"v"}`)
			if problem := want.check(b, a); problem != "" {
				t.Errorf("%s: %s; got %d %v with %d bytes, %v", fault, problem, a.status, a.header, len(a.body), a.err)
			}
			if got := b.try(t.Context(), "GET", "", ""); got.err != nil || got.status != 200 {
				t.Errorf("%s: the next request: %d, %v", fault, got.status, got.err)
			}
		}
	})
}

// check returns what is not as it should be.
func (want effectCase) check(b *bench, a attempt) string {
	_, host, _ := strings.Cut(b.BaseURL, "://")
	place := strings.NewReplacer("$s", b.secrets(), "$host", host).Replace(want.Location)
	switch {
	case !a.endedAs(want.Error, b.inMemory):
		return "want the error " + want.Error
	case want.Sent != nil && string(b.Requests()[0].Body) != *want.Sent:
		return "not all is received that was sent"
	case a.status != want.Status, a.header.Get("Location") != place, a.header.Get("Retry-After") != "":
		return fmt.Sprintf("want %d to %q", want.Status, place)
	case a.header.Get("Content-Type") != want.Type, !regexp.MustCompile(want.Body).MatchString(a.body):
		return fmt.Sprintf("want %s of %s", want.Body, want.Type)
	case want.Length != 0 && len(a.body) != want.Length, want.Spaces != 0 && strings.Count(a.body, " ") != want.Spaces:
		return "want it longer"
	case len(b.Secrets(b.VaultID)) != want.Secrets:
		return fmt.Sprintf("want %d secrets", want.Secrets)
	}
	return ""
}

// endedAs reports whether an attempt ended with an error of effects.yaml.
func (a attempt) endedAs(want string, inMemory bool) bool {
	var op *net.OpError
	switch {
	case want == "":
		return a.err == nil
	case want == "cut":
		return errors.Is(a.err, io.ErrUnexpectedEOF)
	case want == "refused" && inMemory:
		return errors.Is(a.err, syscall.ECONNREFUSED) && errors.As(a.err, &op) && op.Op == "dial" && !a.connected
	}
	return a.broken() && a.connected
}

// TestAnswersWithoutABodyGetOne: a 204 can be neither cut nor stretched.
func TestAnswersWithoutABodyGetOne(t *testing.T) {
	everywhere(t, func(t *testing.T, start func() *bench) {
		b := start()
		for fault, want := range map[string]string{"truncate": "{", "endless=3": "{}\n   ", "drip=1us": "{}\n"} {
			id := b.AddSecret(b.VaultID, nairitest.Stored{EnvKey: "A", Value: "v"})
			b.script(fault)
			a := b.try(t.Context(), "DELETE", "/"+id, "")
			if a.status != 200 || a.body != want || (a.err != nil) != (fault == "truncate") {
				t.Errorf("%s: %d %q, %v; want %q", fault, a.status, a.body, a.err, want)
			}
			if got := len(b.Secrets(b.VaultID)); got != 0 {
				t.Errorf("%s: %d secrets, want none", fault, got)
			}
		}
	})
}

// TestClientThatGoesAway ends what would take hours, and learns nothing.
func TestClientThatGoesAway(t *testing.T) {
	everywhere(t, func(t *testing.T, start func() *bench) {
		for fault, committed := range map[string]int{"delay=1h": 0, "delay-after-commit=1h": 1, "drip=1h": 1, "endless": 1} {
			b := start()
			b.script(fault)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for len(b.Requests()) == 0 || len(b.Requests()[0].Body) == 0 || len(b.Secrets(b.VaultID)) < committed {
					time.Sleep(time.Millisecond)
				}
				cancel()
			}()
			a := b.try(ctx, "POST", "", `{"env_key":"A","value":"v"}`)
			if fault != "endless" && !errors.Is(a.err, context.Canceled) {
				t.Errorf("%s: %d, %v; want to be cancelled", fault, a.status, a.err)
			}
			cancel()
			if got := len(b.Secrets(b.VaultID)); got != committed {
				t.Errorf("%s: %d secrets, want %d", fault, got, committed)
			}
		}
	})
}

func TestServerThatGoesAway(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Script: nairitest.Script(t, "delay=1h")})
	go func() {
		for len(b.Requests()) == 0 || len(b.Requests()[0].Body) == 0 {
			time.Sleep(time.Millisecond)
		}
		b.Close()
	}()
	a := b.try(t.Context(), "POST", "", `{"env_key":"A","value":"v"}`)
	if a.err == nil || len(b.Secrets(b.VaultID)) != 0 {
		t.Errorf("got %d, %v and %d secrets; want neither answer nor secret", a.status, a.err, len(b.Secrets(b.VaultID)))
	}
}
