package secret_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/secret"
)

// hidden is a text that no output of these tests may hold.
const hidden = "zq7-hidden-text"

// private holds a Value where fmt calls no methods.
type private struct {
	value   secret.Value
	pointer *secret.Value
	list    []secret.Value
	byName  map[string]secret.Value
	inner   struct{ value secret.Value }
	any     any
}

// public holds a Value where fmt and the encoders see it.
type public struct {
	Value   secret.Value
	Pointer *secret.Value
	List    []secret.Value
	ByName  map[string]secret.Value
	Inner   struct{ Value secret.Value }
	Any     any
}

// holder is an error that keeps a Value to itself.
type holder struct{ value secret.Value }

func (h holder) Error() string { return "it did not work with " + h.value.String() }

// holders are things that hold hidden, each in another way.
func holders() map[string]any {
	v := secret.New(hidden)
	private := private{value: v, pointer: &v, list: []secret.Value{v}, byName: map[string]secret.Value{"k": v}, any: v}
	private.inner.value = v
	public := public{Value: v, Pointer: &v, List: []secret.Value{v}, ByName: map[string]secret.Value{"k": v}, Any: v}
	public.Inner.Value = v
	return map[string]any{
		"value":                v,
		"pointer":              &v,
		"slice":                []secret.Value{v},
		"array":                [1]secret.Value{v},
		"slice of pointers":    []*secret.Value{&v},
		"map value":            map[string]secret.Value{"k": v},
		"map key":              map[secret.Value]int{v: 1},
		"private fields":       private,
		"pointer to private":   &private,
		"public fields":        public,
		"pointer to public":    &public,
		"error that holds one": holder{v},
		"wrapped error":        fmt.Errorf("attempt: %w", holder{v}),
		"joined errors":        errors.Join(holder{v}, fmt.Errorf("value %v", v)),
	}
}

// absentFrom fails the test if text shows hidden, whole or in an encoding that
// a formatter could have chosen.
func absentFrom(t *testing.T, text, what string) {
	t.Helper()
	for _, form := range []string{hidden, fmt.Sprintf("%x", hidden), fmt.Sprintf("%X", hidden), fmt.Sprintf("% x", hidden), fmt.Sprintf("%d", []byte(hidden))} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows the text", what)
			return
		}
	}
}

func TestNoVerbShowsTheText(t *testing.T) {
	t.Parallel()
	formats := []string{"%+v", "%#v", "%10s", "%-40v|", "%.3s", "%+q", "%#q", "%#x", "% x", "%w"}
	for verb := '!'; verb <= '~'; verb++ {
		formats = append(formats, "%"+string(verb))
	}
	for name, holder := range holders() {
		for _, format := range formats {
			absentFrom(t, fmt.Sprintf(format, holder), name+" printed with "+format)
			absentFrom(t, fmt.Errorf(format, holder).Error(), name+" in an error with "+format)
		}
		absentFrom(t, fmt.Sprint(holder), name+" printed")
		for _, wrong := range []string{"", "%[3]d", "%*d", "%!"} {
			absentFrom(t, fmt.Sprintf(wrong, holder, 1), name+" printed with the wrong "+wrong)
		}
	}
}

func TestVerbsShowTheWord(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for name, v := range map[string]secret.Value{"given": secret.New(hidden), "empty": secret.New(""), "absent": {}} {
			if got := fmt.Sprintf(verb, v); got != secret.Redacted {
				t.Errorf("%s of the %s value is %q, want %q", verb, name, got, secret.Redacted)
			}
		}
	}
}

func TestNoEncoderShowsTheText(t *testing.T) {
	t.Parallel()
	encoders := map[string]func(any) (string, error){
		"json": func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err },
		"xml":  func(v any) (string, error) { b, err := xml.Marshal(v); return string(b), err },
		"slog text": func(v any) (string, error) {
			return logged(func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }, v)
		},
		"slog json": func(v any) (string, error) {
			return logged(func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }, v)
		},
		"text/template": func(v any) (string, error) {
			var out strings.Builder
			err := template.Must(template.New("").Parse(`{{.}} {{printf "%#v" .}} {{print .}}`)).Execute(&out, v)
			return out.String(), err
		},
		"html/template": func(v any) (string, error) {
			var out strings.Builder
			err := htmltemplate.Must(htmltemplate.New("").Parse(`<p title="{{.}}">{{.}}</p><script>{{.}}</script>`)).Execute(&out, v)
			return out.String(), err
		},
	}
	for encoding, encode := range encoders {
		for name, holder := range holders() {
			text, err := encode(holder)
			absentFrom(t, text, name+" in "+encoding)
			absentFrom(t, fmt.Sprint(err), "the error for "+name+" in "+encoding)
		}
		text, err := encode(secret.New(hidden))
		if err != nil || !strings.Contains(text, secret.Redacted) {
			t.Errorf("%s gives %q, %v; want it to say %s", encoding, text, err, secret.Redacted)
		}
	}
}

func logged(handler func(io.Writer) slog.Handler, v any) (string, error) {
	var out bytes.Buffer
	slog.New(handler(&out)).With("with", v).Info("message", "attribute", v, slog.Group("group", "in", v))
	return out.String(), nil
}

var (
	_ fmt.Stringer           = secret.Value{}
	_ fmt.Formatter          = secret.Value{}
	_ encoding.TextMarshaler = secret.Value{}
)

func TestAbsentAndEmptyDiffer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		value  secret.Value
		absent bool
		text   string
	}{
		{"absent", secret.Value{}, true, ""},
		{"empty", secret.New(""), false, ""},
		{"given", secret.New("synthetic"), false, "synthetic"},
	} {
		if got := test.value.IsZero(); got != test.absent {
			t.Errorf("%s: IsZero is %v", test.name, got)
		}
		if got := test.value.Reveal(); got != test.text {
			t.Errorf("%s: Reveal gives %q, want %q", test.name, got, test.text)
		}
	}
}

func TestRevealGivesEveryTextBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "text"))
		if got := secret.New(text).Reveal(); got != text {
			t.Fatalf("got %q, want %q", got, text)
		}
	})
}
