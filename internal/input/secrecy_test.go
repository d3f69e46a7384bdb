package input_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/input"
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
					e, files := source(text)
					got := load(good(e).with(env{"INPUT_TRIM": trim, "INPUT_ALLOW_SUSPICIOUS_VALUE": "true"}), files)
					if want(text) == "" {
						if len(got.problems) != 1 {
							t.Fatalf("empty, and yet no problem")
						}
						return
					}
					if len(got.problems) > 0 || got.config.Want.Value.Reveal() != want(text) {
						t.Fatalf("%q became %s, want %q; %v", text, given(got.config.Want.Value), want(text), got.problems)
					}
				})
			})
		}
	}
}

func TestSecretsAreReturnedWhateverTheProblems(t *testing.T) {
	t.Parallel()
	files := env{"file": "from-file\n"}
	for _, test := range []struct {
		name   string
		change env
		want   []string
	}{
		{"no problem", nil, []string{value, key}},
		{"no value", env{"INPUT_VALUE": unset}, []string{key}},
		{"no key", env{"INPUT_API_KEY": unset}, []string{value}},
		{"key of the ecosystem", env{"INPUT_API_KEY": "", "NAIRI_API_KEY": "nr_eco"}, []string{value, "nr_eco"}},
		{"every source", env{"INPUT_VALUE_ENV": "HOLDER", "HOLDER": "from-env", "INPUT_VALUE_FILE": "file"}, []string{value, "from-env", "from-file\n", key}},
		{"unusable value", env{"INPUT_VALUE": "caf\xe9"}, []string{"caf\xe9", key}},
		{"suspicious value", env{"INPUT_VALUE": "${{ x }}"}, []string{"${{ x }}", key}},
		{"untrimmed", env{"INPUT_VALUE": "abcdef\n"}, []string{"abcdef\n", key}},
		{"agent key", env{"INPUT_API_KEY": "ccagent_synthetic"}, []string{value, "ccagent_synthetic"}},
		{"bad key", env{"INPUT_API_KEY": "two\nlines"}, []string{value, "two\nlines"}},
		{"everything else bad", env{"INPUT_VAULT_ID": "x", "INPUT_OPERATION": "x", "INPUT_DRY_RUN": "x", "INPUT_BASE_URL": "x", "INPUT_TRIM": "x"}, []string{value, key}},
		{"delete with a value", env{"INPUT_OPERATION": "delete"}, []string{value, key}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, v := range load(good(test.change), files).secrets {
				if text := v.Reveal(); text != "" {
					got = append(got, text)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
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
		{"TIMEOUT", []string{stray, "30s" + stray}},
		{"REQUEST_TIMEOUT", []string{stray, "1" + stray}},
		{"CA_CERT", []string{stray, "-----BEGIN CERTIFICATE-----\n" + stray, "/etc/" + stray}},
		{"OUTPUT_FILE", []string{stray + "\n" + stray, "a\x00" + stray, "\x1b" + stray}},
		{"DRY_RUN", []string{stray, "true" + stray}},
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
	config := fmt.Sprintf("%+v %#v %v %v", l.config, l.config, l.config.BaseURL, l.config.Want.Domains)
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

// FuzzLoad puts anything into every input, each with a mark in it by which it
// would be known anywhere else.
func FuzzLoad(f *testing.F) {
	names := make([]string, 0, len(input.Specs()))
	for _, spec := range input.Specs() {
		names = append(names, "INPUT_"+strings.ToUpper(spec.Name))
	}
	for name, text := range good(nil) {
		f.Add(index(names, name), text, uint(0), "file\xff", byte(0))
	}
	for name, text := range allBad {
		f.Add(index(names, "INPUT_"+name), text, uint(3), "", byte(1))
	}
	f.Add(index(names, "INPUT_ALLOWED_DOMAINS"), `["a.example.com","https://u:p@b.example.com"]`, uint(40), "x", byte(2))
	f.Add(index(names, "INPUT_BASE_URL"), "https://user:@[::1]:80/?#", uint(13), "x", byte(3))
	f.Add(index(names, "INPUT_VALUE_FILE"), "file", uint(4), "\ufeff\r\n", byte(4))
	f.Fuzz(func(t *testing.T, which uint, text string, at uint, file string, operation byte) {
		name := names[which%uint(len(names))]
		at %= uint(len(text)) + 1
		marked := text[:at] + stray + text[at:]
		operations := []string{"set", "create", "update", "delete", "sync"}
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
	if got.config.Sync != nil {
		return // which says in its manifest what is meant
	}
	if len(got.problems) == 0 && (got.config.BaseURL == nil || got.config.VaultID == "" || got.config.Want.Operation == "") {
		t.Errorf("no problem, and yet not complete: %+v", got.config)
	}
	if want := got.config.Want; len(got.problems) == 0 && want.SecretID == "" && want.EnvKey == "" {
		t.Error("no problem, and yet no secret is meant")
	}
}

func isStray(v secret.Value) bool { return strings.Contains(v.Reveal(), stray) }

// The same with many inputs wrong together.
func TestNoProblemHoldsWhatAnyInputHeld(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(allBad))
	rapid.Check(t, func(t *rapid.T) {
		e := good(nil)
		for _, name := range names {
			prefix := rapid.SampledFrom(prefixes).Draw(t, "prefix")
			if around := rapid.SampledFrom([]string{"", "", "%s", "https://%s", "[\"%s", "*.%s", "%s ", "$%s", "\n%s\xff"}).Draw(t, name); around != "" {
				e[prefix+name] = fmt.Sprintf(around, stray)
			}
		}
		got := load(e, nil)
		holdsNone(t, loaded{problems: got.problems, config: input.Config{Warnings: got.config.Warnings}}, stray)
	})
}
