package manifest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	marked  = "hunter2/hunter2+hunter2=" // looks like no name
	named   = "sk_live_hunter2hunter2"   // could be one
	manyOf  = 30
	goodEnd = "\n      Z: { env: Z }"
)

// problemsOf are the problems of a text, a line each.
func problemsOf(source Source, text string) string {
	_, problems := Parse(source, []byte(text))
	var lines strings.Builder
	for _, problem := range problems {
		lines.WriteString(problem.String() + "\n")
	}
	return lines.String()
}

func TestProblemsOfEntries(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"A: { env: A, file: a }":                          "f:4: A: env and file exclude one another; give one of them",
		"A: { absent: true, env: A }":                     "f:4: A: absent: true stands alone; leave the other keys out",
		"A: { absent: true, any_domain: false }":          "f:4: A: absent: true stands alone; leave the other keys out",
		"A: { absent: yes }":                              "f:4: A.absent: must be true or false, without quotes",
		"A: { absent: 'true' }":                           "f:4: A.absent: must be true or false, without quotes",
		"A: { env: A, absent: }":                          "f:4: A.absent: must be true or false, without quotes",
		"A: { env: A, any_domain: True }":                 "f:4: A.any_domain: must be true or false, without quotes",
		"A: { any_domain: true, allowed_domains: [a.b] }": "f:4: A: any_domain contradicts allowed_domains; give one of them",
		"A: {}": "f:4: A: " + saysNothing,
		"A:":    "f:4: A: " + saysNothing,
		"A: { absent: false, any_domain: false }": "f:4: A: " + saysNothing,
		"A: " + marked:                       "f:4: A: must be a mapping, as in { env: DATABASE_URL }; a value is never written here",
		"A: [ " + marked + " ]":              "f:4: A: must be a mapping, as in { env: DATABASE_URL }; a value is never written here",
		"A: { value: " + marked + " }":       "f:4: A.value: is refused: a value in a file is a secret committed for all to read; use env, the name of a variable, or file",
		"A: { value: '${A}' }":               "f:4: A.value: is refused: a value in a file is a secret committed for all to read; use env, the name of a variable, or file",
		"A: { env: " + marked + " }":         noVariable,
		"A: { env: 123 }":                    noVariable,
		"A: { env: true }":                   noVariable,
		"A: { env: }":                        noVariable,
		"A: { env: 2001-01-01 }":             noVariable,
		"A: { env: '${A}' }":                 noVariable,
		"A: { env: [A] }":                    noVariable,
		"A: { file: '' }":                    noFile,
		"A: { file: \"a\\nb\" }":             noFile,
		"A: { file: \"a\\0b\" }":             noFile,
		"A: { file: 12 }":                    noFile,
		"A: { allowed_domains: [] }":         noHosts,
		"A: { allowed_domains: }":            noHosts,
		"A: { allowed_domains: 'a.b,c.d' }":  "f:4: A.allowed_domains: must be a list of hosts, as in [api.example.com, db.example.com]",
		"A: { allowed_domains: { a: b } }":   "f:4: A.allowed_domains: must be a list of hosts, as in [api.example.com, db.example.com]",
		"A: { allowed_domains: [a.b, 1.5] }": "f:4: A.allowed_domains: entry 2 is not text; write a host such as api.example.com",
		"A: { allowed_domains: ['*', a.b] }": "f:4: A.allowed_domains: entry 1 is a lone *, which names no host; write hosts such as *.example.com; if any host is meant, leave the list out and say any_domain: true",
		"A: { allowed_domains: [" + strings.Repeat("'',", 9) + "] }":             "f:4: A.allowed_domains: entry 1 is empty; write a host name such as api.example.com; entry 2 is empty; write a host name such as api.example.com; entry 3 is empty; write a host name such as api.example.com; and 6 more",
		"A: { allowed_domains: [" + strings.Repeat("a.b,", maxDomains+1) + "] }": "f:4: A.allowed_domains: names more than 1000 hosts",
		"A: { allowed_domain: [a.b] }":                                           "f:4: A.allowed_domain: is not known; did you mean allowed_domains?",
		"A: { allowedDomains: [a.b] }":                                           "f:4: A.allowedDomains: is not known; did you mean allowed_domains?",
		"A: { env: A, note: x }":                                                 "f:4: A.note: is not known; known here: env, file, value, allowed_domains, any_domain, absent",
		"A: { env: A, " + named + " }":                                           "f:4: A: has a key that is not known; known here: env, file, value, allowed_domains, any_domain, absent",
		"A: { env: A, " + marked + ": x }":                                       "f:4: A: has a key that is not known; known here: env, file, value, allowed_domains, any_domain, absent",
		"A: { env: A, [x]: y }":                                                  "f:4: A: has a key that is not text; put it in quotes if it is a name",
		"A: { env: A, env: B }":                                                  "f:4: A.env: is given twice, first in line 4",
		"A: { env: A }\n      A: { env: A }":                                     "f:5: secrets.A: is given twice, first in line 4",
		"1A: { env: A }":                                                         "f:4: secrets: a name in it must be a variable name: letters, digits and _, and no digit first, as in DATABASE_URL",
		"NAIRI_A: { env: A }":                                                    "f:4: secrets: a name in it must not begin with NAIRI_, which Nairi keeps for itself",
		"true: { env: A }":                                                       "f:4: secrets: has a key that is not text; put it in quotes if it is a name",
		"<<: { A: { env: A } }":                                                  "f:4: has a merge key (<<), which is not taken; write it out",
		"A: &a { env: A }":                                                       "f:4: has an anchor (&), which is not taken",
		"A: !!map { env: A }":                                                    "f:4: has a tag (!), which is not taken",
		"A: { env: !x A }":                                                       "f:4: has a tag (!), which is not taken",
		"A: &a { env: A }\n      B: *a":                                          "f:4: has an anchor (&), which is not taken\nf:5: has an alias (*), which is not taken; a text that begins with * needs quotes",
		strings.Repeat("A", 65) + ": {}":                                         "f:4: secrets: " + saysNothing,
	} {
		t.Run(entry, func(t *testing.T) {
			t.Parallel()
			got := problemsOf(Source{Name: "f"}, entries(entry+goodEnd))
			if diff := cmp.Diff(want+"\n", got); diff != "" {
				t.Errorf("- wanted, + got:\n%s", diff)
			}
		})
	}
}

const (
	noVariable = "f:4: A.env: must be the name of the variable that holds the value, as in DATABASE_URL: not the value, and without ${}"
	noFile     = "f:4: A.file: must be the name of the file that holds the value, in one line"
	noHosts    = "f:4: A.allowed_domains: is empty; an empty list would let the secret go to any host; name the hosts, leave the key out to keep them as they are, or say any_domain: true"
	noInline   = "secrets:4: A.value: must be one variable of the step and nothing else, as in ${DATABASE_URL}, quoted within { }; use env or file for all else\n"
)

func TestProblemsOfInlineValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		marked:           noInline,
		named:            noInline,
		"12345678":       noInline,
		"'${A}${B}'":     noInline,
		"'${A} '":        noInline,
		"'$A'":           noInline,
		"'${1A}'":        noInline,
		"\"${A}\\n\"":    noInline,
		"'${A}', env: A": "secrets:4: A: value excludes env and file; give one of them\n",
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			got := problemsOf(Source{Name: "secrets", Inline: true}, entries("A: { value: "+value+" }"))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("- wanted, + got:\n%s", diff)
			}
		})
	}
}

func TestProblemsOfDocuments(t *testing.T) {
	t.Parallel()
	id := string(vaultA)
	for text, want := range map[string]string{
		"":                           "f:1: holds nothing; it needs vaults:, a list",
		"# a comment\n":              "f:1: holds nothing; it needs vaults:, a list",
		"---\n":                      "f:2: holds nothing; it needs vaults:, a list",
		marked:                       "f:1: must begin with vaults:, a list",
		"- vaults\n":                 "f:1: must begin with vaults:, a list",
		"{}":                         "f:1: vaults: is missing",
		"vault: []":                  "f:1: vault: is not known; did you mean vaults?\nf:1: vaults: is missing",
		"vaults:":                    "f:1: vaults: names no vault",
		"vaults: []":                 "f:1: vaults: names no vault",
		"vaults: {}":                 "f:1: vaults: must be a list, with - before each vault",
		"vaults:\n- " + marked:       "f:2: vaults: each item must be a mapping with vault_id and secrets",
		"vaults:\n- {}":              "f:2: vault_id: is missing\nf:2: secrets: is missing",
		"vaults:\n- vault_id: " + id: "f:2: secrets: is missing",
		"vaults:\n- vault_id: " + id + "\n  secrets:\n":                                               "f:3: secrets: must be a mapping from names such as DATABASE_URL; {} if nothing is wanted of the vault",
		"vaults:\n- secrets: {}\n  vault_id: " + strings.ToLower(id):                                  "f:3: vault_id: has lower-case letters after vlt_; a vault ID is vlt_ and 26 characters, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ",
		"vaults:\n- secrets: {}\n  vault_id: 12":                                                      "f:3: vault_id: this is no ID; a vault ID is vlt_ and 26 characters, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ",
		"vaults:\n- { vault_id: " + id + ", secrets: { " + named + " } }":                             "f:2: secrets: " + saysNothing,
		"vaults:\n- { vault_id: " + id + ", secrets: {} }\n- { secrets: {}, vault_id: " + id + " }\n": "f:3: vault_id: is that of the vault in line 2; put all of its secrets there",
		entries("A: { env: A }") + "---\na: b\n":                                                      "f:6: a second document begins here; put all vaults in one list",
		entries("A: { env: A }", "B: \""+marked):                                                      "f:5: has a quote that is never closed",
		entries("A: { env: A", "B: { env: B }"):                                                       "f:5: has a { or [ that is not closed by here, or a ${NAME} within one that needs quotes",
		entries("A: { value: ${A} }"):                                                                 "f:4: has a { or [ that is not closed by here, or a ${NAME} within one that needs quotes",
		entries("A: { env: A }", "\tB: {}", "C:"):                                                     "f:5: has a tab before a key, or a text that begins with @, % or ` and needs quotes",
		entries("A: @" + marked):                                                                      "f:4: has a tab before a key, or a text that begins with @, % or ` and needs quotes",
		entries("A: x: " + marked):                                                                    "f:4: is not YAML from about here; look at the indentation, quotes and brackets of this line and the one before it",
		entries("A: { env: A }", " B: {}", "C:"):                                                      "f:5: is not YAML from about here; look at the indentation, quotes and brackets of this line and the one before it",
		entries("A: {", " allowed_domains: [*.example.com] }"):                                        `f:5: has a text that begins with * or & and needs quotes, as in "*.example.com"`,
		entries("A: { allowed_domains: [*hunter2] }"):                                                 `f:4: has a text that begins with * or & and needs quotes, as in "*.example.com"`,
		"a: \x00":           "f:1: has a control character other than a tab or the end of a line",
		"a:\n # \u2028b: c": "f:2: has a control character other than a tab or the end of a line",
		"a: b # \r c: d":    "f:1: has a control character other than a tab or the end of a line",
		"a:\n\n# \u202E":    "f:3: has an invisible character that can make it look different from what it says",
		"a:\n b: \xff":      "f:2: is not UTF-8 text; save it as UTF-8",
		"\xff\xfea\x00":     "f:1: is not UTF-8 text; save it as UTF-8",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want+"\n", problemsOf(Source{Name: "f"}, text)); diff != "" {
				t.Errorf("- wanted, + got:\n%s", diff)
			}
		})
	}
}

// All problems come at once, in the order of lines, up to a number.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range manyOf {
		lines = append(lines, fmt.Sprintf("A%d: { env: A, file: a }", i))
	}
	_, problems := Parse(Source{Name: "f"}, []byte(entries(lines...)))
	if len(problems) != maxProblems+1 {
		t.Fatalf("%d problems", len(problems))
	}
	for i, problem := range problems[:maxProblems] {
		if problem.Line != i+4 || problem.Key != fmt.Sprintf("A%d", i) {
			t.Errorf("problem %d is %v", i, problem)
		}
	}
	if got := problems[maxProblems].Error(); got != "f: and 10 more" {
		t.Error(got)
	}
	if all := problems.Error(); !strings.HasPrefix(all, "f:4: A0: env and file") || !strings.HasSuffix(all, "; f: and 10 more") {
		t.Error(all)
	}
}
