package manifest

import (
	"fmt"
	"strings"
	"testing"
)

const mebi = 1 << 20

// fill repeats a text up to n bytes.
func fill(text string, n int) string { return strings.Repeat(text, n/len(text)) }

// Texts that make parsers slow, large or fall over end in one problem.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	const (
		deep    = "This line is nested too deeply"
		items   = "has more than 600000 items. Use several files"
		large   = "is larger than 16 MiB. Use several files"
		unknown = "is an unknown key. The known keys are vaults, domain_lists, defaults, unmanaged"
		first   = "must begin with vaults:, a list"
	)
	for name, test := range map[string]struct{ text, want string }{
		"brackets":           {fill("[", 100_000), deep},
		"braces":             {fill("{", 100_000), deep},
		"braces with a key":  {fill("{a: ", 190_000), deep},
		"dashes":             {fill("- ", 300_000), deep},
		"question marks":     {fill("? ", 300_000), deep},
		"many brackets":      {fill("[", mebi), items},
		"many braces":        {fill("{a: ", 2*mebi), items},
		"many dashes":        {fill("- ", 2*mebi), items},
		"a long list":        {fill("- a\n", 3*mebi), items},
		"a long mapping":     {fill("a: b\n", 4*mebi), items},
		"lists in a list":    {fill("[", 9_000) + fill("[],", mebi), items},
		"too large":          {fill("#", MaxBytes+1), large},
		"twenty MiB":         {fill("a: b\n", 20*mebi), large},
		"a long text":        {fill("a", MaxBytes), first},
		"a text of words":    {fill("a ", MaxBytes), first},
		"a text of lines":    {fill("a\n", MaxBytes), first},
		"a list as allowed":  {fill("- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", MaxBytes-mebi), first},
		"comments":           {fill("#c\n\n", MaxBytes), "is empty. It needs vaults:, a list"},
		"comments in a list": {"[" + fill("aaaaaaaaaaaaaaaaaaaaaaaaaa, #c\n", MaxBytes-2) + "]", first},
		"steps":              {steps(1000), unknown},
		"a list of hosts":    {entries("A: { allowed_domains: [" + fill("a.b,", 4*(maxDomains+1)) + "] }"), "names more than 1000 hosts. Use fewer"},
		"lists of lists":     {joined(20, maxDomains), "makes a list of more than 1000 hosts, or there are too many such lists. Give it a name of its own in domain_lists"},
		"a list of mirrors":  {entries("A: { env: A, mirror: [" + fill("'repo:octo/cats',", 500_000) + "] }"), "names more than 100 places"},
		"laughs":             {laughs, "This line has an anchor (&), which is not supported. Write it out"},
		"quotes":             {fill("'", MaxBytes), first},
		"an open quote":      {"a: \"" + fill("a\n", mebi), "A quote is never closed. Close it"},
		"blanks":             {fill(" ", MaxBytes), "is empty. It needs vaults:, a list"},
		"new lines":          {fill("\n", MaxBytes), "is empty. It needs vaults:, a list"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := Parse(Source{Name: "f"}, []byte(test.text))
			if len(problems) == 0 || problems[0].Text != test.want {
				t.Errorf("wanted %q, got %.300v", test.want, problems)
			}
		})
	}
}

// steps is a mapping in a mapping, n deep, of which each begins further right.
func steps(n int) string {
	var text strings.Builder
	for i := range n {
		text.WriteString(fill(" ", i) + "a:\n")
	}
	return text.String()
}

// joined is a file of n lists with the same hosts, and of entries that each name all but
// two of them: none makes a long list, and to make all of them would take long.
func joined(n, hosts int) string {
	var text strings.Builder
	text.WriteString("domain_lists:\n")
	for i := range n {
		fmt.Fprintf(&text, "  l%d: [", i)
		for j := range hosts {
			fmt.Fprintf(&text, "h%d.example.com,", j)
		}
		text.WriteString("]\n")
	}
	text.WriteString(entries())
	for without := range n * n {
		fmt.Fprintf(&text, "      S%d: { env: A, domain_list: [", without)
		for i := range n {
			if i != without/n && i != without%n {
				fmt.Fprintf(&text, "l%d,", i)
			}
		}
		text.WriteString("] }\n")
	}
	return text.String()
}

// laughs is the "billion laughs": nine lists, each of nine times the one before.
const laughs = `a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
`
