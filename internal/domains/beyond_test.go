package domains_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nairi-community/vault-secret/internal/domains"
)

func TestEntriesThatReachMoreHostsAreFound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ now, before, want domains.List }{
		"the same":                    {domains.List{"a.example"}, domains.List{"a.example"}, nil},
		"fewer":                       {domains.List{"a.example"}, domains.List{"b.example", "a.example"}, nil},
		"a new name":                  {domains.List{"a.example", "b.example"}, domains.List{"a.example"}, domains.List{"b.example"}},
		"a wildcard for a name":       {domains.List{"*.a.example"}, domains.List{"x.a.example"}, domains.List{"*.a.example"}},
		"a name for a wildcard":       {domains.List{"x.a.example"}, domains.List{"*.a.example"}, nil},
		"a deep name for a wildcard":  {domains.List{"y.x.a.example"}, domains.List{"*.a.example"}, domains.List{"y.x.a.example"}},
		"a wildcard under a wildcard": {domains.List{"*.x.a.example"}, domains.List{"*.a.example"}, domains.List{"*.x.a.example"}},
		"a wider wildcard":            {domains.List{"*.example"}, domains.List{"*.a.example"}, domains.List{"*.example"}},
		"the name under the wildcard": {domains.List{"a.example"}, domains.List{"*.a.example"}, domains.List{"a.example"}},
		"a name that ends like it":    {domains.List{"bad-a.example"}, domains.List{"*.a.example"}, domains.List{"bad-a.example"}},
		"any host before":             {domains.List{"a.example"}, domains.List{}, nil},
		"no list, which has no entry": {domains.List{}, domains.List{"a.example"}, nil},
		"two new ones in the order":   {domains.List{"c.example", "a.example", "b.example"}, domains.List{"a.example"}, domains.List{"c.example", "b.example"}},
		"a lone star of the server's": {domains.List{"a.example"}, domains.List{"*"}, nil},
		"a star beside others":        {domains.List{"a.example"}, domains.List{"b.example", "*"}, nil},
		"the server's spelling":       {domains.List{"api.example.com"}, domains.List{"API.Example.com."}, nil},
		"under the server's spelling": {domains.List{"api.example.com"}, domains.List{"*.EXAMPLE.com."}, nil},
		"letters for their ASCII":     {domains.List{"xn--bcher-kva.example"}, domains.List{"BÜCHER.example"}, nil},
		"an address in other words":   {domains.List{"2001:db8::1"}, domains.List{"[2001:0DB8:0::1]"}, nil},
		"an address below a star":     {domains.List{"10.0.0.1"}, domains.List{"*.0.0.1"}, domains.List{"10.0.0.1"}},
		"a URL of the server's":       {domains.List{"a.example"}, domains.List{"https://a.example"}, domains.List{"a.example"}},
		"a star that is no label":     {domains.List{"evilexample.com"}, domains.List{"*example.com"}, domains.List{"evilexample.com"}},
		"one label":                   {domains.List{"example"}, domains.List{"*."}, domains.List{"example"}},
	}
	for name, tt := range tests {
		if d := cmp.Diff(tt.want, tt.now.Beyond(tt.before), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
