package domains_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/nairi-community/vault-secret/internal/domains"
)

// The table of docs/hosts.md says what happens to each entry in it.
func TestThePageOnHostsIsTrue(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/hosts.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `(.+?)` \\| (taken|warning|refused) \\|").FindAllStringSubmatch(string(page), -1)
	if len(rows) < 30 {
		t.Fatalf("the page has only %d entries", len(rows))
	}
	for _, row := range rows {
		list, err := domains.Parse([]string{row[1]})
		happens := "taken"
		switch {
		case err != nil:
			happens = "refused"
		case len(list.Doubts()) > 0:
			happens = "warning"
		}
		if happens != row[2] {
			t.Errorf("%s: %s, and the page says %s", row[1], happens, row[2])
		}
	}
}
