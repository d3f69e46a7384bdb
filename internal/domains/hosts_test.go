package domains_test

import (
	"os"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/domains"
)

// ordinary are the hosts of testdata/hosts.txt.
func ordinary(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/hosts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var hosts []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			hosts = append(hosts, strings.TrimSuffix(line, "\n"))
		}
	}
	return hosts
}

func TestOfTenThousandOrdinaryHostsNoneIsRefused(t *testing.T) {
	t.Parallel()
	hosts := ordinary(t)
	if len(hosts) < 10_000 {
		t.Fatalf("only %d", len(hosts))
	}
	for _, host := range hosts {
		list, err := domains.Parse([]string{host})
		if want := strings.TrimSuffix(strings.ToLower(host), "."); err != nil || list[0] != want || len(list.Doubts()) > 0 {
			t.Errorf("%s: %v, %v, %v", host, list, err, list.Doubts())
		}
	}
	if list, err := domains.Parse(hosts); err != nil || len(list) != len(hosts) {
		t.Errorf("%d of them together: %v", len(list), err)
	}
}
