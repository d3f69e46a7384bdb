package domains_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/domains"
)

func TestForemostIsWhatOpensMost(t *testing.T) {
	t.Parallel()
	list := domains.List{"b.a.example", "a.a.example", "z.example", "*.c.example", "localhost", "*.b.example", "API.A.Example"}
	want := domains.List{"*.c.example", "*.b.example", "z.example", "localhost", "b.a.example", "a.a.example", "API.A.Example"}
	if d := cmp.Diff(want, list.Foremost(domains.List{"x.a.example"})); d != "" {
		t.Error(d)
	}
	if list[0] != "b.a.example" {
		t.Error("the list itself has another order")
	}
}
