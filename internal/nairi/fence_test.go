package nairi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

func TestBeyond(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ now, before, want nairi.Domains }{
		"the same":                    {nairi.Domains{"a.example"}, nairi.Domains{"a.example"}, nil},
		"fewer":                       {nairi.Domains{"a.example"}, nairi.Domains{"b.example", "a.example"}, nil},
		"a new name":                  {nairi.Domains{"a.example", "b.example"}, nairi.Domains{"a.example"}, nairi.Domains{"b.example"}},
		"a wildcard for a name":       {nairi.Domains{"*.a.example"}, nairi.Domains{"x.a.example"}, nairi.Domains{"*.a.example"}},
		"a name for a wildcard":       {nairi.Domains{"x.a.example"}, nairi.Domains{"*.a.example"}, nil},
		"a deep name for a wildcard":  {nairi.Domains{"y.x.a.example"}, nairi.Domains{"*.a.example"}, nairi.Domains{"y.x.a.example"}},
		"a wildcard under a wildcard": {nairi.Domains{"*.x.a.example"}, nairi.Domains{"*.a.example"}, nairi.Domains{"*.x.a.example"}},
		"a wider wildcard":            {nairi.Domains{"*.example"}, nairi.Domains{"*.a.example"}, nairi.Domains{"*.example"}},
		"the name under the wildcard": {nairi.Domains{"a.example"}, nairi.Domains{"*.a.example"}, nairi.Domains{"a.example"}},
		"a name that ends like it":    {nairi.Domains{"bad-a.example"}, nairi.Domains{"*.a.example"}, nairi.Domains{"bad-a.example"}},
		"any host before":             {nairi.Domains{"a.example"}, nairi.Domains{}, nil},
		"no list, which has no entry": {nairi.Domains{}, nairi.Domains{"a.example"}, nil},
		"two new ones in the order":   {nairi.Domains{"c.example", "a.example", "b.example"}, nairi.Domains{"a.example"}, nairi.Domains{"c.example", "b.example"}},
		"a lone star of the server's": {nairi.Domains{"a.example"}, nairi.Domains{"*"}, nairi.Domains{"a.example"}},
		"a star that is no label":     {nairi.Domains{"evilexample.com"}, nairi.Domains{"*example.com"}, nairi.Domains{"evilexample.com"}},
		"one label":                   {nairi.Domains{"example"}, nairi.Domains{"*."}, nairi.Domains{"example"}},
	}
	for name, tt := range tests {
		if d := cmp.Diff(tt.want, tt.now.Beyond(tt.before), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
