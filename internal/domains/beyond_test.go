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
		"a lone star of the server's": {domains.List{"a.example"}, domains.List{"*"}, domains.List{"a.example"}},
		"a star that is no label":     {domains.List{"evilexample.com"}, domains.List{"*example.com"}, domains.List{"evilexample.com"}},
		"one label":                   {domains.List{"example"}, domains.List{"*."}, domains.List{"example"}},
	}
	for name, tt := range tests {
		if d := cmp.Diff(tt.want, tt.now.Beyond(tt.before), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
