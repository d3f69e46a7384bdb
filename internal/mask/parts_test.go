package mask

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// A person who stores a whole file of settings finds its passwords masked in every
// later step, and its hosts, regions and names as they are.
func TestPasswordsOfSettingsAreMaskedAndHostsAreNot(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/parts.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) < 60 {
		t.Errorf("only %d values", len(archive.Files))
	}
	for _, section := range archive.Files {
		head, value, ok := strings.Cut(string(section.Data), "\n\n")
		if !ok {
			t.Fatalf("%s has no value", section.Name)
		}
		lists := map[string][]string{}
		for line := range strings.Lines(head) {
			kind, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			lists[kind] = append(lists[kind], text)
		}
		names := func(kind string) []string { return strings.Split(strings.Join(lists[kind], ","), ",") }
		forms := Of(secret.New(strings.TrimSuffix(value, "\n")), WithParts(names("unmasked:"), names("open:")))
		told, own := NewRedactor(Literal(forms.Announce()...)), NewRedactor(forms)
		for _, text := range lists["+"] {
			if strings.Contains(told.Redact("<"+text+">"), text) {
				t.Errorf("%s: %q shows", section.Name, text)
			}
		}
		for _, text := range lists["-"] {
			if got := own.Redact("<" + text + ">"); got != "<"+text+">" {
				t.Errorf("%s: of %q is left %q", section.Name, text, got)
			}
		}
	}
}
