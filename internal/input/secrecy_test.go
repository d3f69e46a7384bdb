package input_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// texts draws a text that can be a value: valid UTF-8 without NUL, and often
// with what somebody might want to tidy.
var texts = rapid.Custom(func(t *rapid.T) string {
	part := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{" ", "\t", "\r", "\n", "\r\n", "-", "@", "$", "%", "%0A", "'", `"`, "\\", "\\n", "::", "$(x)", "${X}", "ü", "\u2028", "\ufeff", ","}),
	)
	return strings.Join(rapid.SliceOf(part).Draw(t, "parts"), "")
}).Filter(func(text string) bool {
	return utf8.ValidString(text) && !strings.Contains(text, "\x00") && text != input.NotGiven
})

// oneNewlineLess is the rule of trim: newline, in other words than the code's.
func oneNewlineLess(text string) string {
	switch {
	case strings.HasSuffix(text, "\r\n"):
		return text[:len(text)-2]
	case strings.HasSuffix(text, "\n"):
		return text[:len(text)-1]
	}
	return text
}

// sources are the ways to give a value: the environment, and the file that it names.
var sources = map[string]func(text string) (e, files env){
	"value":  func(text string) (env, env) { return env{"INPUT_VALUE": text}, nil },
	"plugin": func(text string) (env, env) { return env{"INPUT_VALUE": unset, "PLUGIN_VALUE": text}, nil },
	"value_env": func(text string) (env, env) {
		return env{"INPUT_VALUE": unset, "INPUT_VALUE_ENV": "HOLDER", "HOLDER": text}, nil
	},
	"value_file": func(text string) (env, env) {
		return env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "a file"}, env{"a file": text}
	},
}

// What base64 stands for arrives byte for byte, whatever trim is, and in the lines
// of any program.
func TestBase64IsByteExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Filter(func(text string) bool { return text != "" }).Draw(t, "text")
		encoded := base64.StdEncoding.EncodeToString([]byte(text))
		if width := rapid.SampledFrom([]int{0, 4, 64, 76}).Draw(t, "width"); width > 0 {
			encoded = inLines(encoded, width, rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end"))
		}
		got := load(good(env{
			"INPUT_VALUE": encoded, "INPUT_VALUE_ENCODING": "base64", "INPUT_ALLOW_SUSPICIOUS_VALUE": "true",
			"INPUT_TRIM": rapid.SampledFrom([]string{"newline", "none"}).Draw(t, "trim"),
		}), nil)
		if len(got.problems) > 0 || got.one().Value.Reveal() != text {
			t.Fatalf("%q became %s; %v", text, given(got.one().Value), got.problems)
		}
	})
}

// inLines cuts a text into lines of a width.
func inLines(text string, width int, end string) string {
	var lines strings.Builder
	for line := range slices.Chunk([]byte(text), width) {
		lines.Write(line)
		lines.WriteString(end)
	}
	return lines.String()
}

func TestValuesAreByteExact(t *testing.T) {
	t.Parallel()
	for name, source := range sources {
		for trim, want := range map[string]func(string) string{
			"":        oneNewlineLess,
			"newline": oneNewlineLess,
			"none":    func(text string) string { return text },
		} {
			t.Run(name+" trim "+trim, func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(t *rapid.T) {
					text := texts.Draw(t, "text")
					if name == "value_file" && trim != "none" {
						text = strings.TrimLeft(text, "\ufeff") // of which one is dropped
					}
					e, files := source(text)
					got := load(good(e).with(env{"INPUT_TRIM": trim, "INPUT_ALLOW_SUSPICIOUS_VALUE": "true"}), files)
					if want(text) == "" {
						if len(got.problems) != 1 {
							t.Fatalf("empty, and yet no problem")
						}
						return
					}
					if len(got.problems) > 0 || got.one().Value.Reveal() != want(text) {
						t.Fatalf("%q became %s, want %q; %v", text, given(got.one().Value), want(text), got.problems)
					}
				})
			})
		}
	}
}

// Whatever the operation is, and whatever else is wrong, every secret is returned
// that stands in an input or where one says: it is masked before any of that is
// told. Nothing else is.
func TestEverySecretIsReturnedWhateverIsWrong(t *testing.T) {
	t.Parallel()
	bad := env{}
	for _, spec := range input.Specs() {
		if name := "INPUT_" + strings.ToUpper(spec.Name); good(nil)[name] == "" && spec.Default != input.NotGiven {
			bad[name] = "x y"
		}
	}
	delete(bad, "INPUT_ENV_JSON")
	delete(bad, "INPUT_GITHUB_TOKEN")
	for _, test := range []struct {
		change env
		want   []string
	}{
		{nil, []string{value, key}},
		{env{"INPUT_VALUE": unset}, []string{key}},
		{env{"INPUT_API_KEY": unset}, []string{value}},
		{env{"INPUT_API_KEY": "", "NAIRI_API_KEY": "nr_eco"}, []string{value, "nr_eco"}},
		{env{"INPUT_API_KEY": "ccagent_synthetic"}, []string{value, "ccagent_synthetic"}},
		{env{"INPUT_API_KEY": "two\nlines"}, []string{value, "two\nlines"}},
		{env{"INPUT_VALUE_ENV": "HOLDER", "HOLDER": "from-env", "INPUT_VALUE_FILE": "file"}, []string{value, "from-env", "from-file\n", key}},
		{env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "long"}, []string{strings.Repeat("x", secret.MaxSize+5), key}},
		{env{"INPUT_VALUE": "caf\xe9"}, []string{"caf\xe9", key}},
		{env{"INPUT_VALUE": unset, "INPUT_VALUE_FILE": "marked"}, []string{"\ufefffrom-file\n", "from-file\n", key}},
		{env{"INPUT_VALUE": "c3ludGhldGlj\nLXZhbHVl\n", "INPUT_VALUE_ENCODING": "base64"}, []string{"c3ludGhldGlj\nLXZhbHVl\n", value, key}},
		{env{"INPUT_VALUE": "MIIKBQIBAzCCCc8=", "INPUT_VALUE_ENCODING": "base64"}, []string{"MIIKBQIBAzCCCc8=", "0\x82\n\x05\x02\x01\x030\x82\t\xcf", key}},
		{env{"INPUT_VALUE": "no base64", "INPUT_VALUE_ENCODING": "base64"}, []string{"no base64", key}},
		{env{"INPUT_VALUE": "${{ x }}"}, []string{"${{ x }}", key}},
		{env{"INPUT_VALUE": "abcdef\n"}, []string{"abcdef\n", key}},
		{env{"INPUT_GITHUB_TOKEN": "ghs_synthetic"}, []string{value, key, "ghs_synthetic"}},
		{env{"INPUT_ENV_JSON": `{"A": "value-of-a", "B": "value-of-b"}`}, []string{value, key, "value-of-a", "value-of-b"}},
		{env{"INPUT_ENV_JSON": "no-json"}, []string{value, key, "no-json"}},
		{env{"INPUT_ENV_JSON": `{"A": ["value-of-a"]}`}, []string{value, key, `{"A": ["value-of-a"]}`}},
		{env{"HTTPS_PROXY": "http://u:proxy-password@p.example.com", "http_proxy": "http://plain.example.com"}, []string{value, key, "http://u:proxy-password@p.example.com"}},
	} {
		for _, operation := range operations() {
			for _, others := range []env{nil, bad} {
				var got []string
				e := good(others).with(env{"INPUT_OPERATION": operation}).with(test.change)
				for _, text := range secretsOf(load(e, env{"file": "from-file\n", "marked": "\ufefffrom-file\n", "long": strings.Repeat("x", secret.MaxSize+6)})) {
					if text != "" {
						got = append(got, text)
					}
				}
				if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(test.want))) {
					t.Errorf("%v for %s: got %.200q", test.change, operation, got)
				}
			}
		}
	}
}

// stray is a secret text put where it does not belong. No problem, warning or
// field of Config may hold it.
const stray = "zq7stray9"

func TestAStraySecretGoesNoFurther(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		input    string
		contents []string
	}{
		{"OPERATION", []string{stray, "set " + stray, "set\n" + stray}},
		{"API_KEY", []string{"ccagent_" + stray, stray + "\n" + stray, stray + "é"}},
		{"BASE_URL", []string{
			stray, "https://user:" + stray + "@api.example.com", "https://" + stray + "@api.example.com", "https://api.example.com?key=" + stray,
			"https://api.example.com#" + stray, "http://" + stray + ".example.com", "ftp://" + stray, "https://api.example.com:" + stray,
			"https://[" + stray, "https://a.example/%zz" + stray, "\x7f" + stray, "https://a b" + stray,
		}},
		{"VAULT_ID", []string{stray, "vlt_" + stray, "sec_" + stray, strings.ToUpper(stray), stray + " " + stray, "nr_" + stray}},
		{"SECRET_ID", []string{stray, "sec_" + stray, "vlt_" + stray, secretID + stray}},
		{"ENV_KEY", []string{stray + "!", "NAIRI_" + stray, "CCAGENT_" + stray, "CCASECRET_" + stray, "1" + stray, stray + "=1"}},
		{"VALUE", []string{stray + "\xff", stray + "\x00", "\xff\xfe" + stray, "${{ " + stray + " }}", "$" + strings.ToUpper(stray), "CCASECRET_" + stray, " " + stray, "'" + stray + "'"}},
		{"VALUE_ENV", []string{stray, "$" + stray, stray + "=1", " " + stray + "\n", "a\x00" + stray}},
		{"VALUE_FILE", []string{stray, "/tmp/" + stray, "../" + stray + "\n"}},
		{"VALUE_ENCODING", []string{stray, "base64 " + stray}},
		{"TRIM", []string{stray, "none," + stray}},
		{"ALLOWED_DOMAINS", []string{
			"https://user:" + stray + "@api.example.com/", "user:" + stray + "@api.example.com", "api.example.com/" + stray, stray + "!",
			`["` + stray + `"`, `[{"` + stray + `":1}]`, `["` + stray + `!"]`, "a.example.com\n" + stray + "!", stray + ".example.com, *",
			"*." + stray + ".*", "api.example.com:" + stray, "a." + stray + " b",
		}},
		{"ALLOW_ANY_DOMAIN", []string{stray}},
		{"ALLOW_SUSPICIOUS_VALUE", []string{stray}},
		{"IF_UPDATED_AT", []string{stray, "2026-04-25T11:45:19." + stray}},
		{"MASK_PARTS", []string{stray}},
		{"UNMASKED_PARTS", []string{"host=" + stray, "'" + stray + "'", "host, https://user:" + stray + "@api.example.com"}},
		{"TIMEOUT", []string{stray, "30s" + stray}},
		{"REQUEST_TIMEOUT", []string{stray, "1" + stray}},
		{"CA_CERT", []string{stray, "-----BEGIN CERTIFICATE-----\n" + stray, "/etc/" + stray}},
		{"OUTPUT_FILE", []string{stray + "\n" + stray, "a\x00" + stray, "\x1b" + stray}},
		{"DRY_RUN", []string{stray, "true" + stray}},
		{"GENERATE", []string{stray, "hex" + stray}},
		{"GENERATE_BYTES", []string{stray, "32" + stray}},
		{"GENERATE_LENGTH", []string{stray}},
		{"GENERATE_SYMBOLS", []string{stray}},
		{"GENERATED_FILE", []string{stray, "a\n" + stray}},
		{"GENERATED_ENV", []string{stray, stray + "=1"}},
		{"MIRROR", []string{stray, "repo:" + stray, "repo:octo/cats, " + stray, "org:octo:" + stray}},
	} {
		for _, content := range test.contents {
			for _, prefix := range prefixes {
				change := env{"INPUT_" + test.input: unset}
				if strings.HasPrefix(test.input, "VALUE") {
					change["INPUT_VALUE"] = unset
				}
				got := load(good(change).with(env{prefix + test.input: content}), nil)
				if len(got.problems)+len(got.config.Warnings) == 0 {
					t.Errorf("%s as %q is no problem", test.input, content)
				}
				holdsNone(t, got, stray)
			}
		}
	}
}

// tester is what a test and a property have in common.
type tester interface {
	Helper()
	Errorf(string, ...any)
}

// holdsNone fails the test if anything but a secret.Value holds text, in any
// case of letters.
func holdsNone(t tester, l loaded, text string) {
	t.Helper()
	config := fmt.Sprintf("%+v %#v %v %v", l.config, l.config, l.config.BaseURL, l.one().Domains)
	asJSON, err := json.Marshal(l.config)
	shown := map[string]string{
		"problems": l.problems.Error() + fmt.Sprintf("%+v", l.problems),
		"warnings": l.config.Warnings.Error(),
		"config":   config,
		"JSON":     string(asJSON) + fmt.Sprint(err),
		"CA":       string(l.config.CACert),
	}
	for _, problem := range l.problems {
		shown["causes"] += fmt.Sprintf("%v %+v", problem.Cause, problem.Cause)
	}
	for where, shown := range shown {
		if strings.Contains(strings.ToLower(shown), strings.ToLower(text)) {
			t.Errorf("%s hold what an input held", where)
		}
	}
}

// FuzzCheck puts anything into every input, each with a mark in it by which it
// would be known anywhere else.
func FuzzCheck(f *testing.F) {
	names := make([]string, 0, len(input.Specs()))
	for _, spec := range input.Specs() {
		names = append(names, "INPUT_"+strings.ToUpper(spec.Name))
	}
	for base := range bases {
		archive, _ := cases(f, base)
		for i, file := range archive.Files {
			given, _ := splitCase(file.Data)
			vars, _ := environments(f, base, given, "INPUT_")
			for name, text := range vars {
				if strings.HasPrefix(name, "INPUT_") {
					f.Add(index(names, name), text, uint(i), "file\xff", byte(i))
				}
			}
		}
	}
	f.Add(index(names, "INPUT_ALLOWED_DOMAINS"), `["a.example.com","https://u:p@b.example.com"]`, uint(40), "x", byte(2))
	f.Add(index(names, "INPUT_BASE_URL"), "https://user:@[::1]:80/?#", uint(13), "x", byte(3))
	f.Add(index(names, "INPUT_VALUE_FILE"), "file", uint(4), "\ufeff\r\n", byte(4))
	f.Add(index(names, "INPUT_RESULTS_FILE"), "file", uint(4), "x", byte(0))
	f.Fuzz(func(t *testing.T, which uint, text string, at uint, file string, operation byte) {
		name := names[which%uint(len(names))]
		at %= uint(len(text)) + 1
		marked := text[:at] + stray + text[at:]
		operations := []string{"set", "create", "update", "delete", "sync", "lint", "export", "check", "generate"}
		e := good(env{"INPUT_OPERATION": operations[int(operation)%len(operations)], name: marked})
		checkLoad(t, e, env{marked: file}, name)
	})
}

func index(names []string, name string) uint { return uint(slices.Index(names, name)) }

// checkLoad checks what holds for every environment of which one input, name,
// has the stray text in it.
func checkLoad(t *testing.T, e, files env, name string) {
	t.Helper()
	got := load(e, files)
	label := strings.ToLower(strings.TrimPrefix(name, "INPUT_"))
	if label == "manifest" { // the name of one that can be read is shown, as FILE:LINE
		for i := range got.problems {
			got.problems[i].File = ""
		}
		got.config.Manifest = ""
	}
	if label == "secrets" { // of which a key that looks like a name is shown; package manifest tests which
		for i := range got.problems {
			got.problems[i].Key = ""
		}
	}
	if label == "mirror" { // a place that can be one is shown
		for _, vault := range got.config.Vaults {
			for i := range vault.Secrets {
				vault.Secrets[i].Mirrors = nil
			}
		}
	}
	unusable := false
	for _, problem := range got.problems {
		if strings.ContainsAny(problem.Text+problem.Input, "\r\n") {
			t.Errorf("a problem of several lines: %q", problem)
		}
		unusable = unusable || problem.Input == label
	}
	problemsOnly := loaded{problems: got.problems, config: input.Config{Warnings: got.config.Warnings}}
	holdsNone(t, problemsOnly, stray)
	if unusable {
		holdsNone(t, got, stray)
	}
	if secretInput := label == "value" || label == "api_key"; secretInput && !slices.ContainsFunc(got.secrets, isStray) {
		t.Error("a secret was not returned")
	}
	if got.config.Manifest != "" || got.config.Operation == plan.OpGenerate {
		return // which says in its manifest what is meant, or means no secret
	}
	if len(got.problems) == 0 && (got.config.BaseURL == nil || len(got.config.Vaults) != 1 || got.config.Vaults[0].ID == "" || got.one().Operation == "") {
		t.Errorf("no problem, and yet not complete: %+v", got.config)
	}
	if want := got.one(); len(got.problems) == 0 && want.SecretID == "" && want.EnvKey == "" {
		t.Error("no problem, and yet no secret is meant")
	}
}

func isStray(v secret.Value) bool { return strings.Contains(v.Reveal(), stray) }

// What one operation takes another refuses, and it is told that it does without being kept.
func TestAStrayTextGoesNoFurtherWhateverTheOperation(t *testing.T) {
	t.Parallel()
	for _, operation := range slices.Concat(plan.Operations, plan.OfManifest, plan.OfNone) {
		for _, spec := range input.Specs() {
			name := "INPUT_" + strings.ToUpper(spec.Name)
			for _, text := range []string{stray, "/tmp/" + stray, "repo:octo/" + stray} {
				for _, generate := range []string{unset, "hex"} {
					checkLoad(t, good(env{"INPUT_OPERATION": string(operation), "INPUT_GENERATE": generate, name: text}), env{text: "x", stray: "x"}, name)
				}
			}
			if t.Failed() {
				t.Fatalf("operation %s, %s", operation, spec.Name)
			}
		}
	}
}

// The same with many inputs wrong together.
func TestNoProblemHoldsWhatAnyInputHeld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := good(nil)
		for _, spec := range input.Specs() {
			name := strings.ToUpper(spec.Name)
			prefix := rapid.SampledFrom(prefixes).Draw(t, "prefix")
			if around := rapid.SampledFrom([]string{"", "", "%s", "https://%s", "[\"%s", "*.%s", "%s ", "$%s", "\n%s\xff"}).Draw(t, name); around != "" {
				e[prefix+name] = fmt.Sprintf(around, stray)
			}
		}
		got := load(e, nil)
		holdsNone(t, loaded{problems: got.problems, config: input.Config{Warnings: got.config.Warnings}}, stray)
	})
}
