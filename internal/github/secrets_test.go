package github_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/github"
	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// The places of the stand-in, by short names.
const (
	inRepo       = githubtest.RepositorySecrets
	inProduction = githubtest.EnvironmentSecrets
	inOrg        = githubtest.OrganizationSecrets
	inDependabot = githubtest.DependabotSecrets
)

// noon is when the secrets of these tests are from.
var noon = time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC)

// target is the target that a mirror spells so.
func target(t testing.TB, spelled string) mirror.Target {
	t.Helper()
	parsed, err := mirror.Parse(spelled)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// writable is the target of a place into which a new secret can be written.
func writable(t testing.TB, place string) mirror.Target {
	t.Helper()
	to := target(t, place)
	if to.Store == mirror.Organization {
		to.Visibility = mirror.Private
	}
	return to
}

// secretsOf are the secrets of a server, for a client that is new.
func secretsOf(t *testing.T, server *githubtest.Server) *github.Secrets {
	t.Helper()
	return newClient(t, options(server)).Secrets(rand.Reader)
}

// wantSecrets compares the secrets of a place.
func wantSecrets(t testing.TB, server *githubtest.Server, place string, want ...githubtest.Secret) {
	t.Helper()
	if d := gocmp.Diff(want, server.Secrets(place)); d != "" {
		t.Errorf("%s (-want +got):\n%s", place, d)
	}
}

func TestSecretIsWrittenToEveryKindOfPlace(t *testing.T) {
	t.Parallel()
	for _, place := range githubtest.Places {
		server := githubtest.New(t, githubtest.Options{})
		server.SetClock(func() time.Time { return noon })
		secrets, to := secretsOf(t, server), writable(t, place)
		for _, write := range []struct {
			value   string
			created bool
		}{{"one", true}, {"two\nlines ü 🐈", false}, {strings.Repeat("x", mirror.MaxSize), false}} {
			created, err := secrets.Write(t.Context(), to, "TOKEN", secret.New(write.value))
			if err != nil || created != write.created {
				t.Errorf("%s: %v, created is %v", place, err, created)
			}
			wantSecrets(t, server, place, githubtest.Secret{Name: "TOKEN", Value: write.value, CreatedAt: noon, UpdatedAt: noon, Visibility: string(to.Visibility)})
		}
	}
}

// A key is asked for once, and what changes nothing is not asked for twice.
func TestWhatIsAskedOfEachPlace(t *testing.T) {
	t.Parallel()
	for place, want := range map[string][]string{
		inRepo:       {"key", "secrets", "write TOKEN", "write OTHER"},
		inProduction: {"key", "secrets", "write TOKEN", "write OTHER"},
		inDependabot: {"key", "secrets", "write TOKEN", "write OTHER"},
		inOrg:        {"key", "secrets", "secret TOKEN", "write TOKEN", "secret OTHER", "write OTHER"},
	} {
		server := githubtest.New(t, githubtest.Options{})
		secrets, to := secretsOf(t, server), writable(t, place)
		for _, name := range []string{"TOKEN", "OTHER"} {
			if _, err := secrets.Look(t.Context(), to, name); err != nil {
				t.Error(err)
			}
		}
		for _, name := range []string{"TOKEN", "OTHER"} {
			if _, err := secrets.Write(t.Context(), to, name, secret.New("one")); err != nil {
				t.Error(err)
			}
		}
		var asked []string
		for _, request := range server.Requests() {
			asked = append(asked, strings.Replace(request, " "+place, "", 1))
		}
		if d := gocmp.Diff(want, asked); d != "" {
			t.Errorf("%s (-want +got):\n%s", place, d)
		}
	}
}

func TestLookTellsWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, place := range githubtest.Places {
		server := githubtest.New(t, githubtest.Options{})
		server.AddSecret(place, githubtest.Secret{Name: "TOKEN", UpdatedAt: noon, Visibility: "all"})
		states, err := secretsOf(t, server).Look(t.Context(), writable(t, place), "TOKEN", "token", "OTHER")
		there := mirror.State{Known: true, There: true, UpdatedAt: noon}
		want := map[string]mirror.State{"TOKEN": there, "token": there, "OTHER": {Known: true}}
		if d := gocmp.Diff(want, states); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", place, err, d)
		}
	}
}

func TestNamesOfSecretsHaveNoCase(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.SetClock(func() time.Time { return noon })
	server.AddSecret(inRepo, githubtest.Secret{Name: "TOKEN", Value: "old"})
	if created, err := secretsOf(t, server).Write(t.Context(), target(t, inRepo), "token", secret.New("new")); created || err != nil {
		t.Errorf("%v, created is %v", err, created)
	}
	wantSecrets(t, server, inRepo, githubtest.Secret{Name: "TOKEN", Value: "new", CreatedAt: noon, UpdatedAt: noon})
}

func TestEnvironmentWithAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b", "pr/7", "100%", "ü?#", "../x", "%2F"} {
		server := githubtest.New(t, githubtest.Options{})
		place := "env:octo/cats/" + name
		server.AddPlace(place)
		if _, err := secretsOf(t, server).Write(t.Context(), target(t, place), "TOKEN", secret.New("one")); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if there := server.Secrets(place); len(there) != 1 || there[0].Value != "one" {
			t.Errorf("%s: it was not written", name)
		}
	}
}

func TestAllPagesOfAListAreRead(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	for i := range 1000 {
		server.AddSecret(inOrg, githubtest.Secret{Name: fmt.Sprintf("TOKEN_%03d", i), Visibility: "all", UpdatedAt: noon})
	}
	states, err := secretsOf(t, server).Look(t.Context(), target(t, inOrg), "TOKEN_000", "TOKEN_999")
	if err != nil || !states["TOKEN_000"].There || !states["TOKEN_999"].There {
		t.Errorf("%v, %v", states, err)
	}
	if n := len(server.Requests()); n != 11 {
		t.Errorf("%d requests", n)
	}
}

func TestListOfSecretsThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	for i := range 2001 {
		server.AddSecret(inOrg, githubtest.Secret{Name: fmt.Sprint("TOKEN_", i), Visibility: "all"})
	}
	_, err := secretsOf(t, server).Look(t.Context(), target(t, inOrg), "TOKEN_1")
	wantError(t, err, "list the secrets of org:octo: the list does not end")
}

// A secret of an organization keeps its readers, or gets those that the mirror names.
func TestReadersOfASecretOfAnOrganization(t *testing.T) {
	t.Parallel()
	chosen := make([]int, 250)
	for i := range chosen {
		chosen[i] = i + 1
	}
	for _, test := range []struct {
		there string // "" for none
		to    string
		want  string // "" for a refusal
	}{
		{"", "org:octo", ""},
		{"", "org:octo:all", "all"},
		{"", "org:octo:private", "private"},
		{"", "org:octo:selected", "selected"},
		{"all", "org:octo", "all"},
		{"private", "org:octo", "private"},
		{"selected", "org:octo", "selected"},
		{"all", "org:octo:private", "private"},
		{"private", "org:octo:selected", "selected"},
		{"selected", "org:octo:selected", "selected"},
		{"selected", "org:octo:private", "private"},
	} {
		server := githubtest.New(t, githubtest.Options{})
		if test.there != "" {
			old := githubtest.Secret{Name: "TOKEN", Value: "old", Visibility: test.there}
			if test.there == "selected" {
				old.Repositories = chosen
			}
			server.AddSecret(inOrg, old)
		}
		secrets, to := secretsOf(t, server), target(t, test.to)
		_, looked := secrets.Look(t.Context(), to, "TOKEN")
		_, err := secrets.Write(t.Context(), to, "TOKEN", secret.New("new"))
		if test.want == "" {
			const refused = "write TOKEN to org:octo: it is not there yet, so the mirror must say who may read it: org:octo:all, org:octo:private or org:octo:selected"
			wantError(t, looked, refused)
			wantError(t, err, refused)
			wantSecrets(t, server, inOrg)
			continue
		}
		there := server.Secrets(inOrg)
		if looked != nil || err != nil || len(there) != 1 || there[0].Value != "new" || there[0].Visibility != test.want {
			t.Errorf("%q to %s: %v, %v, %v", test.there, test.to, looked, err, there)
			continue
		}
		if kept := test.there == "selected" && test.want == "selected"; kept != slices.Equal(there[0].Repositories, chosen) {
			t.Errorf("%q to %s: %d repositories may read it", test.there, test.to, len(there[0].Repositories))
		}
	}
}

// A person may change the readers between the look and the write.
func TestReadersThatChangeMeanwhileAreKept(t *testing.T) {
	t.Parallel()
	for _, after := range []githubtest.Secret{
		{Name: "TOKEN", Value: "old", Visibility: "private"},
		{Name: "TOKEN", Value: "old", Visibility: "selected", Repositories: []int{3, 5}},
	} {
		server := githubtest.New(t, githubtest.Options{})
		server.SetClock(func() time.Time { return noon })
		server.AddSecret(inOrg, githubtest.Secret{Name: "TOKEN", Value: "old", Visibility: "all"})
		secrets, to := secretsOf(t, server), target(t, inOrg)
		if _, err := secrets.Look(t.Context(), to, "TOKEN"); err != nil {
			t.Fatal(err)
		}
		server.AddSecret(inOrg, after)
		if _, err := secrets.Write(t.Context(), to, "TOKEN", secret.New("new")); err != nil {
			t.Error(err)
		}
		after.Value, after.CreatedAt, after.UpdatedAt = "new", noon, noon
		wantSecrets(t, server, inOrg, after)
	}
}

func TestSecretOfAnOrganizationThatGoesMeanwhileIsNotMadeAnew(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.AddSecret(inOrg, githubtest.Secret{Name: "TOKEN", Visibility: "private"})
	secrets, to := secretsOf(t, server), target(t, inOrg)
	if _, err := secrets.Look(t.Context(), to, "TOKEN"); err != nil {
		t.Fatal(err)
	}
	server.DeleteSecret(inOrg, "TOKEN")
	_, err := secrets.Write(t.Context(), to, "TOKEN", secret.New("new"))
	wantError(t, err, "write TOKEN to org:octo: it is not there yet, so the mirror must say who may read it: org:octo:all, org:octo:private or org:octo:selected")
	wantSecrets(t, server, inOrg)
}

// What a token does not see it would deselect.
func TestSecretThatATokenWouldTakeAwayIsNotWritten(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	server.AddSecret(inOrg, githubtest.Secret{Name: "TOKEN", Visibility: "selected", Repositories: []int{3, 5, 8}, UpdatedAt: noon})
	server.Unsee(inOrg, 1)
	const want = "list the repositories that may read TOKEN of org:octo: the token sees 2 of the 3, and a write by it would take the secret away from the others"
	secrets := secretsOf(t, server)
	_, err := secrets.Look(t.Context(), target(t, inOrg), "TOKEN")
	wantError(t, err, want)
	_, err = secrets.Write(t.Context(), target(t, inOrg), "TOKEN", secret.New("new"))
	wantError(t, err, want)
	wantSecrets(t, server, inOrg, githubtest.Secret{Name: "TOKEN", Visibility: "selected", Repositories: []int{3, 5, 8}, CreatedAt: noon, UpdatedAt: noon})
}

func TestForgesAreNoMirrors(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{Gitea: true})
	_, err := secretsOf(t, server).Look(t.Context(), target(t, inRepo), "TOKEN")
	wantError(t, err, "look at repo:octo/cats: Gitea and Forgejo have another API for secrets; only GitHub's can be a mirror")
	wantRequests(t, server)
}

func TestSecretsOfAnEnterpriseServer(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{Enterprise: true})
	for _, place := range githubtest.Places {
		if _, err := secretsOf(t, server).Write(t.Context(), writable(t, place), "TOKEN", secret.New("one")); err != nil {
			t.Error(err)
		}
	}
}

func TestNameThatCouldBeAnotherAddressIsNotAsked(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	for _, name := range []string{"", "public-key", "../TOKEN", "A/B", "A?b"} {
		_, err := secretsOf(t, server).Write(t.Context(), target(t, inRepo), name, secret.New("one"))
		wantError(t, err, "write a secret to repo:octo/cats: a name has only letters, digits and _")
	}
	wantRequests(t, server)
}

func TestValueIsNotSentWithoutRandomness(t *testing.T) {
	t.Parallel()
	server := githubtest.New(t, githubtest.Options{})
	secrets := newClient(t, options(server)).Secrets(iotest.ErrReader(errors.New("hostile")))
	_, err := secrets.Write(t.Context(), target(t, inRepo), "TOKEN", secret.New("one"))
	wantError(t, err, "write TOKEN to repo:octo/cats: there is no randomness to seal the value with")
	wantRequests(t, server, "key "+inRepo, "secrets "+inRepo)
}
