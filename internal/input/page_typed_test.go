package input

import (
	"os"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/event"
)

// The page shows how the message about a value that somebody typed begins.
func TestThePageShowsWhatIsSaidOfATypedValue(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/refused-values.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "the message names the field:\n\n```\n")
	shown, _, found := strings.Cut(block, "…\n```\n")
	if said := "The value " + public(event.Seen{Path: "inputs.password"}).Text; !found || !strings.HasPrefix(said, shown) {
		t.Errorf("the page shows %q, and the message is %q", shown, said)
	}
}
