package githubtest_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/nacl/box"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// ask sends a request as GitHub documents it, and reads its answer, if it is JSON.
func ask(t *testing.T, server *githubtest.Server, method, path string, body, into any) (status int) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return resp.StatusCode
}

// put seals a value for a folder of secrets and writes it.
func put(t *testing.T, server *githubtest.Server, folder, name, value string, more map[string]any) (status int) {
	t.Helper()
	var key struct {
		ID  string `json:"key_id"`
		Key []byte `json:"key"`
	}
	ask(t, server, http.MethodGet, folder+"/public-key", nil, &key)
	sealed, err := box.SealAnonymous(nil, []byte(value), (*[32]byte)(key.Key), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]any{"key_id": key.ID, "encrypted_value": base64.StdEncoding.EncodeToString(sealed)}
	for name, value := range more {
		body[name] = value
	}
	return ask(t, server, http.MethodPut, folder+"/"+name, body, nil)
}

// at is a server whose clock is at a time that is no whole second.
func at(t *testing.T) (*githubtest.Server, time.Time) {
	t.Helper()
	now := time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC)
	server := githubtest.New(t, githubtest.Options{})
	server.SetClock(func() time.Time { return now.Add(999 * time.Millisecond) })
	return server, now
}

func TestSecretIsMadeAndThenReplaced(t *testing.T) {
	t.Parallel()
	for place, folder := range map[string]string{
		githubtest.RepositorySecrets:  "/repos/octo/cats/actions/secrets",
		githubtest.EnvironmentSecrets: "/repos/octo/cats/environments/production/secrets",
		githubtest.DependabotSecrets:  "/repos/octo/cats/dependabot/secrets",
	} {
		server, now := at(t)
		for _, write := range []struct {
			name, value string
			status      int
		}{{"Token", "one", http.StatusCreated}, {"TOKEN", "two", http.StatusNoContent}} {
			if got := put(t, server, folder, write.name, write.value, nil); got != write.status {
				t.Errorf("%s: status %d, want %d", place, got, write.status)
			}
			want := []githubtest.Secret{{Name: "TOKEN", Value: write.value, CreatedAt: now, UpdatedAt: now}}
			if d := gocmp.Diff(want, server.Secrets(place)); d != "" {
				t.Errorf("%s (-want +got):\n%s", place, d)
			}
		}
	}
}

func TestSecretOfAnOrganizationHasThoseReadersThatItIsWrittenWith(t *testing.T) {
	t.Parallel()
	server, now := at(t)
	for _, write := range []struct {
		more map[string]any
		want githubtest.Secret
	}{
		{map[string]any{"visibility": "selected", "selected_repository_ids": []int{3, 5}}, githubtest.Secret{Visibility: "selected", Repositories: []int{3, 5}}},
		{map[string]any{"visibility": "selected", "selected_repository_ids": []int{}}, githubtest.Secret{Visibility: "selected", Repositories: []int{}}},
		{map[string]any{"visibility": "all"}, githubtest.Secret{Visibility: "all"}},
	} {
		put(t, server, "/orgs/octo/actions/secrets", "TOKEN", "one", write.more)
		write.want.Name, write.want.Value, write.want.CreatedAt, write.want.UpdatedAt = "TOKEN", "one", now, now
		if d := gocmp.Diff([]githubtest.Secret{write.want}, server.Secrets(githubtest.OrganizationSecrets)); d != "" {
			t.Errorf("%v (-want +got):\n%s", write.more, d)
		}
	}
	if got := put(t, server, "/orgs/octo/actions/secrets", "TOKEN", "two", map[string]any{"visibility": "everyone"}); got != http.StatusUnprocessableEntity {
		t.Errorf("an unknown visibility: status %d", got)
	}
}

func TestSecretsThatGitHubDoesNotTake(t *testing.T) {
	t.Parallel()
	server, _ := at(t)
	for name, value := range map[string]string{"GITHUB_TOKEN": "one", "github_token": "one", "1ST": "one", "A-B": "one", "LONG": strings.Repeat("x", 48<<10+1)} {
		if got := put(t, server, "/repos/octo/cats/actions/secrets", name, value, nil); got != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, got)
		}
	}
	if there := server.Secrets(githubtest.RepositorySecrets); len(there) > 0 {
		t.Errorf("%d secrets were written", len(there))
	}
}

func TestAccessToThePlacesOfSecrets(t *testing.T) {
	t.Parallel()
	const folder = "/repos/octo/cats/actions/secrets"
	for access, want := range map[githubtest.Access][2]int{
		githubtest.Reads:   {http.StatusOK, http.StatusForbidden},
		githubtest.Refused: {http.StatusForbidden, http.StatusForbidden},
		githubtest.Hidden:  {http.StatusNotFound, http.StatusNotFound},
	} {
		server, _ := at(t)
		server.Grant(githubtest.RepositorySecrets, access)
		read := ask(t, server, http.MethodGet, folder+"?per_page=100&page=1", nil, nil)
		written := ask(t, server, http.MethodPut, folder+"/TOKEN", map[string]any{}, nil)
		if got := [2]int{read, written}; got != want {
			t.Errorf("%d: %v, want %v", access, got, want)
		}
	}
}

// A fault strikes all requests that begin as it says, word for word.
func TestFaultsOfSecretsStrikeByKindPlaceOrName(t *testing.T) {
	t.Parallel()
	const folder = "/repos/octo/cats/actions/secrets"
	for on, strikes := range map[string]bool{
		"": true, "secret": true, "secret repo:octo/cats": true, "secret repo:octo/cats ONE": true,
		"secrets": false, "secret repo:octo": false, "secret org:octo": false, "secret repo:octo/cats TWO": false, "write": false,
	} {
		server, _ := at(t)
		server.AddSecret(githubtest.RepositorySecrets, githubtest.Secret{Name: "ONE"})
		server.Fail(githubtest.Fault{On: on, Answer: githubtest.Status(http.StatusTeapot)})
		if got := ask(t, server, http.MethodGet, folder+"/ONE", nil, nil); (got == http.StatusTeapot) != strikes {
			t.Errorf("%q: status %d", on, got)
		}
	}
}
