package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// patchArgument makes this program be a client that needs no build: it sends the
// one PATCH of the others.
const patchArgument = "patch"

// TestMain is a stopwatch or a client where a test starts this program as one.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[1] == stopwatchArgument:
		serveStopwatch(context.Background(), os.Stdin, os.Stdout)
		return
	case len(os.Args) == 2 && os.Args[1] == patchArgument:
		if err := sendPatch(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func sendPatch() error {
	body, err := json.Marshal(map[string]string{"value": os.Getenv("SECRET_VALUE")})
	if err != nil {
		return err
	}
	url := os.Getenv("NAIRI_BASE_URL") + "/api/public/v1/vaults/" + os.Getenv("VAULT_ID") + "/secrets/" + os.Getenv("SECRET_ID")
	req, err := http.NewRequest(http.MethodPatch, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+os.Getenv("NAIRI_API_KEY"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func TestOnly(t *testing.T) {
	t.Parallel()
	for only, want := range map[string][]string{
		"":             {"rotation", "flags", "plan", "lint", "sync", "export", "growth", "act", "gitea"},
		"gitea":        {"gitea"},
		"act,rotation": {"act", "rotation"},
	} {
		chosen, err := options{only: only}.chosen()
		if err != nil {
			t.Errorf("%q: %v", only, err)
		}
		var got []string
		for _, s := range chosen {
			got = append(got, s.name)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", only, d)
		}
	}
	if _, err := (options{only: "rotation,speed"}).chosen(); err == nil || !strings.Contains(err.Error(), `"speed"`) {
		t.Errorf("got %v", err)
	}
}
