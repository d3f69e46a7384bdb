package action

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// arrives is what Woodpecker hands a plugin for a setting: the YAML is read to
// values of Go, whose own spelling counts (woodpecker-ci/woodpecker,
// pipeline/frontend/yaml/compiler/settings/params.go). A null is handed on as nothing.
func arrives(t *testing.T, setting string) (text string, given bool) {
	t.Helper()
	var settings map[string]any
	if err := yaml.Unmarshal([]byte(setting), &settings); err != nil {
		t.Fatal(err)
	}
	value := settings["value"]
	if at, isTime := value.(time.Time); isTime {
		text, err := json.Marshal(at)
		return string(text), err == nil
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Invalid:
		return "", false
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), true
	case reflect.String, reflect.Int, reflect.Float64:
		return fmt.Sprint(value), true
	}
	t.Fatalf("%s is of type %T", setting, value)
	return "", false
}

// Each literal of the page arrives as the page says, and the step makes of it what
// the page says.
func TestThePageOfWoodpeckerSaysWhatItsYAMLMakesOfALiteral(t *testing.T) {
	t.Parallel()
	rows := regexp.MustCompile("(?m)^  \\| `(value:[^`]*)` \\| (?:`([^`]*)`)?(.*) \\|$").FindAllStringSubmatch(text(t, "docs/ci/woodpecker.md"), -1)
	if len(rows) < 7 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		literal, want, words := row[1], row[2], row[3]
		got, given := arrives(t, literal)
		if got != want || given == (words == "left out") {
			t.Errorf("%s arrives as %q, %t; the page says %q%s", literal, got, given, want, words)
		}
		if got != "" {
			continue
		}
		s := newStage(t)
		s.with, s.env, s.runners = nil, inputs{"CI": "woodpecker"}, nil
		for name, text := range map[string]string{"API_KEY": s.Key, "BASE_URL": s.BaseURL, "VAULT_ID": s.VaultID, "ENV_KEY": "TOKEN"} {
			s.env["PLUGIN_"+name] = text
		}
		if given {
			s.env["PLUGIN_VALUE"] = got
		}
		s.step(nil).ends(t, report.ExitBadInput, "failed", problem.BadInput)
	}
}
