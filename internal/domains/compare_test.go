package domains_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
)

// A server may have a list in other words than those it was sent in.
func TestHostsAreComparedAsHostsAndNotAsText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		a, b domains.List
		want bool
	}{
		{"capitals and a final dot", domains.List{"api.example.com"}, domains.List{"API.Example.com."}, true},
		{"of a wildcard", domains.List{"*.example.com"}, domains.List{"*.EXAMPLE.com."}, true},
		{"letters and their ASCII", domains.List{"xn--bcher-kva.example"}, domains.List{"Bücher.Example."}, true},
		{"capitals of the ASCII", domains.List{"xn--bcher-kva.example"}, domains.List{"XN--Bcher-KVA.example"}, true},
		{"another dot", domains.List{"api.example.com"}, domains.List{"api。example。com"}, true},
		{"repeated in other words", domains.List{"a.example", "b.example"}, domains.List{"B.example", "a.example.", "A.EXAMPLE"}, true},
		{"an address", domains.List{"2001:db8::1"}, domains.List{"[2001:DB8:0:0::1]"}, true},
		{"a wildcard is no host", domains.List{"*.example.com"}, domains.List{"example.com"}, false},
		{"a URL is no host", domains.List{"a.example"}, domains.List{"https://a.example"}, false},
		{"two dots", domains.List{"a.example"}, domains.List{"a.example.."}, false},
		{"white space", domains.List{"a.example"}, domains.List{"a.example "}, false},
		{"the same URL", domains.List{"https://a.example"}, domains.List{"https://a.example"}, true},
		{"a URL in capitals", domains.List{"https://a.example"}, domains.List{"HTTPS://a.example"}, false},
		{"a public suffix, which only a server has", domains.List{"*.com"}, domains.List{"*.COM."}, true},
		{"a star is not the empty list", domains.List{"*"}, domains.List{}, false},
	} {
		if test.a.Equal(test.b) != test.want || test.b.Equal(test.a) != test.want {
			t.Errorf("%s: want %v", test.name, test.want)
		}
	}
}

// entries that a server may have: hosts, wildcards, addresses, and what is none.
var serverEntry = rapid.OneOf(
	rapid.StringMatching(`(\*\.)?[a-c]{1,2}(\.[a-c_-]{1,2}){0,2}`),
	rapid.SampledFrom([]string{"bücher.example", "xn--bcher-kva.example", "10.0.0.1", "2001:db8::1", "*", "*.com", "https://a", "", ".", "a b", "ǅ.example"}),
	rapid.String(),
)

// otherwise writes a list in other words: letters of the other case, final dots, in
// another order, with repetitions. What is no host stays as it is.
func otherwise(t *rapid.T, list domains.List) domains.List {
	var other domains.List
	for _, entry := range list {
		for range rapid.IntRange(1, 3).Draw(t, "times") {
			host := entry
			if again, err := domains.Parse([]string{entry}); err == nil && again[0] == entry && !strings.Contains(entry, ":") {
				if rapid.Bool().Draw(t, "upper") {
					host = strings.ToUpper(host)
				}
				if rapid.Bool().Draw(t, "dot") {
					host += "."
				}
			}
			other = append(other, host)
		}
	}
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	random.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return other
}

func TestComparingDoesNotDependOnHowAListIsWritten(t *testing.T) {
	t.Parallel()
	lists := rapid.SliceOf(serverEntry)
	rapid.Check(t, func(t *rapid.T) {
		a, b := domains.List(lists.Draw(t, "a")), domains.List(lists.Draw(t, "b"))
		before := slices.Clone(a)
		written := otherwise(t, a)
		if !a.Equal(before) || !a.Equal(written) || !written.Equal(a) {
			t.Fatalf("%q and %q are not equal", a, written)
		}
		if a.Equal(b) != b.Equal(a) || a.Equal(b) != written.Equal(b) {
			t.Fatalf("%q and %q are equal one way alone", a, b)
		}
		if len(a.Beyond(written)) > 0 || len(a) > 0 && len(a.Without(written)) > 0 {
			t.Fatalf("%q reaches beyond %q", a, written)
		}
		if d := cmp.Diff(b.Beyond(a), b.Beyond(written)); len(a) > 0 && d != "" {
			t.Fatalf("what %q reaches beyond depends on how a list is written:\n%s", b, d)
		}
		if !slices.Equal(before, a) {
			t.Fatal("comparing has changed a list")
		}
	})
}

// From any host to a list is narrower, in whichever way a server says any host.
func TestNothingIsBeyondAnyHost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := domains.List(rapid.SliceOf(serverEntry).Draw(t, "list"))
		for _, before := range []domains.List{{}, {"*"}, {"a.example", "*"}} {
			if beyond := list.Beyond(before); len(beyond) > 0 {
				t.Fatalf("%q is beyond %q", beyond, before)
			}
		}
	})
}

func TestListsAreShownInBothFormsAndHarmless(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"api.example.com":           "api.example.com",
		"API.Example.com.":          "API.Example.com.",
		"https://a.example/x":       "https://a.example/x",
		"xn--bcher-kva.example":     "xn--bcher-kva.example (bücher.example)",
		"*.xn--bcher-kva.example":   "*.xn--bcher-kva.example (*.bücher.example)",
		"xn--pple-43d.example":      "xn--pple-43d.example", // of two scripts
		"xn--mgbh0fb.example":       "xn--mgbh0fb.example",  // from right to left
		"xn--zzzzzzzzzzz.example":   "xn--zzzzzzzzzzz.example",
		"bücher.example":            "bücher.example",
		"аpple.example":             `"\u0430pple.example"`, // the first letter is Cyrillic
		"a\u202eb.example":          `"a\u202eb.example"`,
		"a\u200bb.example":          `"a\u200bb.example"`,
		"a b":                       `"a b"`,
		"a\n::error::b":             `"a\n::error::b"`,
		"a\xffb":                    `"a\xffb"`,
		"https://bücher.example/\t": `"https://b\u00fccher.example/\t"`,
		"":                          "",
	} {
		if got := domains.Shown(entry); got != want {
			t.Errorf("%q: %s, want %s", entry, got, want)
		}
	}
	list := domains.List{"xn--bcher-kva.example", "a.example"}
	if got := list.String(); got != "xn--bcher-kva.example (bücher.example) a.example" {
		t.Error(got)
	}
}

func TestOnlyTheEntriesThatAreMissingAreShownAsSuch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		list, other domains.List
		want        []string
	}{
		{domains.List{"a.example", "b.example"}, domains.List{"B.Example."}, []string{"a.example"}},
		{domains.List{"a.example"}, domains.List{"a.example"}, nil},
		{domains.List{}, domains.List{"a.example"}, []string{domains.Any}},
		{domains.List{}, domains.List{}, nil},
		{domains.List{"a.example"}, domains.List{}, []string{"a.example"}},
		{domains.List{"xn--bcher-kva.example"}, nil, []string{"xn--bcher-kva.example (bücher.example)"}},
	} {
		if d := cmp.Diff(test.want, test.list.Without(test.other)); d != "" {
			t.Errorf("%q without %q: %s", test.list, test.other, d)
		}
	}
}
