package report_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

// inVaults is a plan of so many vaults, with so many changes in each of a secret that comes to
// reach one more host.
func inVaults(vaults, changes int, name, host string) *report.Report {
	r := &report.Report{Manifest: true, Redact: asItIs, VaultNames: map[nairi.VaultID]string{}, About: about}
	for v := range vaults {
		id := nairi.VaultID(fmt.Sprintf("vlt_01KEQ6963XS96YDP3NF%07d", v))
		r.Desired = append(r.Desired, plan.Vault{ID: id})
		r.VaultNames[id] = fmt.Sprint(name, v)
		for i := range changes {
			change := entryOf(fmt.Sprintf("SECRET_%d", i), list("a.example.com"), list("a.example.com", host), false)
			change.VaultID = id
			r.Changes = append(r.Changes, change)
		}
	}
	r.Results = apply.Preview(r.Changes)
	return r
}

// However much there is, a comment has its first line, what reaches more hosts and its last
// line, and says how much else there is.
func TestACommentHasRoomForWhatMatters(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("a", 61)
	long := strings.Join([]string{label, label, label, label, "exam"}, ".")
	if len(long) < 250 {
		t.Fatal(len(long))
	}
	for name, test := range map[string]struct {
		r     *report.Report
		wants []string
	}{
		"10,000 changes": {inVaults(1, 10_000, "vault ", "b.example.com"), []string{"> - … and 9900 more\n", " more changes, see the run\n```\n"}},
		"300 vaults":     {inVaults(300, 20, "vault ", "b.example.com"), []string{": 20 changes, see the run\n", " more vaults: ", "\n| Vault | Create | Update | Delete |\n", "\n| … and "}},
		"1,000 secrets":  {inVaults(10, 100, "vault ", "b.example.com"), []string{"> - … and 900 more\n", "#### vault 9 · "}},
		"long names":     {inVaults(300, 20, strings.Repeat("`|<", 20), "b.example.com"), []string{" more vaults: ", "\n| … and "}},
		"long hosts":     {inVaults(2, 500, "vault ", long), []string{"> - … and 9", "more changes, see the run\n", ": 500 changes, see the run\n"}},
	} {
		got := test.r.Comment()
		if !strings.HasPrefix(got, "### Plan: 0 to create, ") || !strings.Contains(got, "> **") || !strings.HasSuffix(got, "vault-secret 1.2.3</sub>\n") || len(got) > 60_000 {
			t.Errorf("%s: %d bytes: %.400s", name, len(got), got)
		}
		for _, want := range test.wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in %s", name, want, got[:200]+got[len(got)-3000:])
			}
		}
		wellFormed(t, got)
	}
}

// What hardly anybody wants to see goes first, and leaves its count.
func TestWhatHasNoRoomIsLeftOutByWhatItIsWorth(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("N", 100)
	left := [3]bool{true, true, true}
	for n := 0; n < 500 && left[0]; n++ {
		r := inVaults(1, n, "vault ", "b.example.com")
		for i := range 100 {
			same := list("a.example.com")
			r.Changes = append(r.Changes, entryOf(fmt.Sprintf("%sA%d", long, i), same, nil, true), entryOf(fmt.Sprintf("%sK%d", long, i), same, same, false))
		}
		for i := range r.Changes {
			r.Changes[i].VaultID = r.Desired[0].ID
		}
		r.Results = apply.Preview(r.Changes)
		unmanaged := plan.Unmanaged{VaultID: r.Desired[0].ID}
		for i := range 100 {
			unmanaged.Secrets = append(unmanaged.Secrets, &nairi.Secret{EnvKey: fmt.Sprintf("%sU%d", long, i)})
		}
		r.Private, r.Unmanaged = true, []plan.Unmanaged{unmanaged}
		n += 40
		got := r.Comment()
		now := [3]bool{strings.Contains(got, "<summary>100 values to write again"), strings.Contains(got, "<summary>100 unchanged"), strings.Contains(got, "<summary>100 secrets are in")}
		if now[2] && !now[1] || now[1] && !now[0] || len(got) > 60_000 || strings.Contains(got, "see the run") && now[0] {
			t.Fatalf("%d changes: folds %v, %d bytes", n, now, len(got))
		}
		left = now
	}
	if left[0] {
		t.Error("there is room for all")
	}
}

// A name of a secret says nothing of its vault, nor does the name of a vault that two have.
func TestSecretsOfOneNameAreToldApart(t *testing.T) {
	t.Parallel()
	for _, names := range [][3]string{{"production", "staging", ""}, {"production", "production", "production"}} {
		r := inVaults(3, 1, "", "b.example.com")
		for i, name := range names {
			r.VaultNames[r.Desired[i].ID] = name
		}
		lines := map[string]bool{}
		for _, line := range strings.Split(r.Comment(), "\n") {
			if strings.HasPrefix(line, "> - ") {
				lines[line] = true
			}
		}
		if len(lines) != 3 {
			t.Errorf("%v: %v", names, lines)
		}
	}
}

// Whatever a server calls a vault, a secret or a host, each block and each fold ends where it
// is to end, and shows no secret.
func TestACommentOfHostileNames(t *testing.T) {
	t.Parallel()
	const leaked = "p_ss|w*rd<"
	rapid.Check(t, func(t *rapid.T) {
		nasty := rapid.OneOf(hostile(), rapid.SampledFrom([]string{"```\n</details>", "@team\u202e", "A\r\n```diff", leaked, "a`b.example.com", "https://x`"}))
		r := twoVaults()
		for i := range r.Changes {
			change := &r.Changes[i]
			if rapid.Bool().Draw(t, "as it is") || change.Current == nil {
				continue
			}
			there := *change.Current
			there.EnvKey, there.AllowedDomains = nasty.Draw(t, "name"), []string{nasty.Draw(t, "host")}
			change.Current, change.RenamedTo = &there, nasty.Draw(t, "new name")
			change.Desired.Mirrors = mirrorsThere
		}
		r.Results = apply.Preview(r.Changes)
		if rapid.Bool().Draw(t, "done") {
			r = carriedOut(r)
		}
		if rapid.Bool().Draw(t, "refused") {
			r.Results[1] = apply.Fail(r.Changes[1], refused(400, nasty.Draw(t, "message")))
		}
		r.VaultNames[vaultID] = nasty.Draw(t, "vault")
		r.Redact = func(text string) string { return strings.ReplaceAll(text, leaked, "***") }
		got := r.Comment()
		wellFormed(t, got)
		text := ""
		for i, part := range strings.Split(got, "```") { // every other one is a block
			if i%2 == 0 {
				text += part
			} else if strings.Contains(part, "\u202e") {
				t.Fatalf("%q turns the line about", part)
			}
		}
		if strings.Contains(got, leaked) || strings.Contains(text, "@") {
			t.Fatal(got)
		}
	})
}

// What an earlier comment showed is folded if it is no longer so, once, and only if it was a
// plan and there is room for it.
func TestAPlanThatIsNoLongerSoIsFolded(t *testing.T) {
	t.Parallel()
	const commit = "3bbb3ac3bbb3ac3bbb3ac3bbb3ac3bbb3ac3bbb3"
	earlier := twoVaults().Comment()
	broken := but(threeProblems, manifest())
	broken.About = about
	got := broken.Over(earlier, commit, "")
	wellFormed(t, got)
	for _, want := range []string{"### ❌ No plan: 3 problems in ", "<details><summary>⚪ Outdated: plan for <code>3bbb3ac</code></summary>\n\n### Plan: ", "+ OPEN_TOKEN  create\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
	if n := strings.Count(got, "<sub>"); n != 1 || !strings.HasSuffix(got, "</sub>\n") {
		t.Errorf("%d last lines", n)
	}
	if again := broken.Over(got, about.Commit, ""); again != got {
		t.Errorf("the next run says %s", again)
	}
	for name, none := range map[string]string{"no plan": broken.Comment(), "no changes": "<details><summary>vault-secret: no changes", "too long": earlier[:20] + strings.Repeat("x", 60_000), "none": ""} {
		if got := broken.Over(none, commit, ""); got != broken.Comment() {
			t.Errorf("%s: %.600s", name, got)
		}
	}
	if got := twoVaults().Over(earlier, commit, "other"); got != earlier {
		t.Error("a plan in the place of another one")
	}
}

// A run that wrote something else than the comment showed says so, in front of what it wrote.
func TestWhatWasWrittenIsHeldAgainstThePlanOfTheComment(t *testing.T) {
	t.Parallel()
	r := carriedOut(twoVaults())
	r.Digest, r.Plan = plan.Identify(r.Changes)
	earlier := twoVaults().Comment()
	if got := r.Over(earlier, about.Commit, r.PlanMark()); got != r.Comment() {
		t.Error(got)
	}
	got := r.Over(earlier, about.Commit, "0123456789abcdef")
	wellFormed(t, got)
	head, _, _ := strings.Cut(got, "<details>")
	if !strings.Contains(head, "**This is not the plan that was shown here.**") || !strings.Contains(got, "⚪ Outdated: plan for <code>9f2c1d4</code>") {
		t.Error(got)
	}
	if again := r.Over(got, about.Commit, "0123456789abcdef"); again != got {
		t.Error(again)
	}
}
