package nairi_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// label63 and host253 are as long as DNS allows.
var (
	label63 = strings.Repeat("a", 63)
	host253 = strings.Join([]string{label63, label63, label63, strings.Repeat("b", 61)}, ".")
)

func TestParseDomains(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		entries []string
		want    nairi.Domains
	}{
		{"none", nil, nil},
		{"a host", []string{"api.example.com"}, nairi.Domains{"api.example.com"}},
		{"any subdomain", []string{"*.example.com"}, nairi.Domains{"*.example.com"}},
		{"one label", []string{"localhost"}, nairi.Domains{"localhost"}},
		{"any subdomain of one label", []string{"*.internal"}, nairi.Domains{"*.internal"}},
		{"capitals", []string{"API.Example.COM"}, nairi.Domains{"api.example.com"}},
		{"a final dot", []string{"api.example.com.", "*.example.com."}, nairi.Domains{"api.example.com", "*.example.com"}},
		{"order is kept", []string{"b.example", "a.example", "*.b.example"}, nairi.Domains{"b.example", "a.example", "*.b.example"}},
		{"the same in other words", []string{"b.example", "a.example", "B.EXAMPLE.", "a.example"}, nairi.Domains{"b.example", "a.example"}},
		{"a star is another", []string{"example.com", "*.example.com"}, nairi.Domains{"example.com", "*.example.com"}},
		{"digits and hyphens", []string{"a-1.2b.4ever", "xn--bcher-kva.example"}, nairi.Domains{"a-1.2b.4ever", "xn--bcher-kva.example"}},
		{"as long as can be", []string{host253, "*." + host253}, nairi.Domains{host253, "*." + host253}},
	} {
		got, err := nairi.ParseDomains(test.entries)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", test.name, err, diff)
		}
	}
}

func TestParseDomainsRefuses(t *testing.T) {
	t.Parallel()
	const (
		empty  = "is empty; write a host name such as api.example.com"
		scheme = "has a scheme; write the host name alone, such as api.example.com"
		path   = "has a path; write the host name alone, such as api.example.com"
		user   = "has a user name; write the host name alone, such as api.example.com"
		port   = "has a port; write the host name alone, such as api.example.com"
		space  = "has a space in it; separate entries by commas or new lines"
		star   = "has a * that is not the whole first label; write *.example.com"
		lone   = "is a lone *, which names no host; write hosts such as *.example.com"
		host   = "is not a host name; write one such as api.example.com, in ASCII (xn--… for other letters)"
		ip     = "is an IP address or ends like one; write the host's name"
		long   = "is longer than the 253 characters a host name can have"
	)
	for entry, want := range map[string]string{
		"": empty, ".": empty, "*..": empty,
		"https://zq7stray.example": scheme, "https://u:zq7stray@api.example.com/v1": scheme, "*://example.com": scheme,
		"api.example.com/": path, "api.example.com/v1": path, "api.example.com?q=zq7stray": path, "api.example.com#x": path, `api\example`: path, "/": path,
		"u:zq7stray@api.example.com": user, "@example.com": user, "zq7stray@example.com": user,
		"api.example.com:443": port, "*.example.com:443": port, "[::1]": port, "::1": port,
		"a.example b.example": space, " a.example": space, "a.example\t": space, "a.example\nb": space, " ": space,
		"*": lone, "*.": lone,
		"**.example.com": star, "*.*.example.com": star, "api.*.example.com": star, "*example.com": star, "api.*": star, "a*b.example": star, "**": star,
		"api..example.com": host, ".example.com": host, "-a.example": host, "a-.example": host, "a_b.example": host, "bücher.example": host,
		"a.example..": host, "zq7stray!": host, "a,b": host, "a\x00b": host, "a\xffb": host, "a;b.example": host, "%41.example": host, "a\u00a0b": host,
		"\u212aelvin.example": host, // the Kelvin sign, whose lower case is k
		label63 + "a.example": host,
		"127.0.0.1":           ip, "1": ip, "*.0.0.1": ip, "api.example.1": ip, "10.0.0.1.": ip,
		host253 + "c": long, "*." + host253 + "c": long,
	} {
		got, err := nairi.ParseDomains([]string{"a.example", entry})
		if err == nil || err.Error() != "entry 2 "+want {
			t.Errorf("%q: %v, %v\nwant entry 2 %s", entry, got, err, want)
		}
	}
}

func TestParseDomainsTellsOfEveryEntry(t *testing.T) {
	t.Parallel()
	_, err := nairi.ParseDomains([]string{"*", "a.example", "b:1", ""})
	if err == nil || !errors.Is(err, nairi.ErrLoneStar) {
		t.Fatalf("got %v, want also ErrLoneStar", err)
	}
	var places []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		places = append(places, line[:len("entry n")])
	}
	if diff := cmp.Diff([]string{"entry 1", "entry 3", "entry 4"}, places); diff != "" {
		t.Error(diff)
	}
}

func TestDomainsEqual(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		a, b nairi.Domains
		want bool
	}{
		{"the same", nairi.Domains{"a", "b"}, nairi.Domains{"a", "b"}, true},
		{"another order", nairi.Domains{"a", "b"}, nairi.Domains{"b", "a"}, true},
		{"twice", nairi.Domains{"a", "a", "b"}, nairi.Domains{"b", "a", "b"}, true},
		{"nil and empty", nil, nairi.Domains{}, true},
		{"one more", nairi.Domains{"a"}, nairi.Domains{"a", "b"}, false},
		{"any and one", nairi.Domains{}, nairi.Domains{"a"}, false},
		{"another", nairi.Domains{"a"}, nairi.Domains{"b"}, false},
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

func TestParsedDomainsAreHostNames(t *testing.T) {
	t.Parallel()
	entry := rapid.OneOf(rapid.StringMatching(`(\*\.)?[A-Za-z0-9-]{1,5}(\.[A-Za-z0-9-]{1,5}){0,3}\.?`), rapid.String())
	rapid.Check(t, func(t *rapid.T) { checkDomains(t, rapid.SliceOf(entry).Draw(t, "entries")) })
}

// FuzzParseDomains puts a mark into entries, by which they would be known.
func FuzzParseDomains(f *testing.F) {
	for _, entry := range []string{"", "*.example.com", "https://user:password@example.com:443/path?query#fragment", "*", "1.2.3.4", "[::1]", "BÜCHER.example.", "a b"} {
		f.Add(entry, uint(1))
	}
	f.Fuzz(func(t *testing.T, entry string, at uint) {
		at %= uint(len(entry)) + 1
		checkDomains(t, []string{entry, entry[:at] + "zq7stray" + entry[at:], entry})
	})
}

func checkDomains(t interface {
	Helper()
	Fatalf(string, ...any)
}, entries []string) {
	t.Helper()
	domains, err := nairi.ParseDomains(entries)
	if err != nil && strings.Contains(strings.ToLower(err.Error()), "zq7stray") {
		t.Fatalf("the error holds an entry")
	}
	for _, domain := range domains {
		if strings.ContainsFunc(strings.TrimPrefix(domain, "*."), notOfAHost) || strings.HasSuffix(domain, ".") || domain == "" {
			t.Fatalf("%q is no host name", domain)
		}
	}
	again, err := nairi.ParseDomains(domains)
	if err != nil || !cmp.Equal(domains, again) {
		t.Fatalf("%q parsed again is %q, %v", domains, again, err)
	}
}

func notOfAHost(r rune) bool {
	return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-.", r)
}
