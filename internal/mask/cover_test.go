package mask

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// left is what a runner leaves of a text once its masks are applied, without their marks.
func left(f Forms, text string) string {
	return strings.ReplaceAll(NewRedactor(Literal(f.Announce()...)).Redact(text), Mark, "")
}

// An escape of the whole gets no mask if the lines are masked in the same spelling. It then
// shows only how that spells a line end.
func TestEscapesAreCoveredByTheirLines(t *testing.T) {
	t.Parallel()
	ends := strings.NewReplacer(`\n`, "", "%0A", "", "%0a", "", "&#xA;", "")
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[a-z][!-)+-~]{3,20}`), 2, 30).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		forms := Of(secret.New(text), Options{})
		for _, form := range samples.Encodings(text) {
			if strings.Contains(form, "\n") {
				continue // it shows line by line
			}
			if rest := strings.Trim(ends.Replace(left(forms, form)), "="); rest != "" {
				t.Fatalf("%q shows of %q", rest, form)
			}
		}
	})
}

// Of an escape of JSON that is covered by the secret part shows what the same JSON has
// without that.
func TestEscapesOfJSONAreCoveredByTheirParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringMatching(`[!-)+-~]{4,24}`).Draw(t, "password")
		text := func(password string) string {
			encoded, err := json.Marshal(map[string]string{"host": "db.example.com", "password": password})
			if err != nil {
				t.Fatal(err)
			}
			return string(encoded)
		}
		if nothing(password) || strings.Contains(text(""), password) {
			t.Skip("no secret, or a part of a name")
		}
		forms := Of(secret.New(text(password)), WithParts(nil, nil))
		without := samples.Encodings(text(""))
		for i, form := range samples.Encodings(text(password)) {
			if rest := left(forms, form); strings.Trim(rest, "=") != "" && rest != without[i] {
				t.Fatalf("%q shows of %q", rest, form)
			}
		}
	})
}

// What others hide is not announced, and what they leave a secret of is.
func TestCovered(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		value     string
		told, not []string
	}{
		"lines":                  {"first-line\nsecond line", []string{"first-line", "second line", "second%20line"}, []string{`first-line\nsecond line`, "first-line%0Asecond%20line"}},
		"a line with a quote":    {"first-line\nsay \"word\"", []string{`say \"word\"`}, []string{`first-line\nsay \"word\"`}},
		"a line without a form":  {"first-line\nabc", []string{`first-line\nabc`}, nil},
		"a line that is public":  {"-----BEGIN A-----\nQUJDREVG\n-----END A-----", []string{"QUJDREVG"}, []string{`-----BEGIN A-----\nQUJDREVG\n-----END A-----`}},
		"a name":                 {"A_KEY=k3y-Zz99\nREGION=us-east-1", []string{"k3y-Zz99", "REGION=us-east-1"}, []string{"A_KEY=k3y-Zz99", "A_KEY%3Dk3y-Zz99"}},
		"a name, with a comment": {"A_KEY=k3y-Zz99 # or 0ther\nB=1", []string{"A_KEY=k3y-Zz99 # or 0ther"}, nil},
		"a name, a part altered": {"{\n  \"password\": \"k3y'Zz99\"\n}", []string{"k3y''Zz99", "k3y%27Zz99"}, nil},
		"a name, and a sign":     {"A_KEY=k3y%Zz99\nB=1", []string{"A_KEY=k3y%Zz99", "k3y%Zz99"}, nil},
		"what is no name":        {"first-line\ntLRjyW=Ut0W_Ni3Fs", []string{"tLRjyW=Ut0W_Ni3Fs", "tLRjyW%3DUt0W_Ni3Fs"}, nil},
		"JSON":                   {`{"host":"h.example.com","password":"k3y-Zz99"}`, []string{"k3y-Zz99"}, []string{`{\"host\":\"h.example.com\",\"password\":\"k3y-Zz99\"}`}},
		"JSON, a part altered":   {`{"password":"k3y'Zz99"}`, []string{`{"password":"k3y''Zz99"}`}, []string{`{\"password\":\"k3y'Zz99\"}`}},
		"JSON, spelled twice":    {`{"password":"k3y-Zz99","b":"\u006b3y-Zz99"}`, []string{`{\"password\":\"k3y-Zz99\",\"b\":\"\\u006b3y-Zz99\"}`}, nil},
		"JSON and more":          {`{"password":"k3y-Zz99"} and 0ther`, []string{`{\"password\":\"k3y-Zz99\"} and 0ther`}, nil},
		"JSON, a deep part":      {`{"password":"k3y-Zz99","a":"{\"b\":1}"}`, []string{`{\"password\":\"k3y-Zz99\",\"a\":\"{\\\"b\\\":1}\"}`}, nil},
		"JSON, a short part":     {`{"password":"k3y-Zz99","pin":"12a"}`, []string{`{\"password\":\"k3y-Zz99\",\"pin\":\"12a\"}`}, nil},
		"a URL":                  {"amqp://app:k3y-Zz99@h.example.com/app", []string{"k3y-Zz99"}, []string{`amqp:\/\/app:k3y-Zz99@h.example.com\/app`}},
		"a URL with a secret":    {"https://app:k3y-Zz99@h.example.com/T0A1B2C3D4E5", []string{`https:\/\/app:k3y-Zz99@h.example.com\/T0A1B2C3D4E5`}, nil},
		"a URL with a query":     {"amqp://app:k3y-Zz99@h.example.com/app?sslmode=require", nil, []string{`amqp:\/\/app:k3y-Zz99@h.example.com\/app?sslmode=require`}},
		"a URL with a token":     {"amqp://app:k3y-Zz99@h.example.com/app?sig=require", []string{`amqp:\/\/app:k3y-Zz99@h.example.com\/app?sig=require`}, nil},
	} {
		told := Of(secret.New(tt.value), WithParts(nil, nil)).Announce()
		for _, form := range tt.told {
			if !slices.Contains(told, form) {
				t.Errorf("%s: %q is not announced: %q", name, form, told)
			}
		}
		for _, form := range tt.not {
			if slices.Contains(told, form) {
				t.Errorf("%s: %q is announced", name, form)
			}
		}
	}
}

// A platform gets no masks for forms that it derives, and always one for what it derives them from.
func TestAnnounceBut(t *testing.T) {
	t.Parallel()
	forms := Of(secret.New(`it's "so"`), Options{})
	told := forms.AnnounceBut(RunnerEncodings)
	if !slices.Contains(told, `it's "so"`) || !slices.Contains(told, `it'\''s "so"`) {
		t.Errorf("not told of what nothing is derived to: %q", told)
	}
	for _, form := range []string{`it''s "so"`, `it's \"so\"`, "it%27s%20%22so%22", "it&apos;s &quot;so&quot;"} {
		if slices.Contains(told, form) || !slices.Contains(forms.Announce(), form) {
			t.Errorf("%q is derived by GitHub's runner alone: %q", form, told)
		}
	}
	every := func(string) []string { return forms.Announce() }
	if told := forms.AnnounceBut(every); !slices.Equal(told, []string{`it's "so"`}) {
		t.Errorf("of what derives everything is left %q", told)
	}
}

// What unmasked_parts leaves out alone is still hidden where the whole shows.
func TestUnmaskedPartsAreHiddenInTheWhole(t *testing.T) {
	t.Parallel()
	value := `{"password":"k3y-Zz99","signature":"s1gn-Zz99"}`
	forms := Of(secret.New(value), WithParts([]string{"signature"}, nil))
	for _, form := range samples.Encodings(value) {
		if strings.Contains(left(forms, form), "s1gn") {
			t.Errorf("%q shows a part", form)
		}
	}
}
