package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	made "github.com/nairi-community/vault-secret/internal/manifest"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/report"
)

func exported(text string, change func(*report.Exported)) *report.Report {
	e := &report.Exported{Export: made.Export{Text: []byte(text), Vaults: 1, Named: 2, Added: 2}}
	change(e)
	return &report.Report{
		Manifest: true, Operation: plan.OpExport, Exported: e, Desired: []plan.Vault{{ID: vaultID}},
		Redact: func(text string) string { return strings.ReplaceAll(text, "hidden", "***") },
	}
}

var remarks = []made.Remark{
	{Vault: vaultID, Name: "A", LeftOut: true, Text: "Left out: A. The vault has it twice: sec_1, sec_2."},
	{Vault: otherID, Name: "B", Text: "B keeps the hosts of the manifest: a.example.com. The vault has any host."},
}

func TestAnExportSaysWhatItWrote(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*report.Exported){
		"The manifest names 2 secrets of 1 vault.":           func(*report.Exported) {},
		"Wrote f.yml, which names 2 secrets of 1 vault.":     func(e *report.Exported) { e.File = "f.yml" },
		"Wrote ***.yml, which names 1 secret of 2 vaults.":   func(e *report.Exported) { e.File, e.Named, e.Vaults = "hidden.yml", 1, 2 },
		"f.yml is unchanged: it names 2 secrets of 1 vault.": func(e *report.Exported) { e.File, e.Merged, e.Same = "f.yml", true, true },
		"Added 1 secret to f.yml, which now names 2 secrets of 1 vault. Not among the names that it owns: 4 secrets.": func(e *report.Exported) {
			e.File, e.Merged, e.Added, e.Outside = "f.yml", true, 1, 4
		},
		remarks[0].Text + "\n" + remarks[1].Text + "\nWrote f.yml, which names 2 secrets of 1 vault. Left out: 1 name.": func(e *report.Exported) {
			e.File, e.Remarks = "f.yml", remarks
		},
	} {
		if got := strings.Join(ending(exported("", change)), "\n"); got != want {
			t.Errorf("says %s\nwant %s", got, want)
		}
	}
	several := exported("", func(e *report.Exported) { e.Remarks = remarks })
	several.Desired = append(several.Desired, plan.Vault{ID: otherID})
	if got := ending(several)[1]; got != string(otherID)+": "+remarks[1].Text {
		t.Error(got)
	}
}

// Many names make one warning that still can be read.
func TestAnExportWarnsOfWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0:  "",
		1:  "The manifest leaves out 1 name of the vaults: N0. A comment in it says why. A sync with prune would delete them.",
		12: "The manifest leaves out 12 names of the vaults: N0, N1, N2, N3, N4, N5, N6, N7, N8, N9 and 2 more. A comment in it says why. A sync with prune would delete them.",
	} {
		r := exported("", func(e *report.Exported) {
			e.Remarks = []made.Remark{remarks[1]}
			for i := range n {
				e.Remarks = append(e.Remarks, made.Remark{Name: fmt.Sprint("N", i), LeftOut: true})
			}
		})
		if got := strings.Join(r.LeftOut(), "\n"); got != want {
			t.Errorf("warns %s\nwant %s", got, want)
		}
	}
}

// The summary shows the manifest in a fence that no line of it ends, without secrets.
func TestTheSummaryShowsTheManifest(t *testing.T) {
	t.Parallel()
	r := exported("# ```` </details> @team hidden\r\nvaults:\r\n", func(e *report.Exported) { e.File, e.Remarks = "f_*.yml", remarks })
	const want = "### ✅ Exported 2 secrets of 1 vault\n\n" +
		"Wrote f&#95;&#42;.yml, which names 2 secrets of 1 vault. Left out: 1 name.\n\n" +
		"- Left out: A. The vault has it twice: sec&#95;1, sec&#95;2.\n" +
		"- B keeps the hosts of the manifest: a.example.com. The vault has any host.\n\n" +
		"`````yaml\n# ```` </details> @team ***\nvaults:\n`````\n"
	if diff := cmp.Diff(want, r.Summary()); diff != "" {
		t.Error(diff)
	}
	if lines := r.ExportLines(); lines != nil {
		t.Errorf("a manifest in a file is printed: %q", lines)
	}
	r.Exported.File = ""
	if diff := cmp.Diff([]string{"# ```` </details> @team ***", "vaults:"}, r.ExportLines()); diff != "" {
		t.Error(diff)
	}
	if summary := r.Summary(); !strings.Contains(summary, "\n\nThe manifest names 2 secrets of 1 vault.") {
		t.Error(summary)
	}
}

// What has no room in a summary is counted.
func TestTheSummaryOfALargeExportFits(t *testing.T) {
	t.Parallel()
	const lines = 20_000
	r := exported(strings.Repeat("      SECRET: { any_domain: true }\n", lines), func(e *report.Exported) {
		for range lines {
			e.Remarks = append(e.Remarks, remarks[0])
		}
	})
	got := r.Summary()
	if len(got) > 50<<10 || len(got) < 40<<10 {
		t.Errorf("%d bytes", len(got))
	}
	shown := strings.Count(got, "any_domain")
	listed := strings.Count(got, "Left out: A")
	if !strings.HasSuffix(got, fmt.Sprintf("```\n\nThe manifest has %d more lines, which had no room here.\n", lines-shown)) ||
		!strings.Contains(got, fmt.Sprintf("\n- and %d more\n", lines-listed)) {
		t.Error(got[len(got)-200:])
	}
}
