package action

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// How far a run is, is told of what it writes, and not of what is there already.
func TestASyncTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	const written, there = 250, 100
	e := nairitest.New(nairitest.Options{})
	id := e.AddVault("large")
	var manifest strings.Builder
	fmt.Fprintf(&manifest, "vaults:\n- vault_id: %s\n  secrets:\n", id)
	vars := inputs{"INPUT_API_KEY": e.Options().Key, "INPUT_OPERATION": "sync"}
	for i := range there {
		name := fmt.Sprintf("THERE_%03d", i)
		fmt.Fprintf(&manifest, "    %s: {allowed_domains: [api.example.com]}\n", name)
		e.AddSecret(id, nairitest.Stored{EnvKey: name, Value: former, AllowedDomains: []string{"api.example.com"}})
	}
	for i := range written {
		name := fmt.Sprintf("NEW_%03d", i)
		fmt.Fprintf(&manifest, "    %s: {env: %s, allowed_domains: [api.example.com]}\n", name, name)
		vars[name] = fmt.Sprintf("kF7q-%03d-vB2xWm9", i)
	}
	vars["INPUT_SECRETS"] = manifest.String()
	var out bytes.Buffer
	if code := Run(t.Context(), host(vars, &out, e.Transport())); code != 0 {
		t.Fatal(out.String())
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		if strings.HasSuffix(line, " written.\n") {
			got = append(got, line)
		}
	}
	if d := cmp.Diff([]string{"100 of 250 written.\n", "200 of 250 written.\n"}, got); d != "" {
		t.Error(d)
	}
}
