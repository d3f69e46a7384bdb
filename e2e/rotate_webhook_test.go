package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// rotatingWebhook is examples/workflows/rotate-webhook.yml, with what it works on.
type rotatingWebhook struct {
	t      *testing.T
	github *githubtest.Server
	vault  vault
	job    job
}

const (
	webhookName   = "WEBHOOK_SECRET"
	webhookCaller = "repo:octo/cats"
	webhookHooks  = "env:octo/hooks/production"
)

func newRotatingWebhook(t *testing.T) *rotatingWebhook {
	t.Helper()
	r := &rotatingWebhook{t: t, github: githubtest.New(t, githubtest.Options{}), vault: newVault(t)}
	r.vault.hold(held{webhookName, webhookValue, []string{"hooks.example.com"}})
	r.github.AddPlace(webhookHooks)
	for _, place := range []string{webhookCaller, webhookHooks} {
		r.github.AddSecret(place, githubtest.Secret{Name: webhookName, Value: webhookValue})
	}
	r.job = job{
		text: read(t, "../examples/workflows/rotate-webhook.yml"), event: "schedule", vault: r.vault, repository: userRepository(t),
		secrets: map[string]string{"MIRROR_TOKEN": githubtest.DefaultToken},
	}
	r.job.on(r.github)
	return r
}

// run runs the workflow. No value shows in its log.
func (r *rotatingWebhook) run() outcome {
	r.t.Helper()
	got := r.job.run(r.t)
	for _, value := range r.values() {
		got.hides(r.t, value)
	}
	return got
}

// values are those of the vault, of the workflows that call, and of the receiver.
func (r *rotatingWebhook) values() [3]string {
	r.t.Helper()
	values := [3]string{r.vault.Secrets(r.vault.VaultID)[0].Value}
	for i, place := range []string{webhookCaller, webhookHooks} {
		for _, secret := range r.github.Secrets(place) {
			values[i+1] = secret.Value
		}
	}
	return values
}

// checkRotated checks that all have one value, and another one than before.
func (r *rotatingWebhook) checkRotated(before [3]string) {
	r.t.Helper()
	now := r.values()
	if now[0] != now[1] || now[0] != now[2] {
		r.t.Error("the places have different values")
	}
	if now[0] == before[0] || len(now[0]) != 64 {
		r.t.Errorf("the vault has no new value of 64 digits, but one of %d", len(now[0]))
	}
}

func TestAWebhookSecretIsRotated(t *testing.T) {
	t.Parallel()
	r := newRotatingWebhook(t)
	before := r.values()

	got := r.run()

	got.succeeded(t)
	r.checkRotated(before)
	if !strings.Contains(got.log, `[{"mirror":"repo:octo/cats","result":"updated"},{"mirror":"env:octo/hooks/production","result":"updated"}]`) {
		t.Error("the last step does not tell of the mirrors")
	}
}

// A token that may not write everywhere is found out before anything is written.
func TestAWebhookSecretIsNotRotatedWithoutAccessToAllMirrors(t *testing.T) {
	t.Parallel()
	r := newRotatingWebhook(t)
	before := r.values()
	r.github.Grant(webhookHooks, githubtest.Refused)

	got := r.run()

	if !got.failed || r.values() != before {
		t.Error("something was written, or the run did not fail")
	}
}

// If the vault has the value and a mirror does not, the run names the mirror, and the next
// one gives all of them another value.
func TestAWebhookSecretIsRotatedAgainAfterAMirrorFailed(t *testing.T) {
	t.Parallel()
	r := newRotatingWebhook(t)
	before := r.values()
	r.github.Fail(githubtest.Fault{On: "write " + webhookHooks + " " + webhookName, Answer: githubtest.Status(http.StatusUnprocessableEntity)})

	stopped := r.run()

	half := r.values()
	if !stopped.failed || half[0] == before[0] || half[1] != half[0] || half[2] != before[2] {
		t.Error("the run did not stop between the mirrors")
	}
	if !strings.Contains(stopped.log, webhookHooks) {
		t.Error("the log does not name the mirror that failed")
	}
	r.github.Heal()
	r.run().succeeded(t)
	r.checkRotated(half)
}
