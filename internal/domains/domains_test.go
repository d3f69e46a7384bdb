package domains_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/domains"
)

// label63 and host253 are as long as DNS allows.
var (
	label63 = strings.Repeat("a", 63)
	host253 = strings.Join([]string{label63, label63, label63, strings.Repeat("b", 61)}, ".")
)

func TestHostNamesAreTakenAndNormalized(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		entries []string
		want    domains.List
	}{
		{"none", nil, nil},
		{"a host", []string{"api.example.com"}, domains.List{"api.example.com"}},
		{"any subdomain", []string{"*.example.com"}, domains.List{"*.example.com"}},
		{"one label", []string{"localhost"}, domains.List{"localhost"}},
		{"any subdomain of one label", []string{"*.internal"}, domains.List{"*.internal"}},
		{"capitals", []string{"API.Example.COM"}, domains.List{"api.example.com"}},
		{"a final dot", []string{"api.example.com.", "*.example.com."}, domains.List{"api.example.com", "*.example.com"}},
		{"order is kept", []string{"b.example", "a.example", "*.b.example"}, domains.List{"b.example", "a.example", "*.b.example"}},
		{"the same in other words", []string{"b.example", "a.example", "B.EXAMPLE.", "a.example"}, domains.List{"b.example", "a.example"}},
		{"a star is another", []string{"example.com", "*.example.com"}, domains.List{"example.com", "*.example.com"}},
		{"digits and hyphens", []string{"a-1.2b.4ever", "xn--bcher-kva.example"}, domains.List{"a-1.2b.4ever", "xn--bcher-kva.example"}},
		{"as long as can be", []string{host253, "*." + host253}, domains.List{host253, "*." + host253}},
	} {
		got, err := domains.Parse(test.entries)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", test.name, err, diff)
		}
	}
}

func TestEveryBadEntryIsTold(t *testing.T) {
	t.Parallel()
	_, err := domains.Parse([]string{"*", "a.example", "b:1", ""})
	if err == nil || !errors.Is(err, domains.ErrAnyHost) {
		t.Fatalf("got %v, want also ErrAnyHost", err)
	}
	var places []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		places = append(places, line[:len("entry n")])
	}
	if diff := cmp.Diff([]string{"entry 1", "entry 3", "entry 4"}, places); diff != "" {
		t.Error(diff)
	}
}

func TestListsAreEqualThatAllowTheSameHosts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		a, b domains.List
		want bool
	}{
		{"the same", domains.List{"a", "b"}, domains.List{"a", "b"}, true},
		{"another order", domains.List{"a", "b"}, domains.List{"b", "a"}, true},
		{"twice", domains.List{"a", "a", "b"}, domains.List{"b", "a", "b"}, true},
		{"nil and empty", nil, domains.List{}, true},
		{"one more", domains.List{"a"}, domains.List{"a", "b"}, false},
		{"any and one", domains.List{}, domains.List{"a"}, false},
		{"another", domains.List{"a"}, domains.List{"b"}, false},
	} {
		a, b := slices.Clone(test.a), slices.Clone(test.b)
		if test.a.Equal(test.b) != test.want || test.b.Equal(test.a) != test.want {
			t.Errorf("%s: want %v", test.name, test.want)
		}
		if !cmp.Equal(a, test.a) || !cmp.Equal(b, test.b) {
			t.Errorf("%s: comparing has changed a list", test.name)
		}
	}
}

// An empty list allows every host and must not look like nothing; one that an
// answer left out is neither.
func TestListsAreShownAsWhatTheyAllow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		list       domains.List
		known, any bool
		entries    []string
		text       string
	}{
		{nil, false, false, nil, "not known"},
		{domains.List{}, true, true, []string{"any host"}, "any host"},
		{domains.List{"a.example"}, true, false, []string{"a.example"}, "a.example"},
		{domains.List{"b.example", "*.a.example"}, true, false, []string{"b.example", "*.a.example"}, "b.example *.a.example"},
	} {
		l := test.list
		if l.Known() != test.known || l.IsAny() != test.any || l.String() != test.text || !slices.Equal(l.Entries(), test.entries) {
			t.Errorf("%#v: known %v, any %v, %q, %q", l, l.Known(), l.IsAny(), l.Entries(), l)
		}
	}
}

func TestTextsAreSplitByLinesAndCommasOrReadAsJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                                nil,
		" \n, ,\r\n":                      nil,
		"a.example":                       {"a.example"},
		"a.example,b.example":             {"a.example", "b.example"},
		" a.example ,\n\tb.example,\n":    {"a.example", "b.example"},
		"a.example\r\nb.example\r\n":      {"a.example", "b.example"},
		"b.example\na.example\nb.example": {"b.example", "a.example", "b.example"},
		"a.example b.example":             {"a.example b.example"}, // Parse says what is wrong
		`["a.example", "b.example"]`:      {"a.example", "b.example"},
		" [\n\"a.example\"\n]\n":          {"a.example"},
		`[" a,b "]`:                       {" a,b "},
		`[]`:                              {},
		"[::1]":                           {"[::1]"},
		"[::1]\na.example":                {"[::1]", "a.example"},
		"# prod\na.example":               {"a.example"},
		"a.example\n  # b, c\nb.example#": {"a.example", "b.example#"}, // Parse says what is wrong
		"a.example\rb.example":            {"a.example", "b.example"},
		"#":                               nil,
		`[null]`:                          {""},
	} {
		got, err := domains.Split(text)
		if err != nil || !cmp.Equal(want, got) {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"[", "[zq7stray]", `["zq7stray"`, `[1]`, `["a"] "b"`, `[["zq7stray"]]`, `[{"zq7stray":1}]`} {
		got, err := domains.Split(text)
		if want := `begins like a JSON array and is not one of strings. Write ["api.example.com"], or one host a line`; got != nil || err == nil || err.Error() != want {
			t.Errorf("%q: %q, %v; want %s", text, got, err, want)
		}
	}
}

func TestWhatIsTakenIsHostNames(t *testing.T) {
	t.Parallel()
	entry := rapid.OneOf(rapid.StringMatching(`(\*\.)?[A-Za-z0-9-]{1,5}(\.[A-Za-z0-9-]{1,5}){0,3}\.?`), rapid.String())
	rapid.Check(t, func(t *rapid.T) { checkDomains(t, rapid.SliceOf(entry).Draw(t, "entries")) })
}

// FuzzParse puts a mark into entries, by which they would be known.
func FuzzParse(f *testing.F) {
	for _, entry := range []string{"", "*.example.com", "https://user:password@example.com:443/path?query#fragment", "*", "1.2.3.4", "[::1]", "BÜCHER.example.", "a b"} {
		f.Add(entry, uint(1))
	}
	f.Fuzz(func(t *testing.T, entry string, at uint) {
		at %= uint(len(entry)) + 1
		checkDomains(t, []string{entry, entry[:at] + "zq7stray" + entry[at:], entry})
	})
}

func checkDomains(t rapid.TB, entries []string) {
	t.Helper()
	list, err := domains.Parse(entries)
	if err != nil && strings.Contains(strings.ToLower(err.Error()), "zq7stray") {
		t.Fatalf("the error holds an entry")
	}
	for _, domain := range list {
		if strings.ContainsFunc(strings.TrimPrefix(domain, "*."), notOfAHost) && !strings.Contains(domain, ":") || strings.HasSuffix(domain, ".") || domain == "" {
			t.Fatalf("%q is no host name", domain)
		}
	}
	again, err := domains.Parse(list)
	if err != nil || !cmp.Equal(list, again) {
		t.Fatalf("%q parsed again is %q, %v", list, again, err)
	}
}

func notOfAHost(r rune) bool {
	return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_.", r)
}
