package nairitest_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

func TestParseFault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"refuse":                             "refuse",
		"any:refuse":                         "refuse",
		"1*refuse":                           "refuse",
		"PATCH:reset-after-commit":           "PATCH:reset-after-commit",
		"3*look:status=503":                  "3*look:status=503",
		"999999*other:html":                  "999999*other:html",
		"always*throttle=rfc850,-90s":        "always*throttle=rfc850,-90s",
		" race=value,A \t delay=1m30s\n":     "race=value,A delay=1m30s",
		"redirect=308,https://a.example/b,c": "redirect=308,https://a.example/b,c",
		"content-type=text/html;a=*/*":       "content-type=text/html;a=*/*",
		"endless=0 truncate":                 "endless=0 truncate",
	} {
		f, err := nairitest.ParseFault(text)
		if err != nil || f.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, f, err, want)
		}
	}
	if got := (nairitest.Fault{}).String(); got != "" {
		t.Errorf("no fault is %q", got)
	}
}

func TestParseFaultSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                            "there is no effect",
		"3*PATCH:":                    "there is no effect",
		"patch:refuse":                `"patch" is neither a method in capitals nor any, [look list create update delete other]`,
		"PATCH:rest":                  `"rest" is none of content-type, delay, delay-after-commit, drip, endless, html, `,
		"0*refuse":                    `"0*refuse" is none of `,
		"1000000*refuse":              `"1000000*refuse" is none of `,
		"GET:PATCH:refuse":            `"PATCH:refuse" is none of `,
		"refuse=yes":                  "refuse: it takes no argument",
		"delay":                       "delay: it takes a duration, as in 2s",
		"delay=2":                     `delay: "2" is no duration from 0s to 24h0m0s`,
		"delay-after-commit=-1s":      `"-1s" is no duration`,
		"drip=25h":                    `drip: "25h" is no duration`,
		"status":                      `status: "" is no status from 200 to 599`,
		"status-after-commit=199":     `"199" is no status`,
		"html=600":                    `html: "600" is no status`,
		"throttle=soon":               `throttle: "soon" is none of asctime, garbage, huge, imf-fixdate, none, rfc850, seconds`,
		"throttle=seconds,7":          `"7" is no duration`,
		"redirect":                    `redirect: "" is none of [301 302 303 307 308]`,
		"redirect=304":                `"304" is none of [`,
		"redirect=307,elsewhere":      `"elsewhere" is neither same, downgrade nor an http or https URL`,
		"redirect=307,file://a/b":     "neither same, downgrade",
		"redirect=307,https://%zz/":   "neither same, downgrade",
		"content-type=a\x00b":         "is no media type in ASCII",
		"endless=-1":                  `endless: "-1" is no number of bytes`,
		"endless=9223372036854775808": "is no number of bytes",
		"race":                        `race: "" is none of create, delete, domains, duplicate, value`,
		"race-after-commit=steal":     `"steal" is none of `,
		"refuse delay=1s nothing":     `"nothing" is none of `,
	} {
		_, err := nairitest.ParseFault(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
	_, err := nairitest.ParseScript("refuse", "a", "b")
	if got := strings.Split(err.Error(), "\n"); len(got) != 2 || !strings.HasPrefix(got[1], `fault "b": "b" is none of`) {
		t.Errorf("%d lines: %v; want one for each that is wrong", len(got), err)
	}
}

func FuzzParseFault(f *testing.F) {
	for _, name := range nairitest.FaultNames() {
		f.Add("always*PATCH:" + name)
		f.Add("3*look: " + name + "=503,https://a.example/ race=value")
	}
	f.Add("12*:refuse")
	f.Add("throttle=asctime,-2s  redirect=307,downgrade")
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := nairitest.ParseFault(text)
		if err != nil {
			if got := fault.String(); got != "" {
				t.Errorf("%q: a fault %q besides %v", text, got, err)
			}
			return
		}
		again, err := nairitest.ParseFault(fault.String())
		if err != nil || again.String() != fault.String() {
			t.Errorf("%q is %q, which is %q, %v", text, fault, again, err)
		}
	})
}

// TestScriptIsInOrder has each request meet the first fault that is for it.
func TestScriptIsInOrder(t *testing.T) {
	t.Parallel()
	script := nairitest.Script(t, "2*GET:status=501", "list:status=502", "status=503", "PATCH:status=504")
	b := start(t, nairitest.Options{Script: script})
	list := "/" + b.VaultID + "/secrets"
	for i, want := range []struct {
		method, path string
		status       int
		fault        string
	}{
		{"PATCH", list + "/" + noSecret, 503, "status=503"},
		{"GET", list, 501, "2*GET:status=501"},
		{"GET", "", 501, "GET:status=501"},
		{"GET", "", 200, ""},
		{"GET", list, 502, "list:status=502"},
		{"GET", list, 200, ""},
		{"PATCH", list + "/" + noSecret, 504, "PATCH:status=504"},
		{"PATCH", list + "/" + noSecret, 404, ""},
	} {
		b.call(want.method, want.path, "{}").want(t, want.status, "")
		if got := b.Requests()[i].Fault; got != want.fault {
			t.Errorf("request %d: fault %q, want %q", i, got, want.fault)
		}
	}
	if left := b.Options().Script; len(left) != 0 {
		t.Errorf("left of the script: %v", left)
	}
	if script[0].String() != "2*GET:status=501" {
		t.Errorf("the caller's script is now %v", script)
	}
}

func TestKindsOfRequests(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{})
	list, one := "/"+b.VaultID+"/secrets", "/"+b.VaultID+"/secrets/"+noSecret
	var want []nairitest.Kind
	for _, r := range []struct {
		method, path, body string
		kind               nairitest.Kind
	}{
		{"GET", list, "", nairitest.KindList},
		{"POST", list, `{}`, nairitest.KindCreate},
		{"PATCH", one, `{}`, nairitest.KindLook},
		{"PATCH", one, `{"value":"v"}`, nairitest.KindUpdate},
		{"PATCH", one, "", nairitest.KindUpdate},
		{"DELETE", one, "", nairitest.KindDelete},
		{"GET", one, "", nairitest.KindOther},
		{"GET", "", "", nairitest.KindOther},
		{"DELETE", "/" + b.VaultID, "", nairitest.KindOther},
		{"GET", "/%zz/secrets", "", nairitest.KindOther},
	} {
		if _, err := b.send(r.method, "/api/public/v1/vaults"+r.path, r.body); err == nil {
			want = append(want, r.kind)
		}
	}
	var got []nairitest.Kind
	for _, r := range b.Requests() {
		got = append(got, r.Kind)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 9 {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

// TestPageNamesEveryEffect holds the table in docs/emulator.md against the
// parser, and its examples too.
func TestPageNamesEveryEffect(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z][a-z-]*)(?:[=[][^`]*)?` \\| .* \\| `([^`]*)` \\|$").FindAllStringSubmatch(string(page), -1) {
		names = append(names, row[1])
		if f, err := nairitest.ParseFault(row[2]); err != nil || f.String() != row[2] || !strings.Contains(row[2], row[1]) {
			t.Errorf("the example %q of %s: %v", row[2], row[1], err)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(nairitest.FaultNames(), names); diff != "" {
		t.Errorf("effects in docs/emulator.md (-emulator +page):\n%s", diff)
	}
}
