package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// keptSecret is a secret as the emulator holds it.
type keptSecret struct {
	EnvKey         string    `json:"env_key"`
	Value          string    `json:"value"`
	AllowedDomains []string  `json:"allowed_domains"`
	UpdatedAt      time.Time `json:"updated_at"`
}

// open takes from the shell how to reach the emulator, and ends that with the test.
func (l *living) open() {
	l.t.Helper()
	printed, _ := l.run(`printf '%s\n' "$NAIRI_BASE_URL" "$NAIRI_API_KEY" "$NAIRI_VAULT_ID" "$EMULATOR"`)
	l.log.Reset() // it has the key, which no page prints
	lines := strings.Fields(printed)
	if len(lines) != 4 {
		l.t.Fatalf("start.sh has set %d of 4 variables", len(lines))
	}
	pid, err := strconv.Atoi(lines[3])
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() {
		if emulator, err := os.FindProcess(pid); err == nil {
			_ = emulator.Kill()
		}
	})
	l.vault = vault{&nairitest.Server{BaseURL: lines[0], Key: lines[1], VaultID: lines[2]}}
}

// held is what the vault truly holds, by name.
func (l *living) held() map[string]keptSecret {
	l.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, l.vault.BaseURL+"/_emulator/state", nil)
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer tutorial")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var state struct {
		Vaults []struct{ Secrets []keptSecret }
	}
	if err := json.NewDecoder(response.Body).Decode(&state); err != nil || len(state.Vaults) != 1 {
		l.t.Fatalf("%d vaults, %v", len(state.Vaults), err)
	}
	held := map[string]keptSecret{}
	for _, s := range state.Vaults[0].Secrets {
		held[s.EnvKey] = s
	}
	return held
}

// holds checks the vault against what it held at first, but for the changes. When a
// secret of those was changed is not compared.
func (l *living) holds(first map[string]keptSecret, changes ...keptSecret) {
	l.t.Helper()
	want, got := map[string]keptSecret{}, l.held()
	for name, s := range first {
		want[name] = s
	}
	for _, change := range changes {
		change.UpdatedAt = got[change.EnvKey].UpdatedAt
		if change.Value == "" {
			change.Value = first[change.EnvKey].Value
		}
		want[change.EnvKey] = change
		if !change.UpdatedAt.After(first[change.EnvKey].UpdatedAt) {
			l.t.Errorf("%s was not changed", change.EnvKey)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		l.t.Errorf("- wanted, + held:\n%s", diff)
	}
}

// committed checks that nothing is left to commit, and that the newest commit is the
// first one, or changes the line of one secret and nothing else.
func (l *living) committed(name string) {
	l.t.Helper()
	team := filepath.Dir(filepath.Dir(l.file))
	if left := output(l.t, team, "git", "status", "--porcelain"); left != "" {
		l.t.Errorf("not committed: %s", left)
	}
	if name == "" {
		if lines := strings.Count(read(l.t, l.file), "{ "); lines != 30 {
			l.t.Errorf("%d entries in\n%s", lines, read(l.t, l.file))
		}
		return
	}
	var changed []string
	for line := range strings.Lines(output(l.t, team, "git", "show", "--format=", "--unified=0") + "\n") {
		if strings.HasPrefix(line, "-  ") || strings.HasPrefix(line, "+  ") {
			changed = append(changed, line[:1]+strings.TrimSpace(strings.SplitN(line[1:], ":", 2)[0]))
		}
	}
	if diff := cmp.Diff([]string{"-" + name, "+" + name}, changed); diff != "" {
		l.t.Errorf("lines, - wanted, + committed:\n%s", diff)
	}
}

// workflow runs one of the repository's workflows. VALUES has another value than the
// vault, of a rotation that has no date: it must not be written.
func (l *living) workflow(name, event string) outcome {
	l.t.Helper()
	team := filepath.Dir(filepath.Dir(l.file))
	j := job{
		text: read(l.t, filepath.Join(team, ".github", "workflows", name)), event: event, payload: payloads["on main"],
		vault: l.vault, repository: team, secrets: map[string]string{"API_KEY": l.vault.Key, "VALUES": `{"WEBHOOK_SECRET": "` + webhookValue + `"}`},
	}
	if l.github == nil {
		l.github = githubtest.New(l.t, githubtest.Options{})
	}
	j.on(l.github)
	got := j.run(l.t)
	l.all.log += got.log
	return got
}

// issue checks that there is one, in a state, with comments and texts, and no other.
func (l *living) issue(state string, comments int, texts ...string) {
	l.t.Helper()
	issues := l.github.Issues(githubtest.DefaultRepository)
	if len(issues) != 1 || issues[0].State != state {
		l.t.Fatalf("the issues are %+v, want one that is %s", issues, state)
	}
	if got := l.github.Comments(githubtest.DefaultRepository + "#" + strconv.Itoa(issues[0].Number)); len(got) != comments {
		l.t.Errorf("the comments are %+v", got)
	} else {
		for _, comment := range got {
			l.all.log += comment.Body
		}
	}
	for _, text := range texts {
		if !strings.Contains(issues[0].Body, text) {
			l.t.Errorf("%q is not in the issue:\n%s", text, issues[0].Body)
		}
	}
	l.all.log += issues[0].Body
}

// hidesAll checks that no value and no key was printed, anywhere.
func (l *living) hidesAll(first map[string]keptSecret) {
	l.t.Helper()
	l.all.log += l.log.String()
	for _, s := range first {
		l.all.hides(l.t, s.Value)
	}
	for _, value := range []string{webhookRotated.Value, webhookValue, l.vault.Key} {
		l.all.hides(l.t, value)
	}
}
