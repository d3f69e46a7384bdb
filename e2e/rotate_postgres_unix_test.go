//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

const (
	rotatePostgres    = "examples/workflows/rotate-postgres.yml"
	rotatorPassword   = "synthetic-password-of-the-rotator"
	firstPassword     = "synthetic-password-before-all"
	rotatedSecret     = "DATABASE_URL"
	stepsInAnHourBack = "UPDATE pg_authid SET rolvaliduntil = rolvaliduntil - interval '1 hour' WHERE isfinite(rolvaliduntil)"
)

// rotation is a database whose password rotate-postgres.yml rotates, with the roles that
// docs/rotation.md creates, and the vault that agents have it from.
type rotation struct {
	t        *testing.T
	db       *postgres
	vault    vault
	workflow string
	used     []string // all passwords that the vault ever had
}

func newRotation(t *testing.T) *rotation {
	t.Helper()
	r := &rotation{t: t, db: newPostgres(t), vault: newVault(t), workflow: read(t, "../"+rotatePostgres)}
	r.db.admin("postgres", "CREATE DATABASE app")
	r.db.admin("app", shownRoles(t)+`
		ALTER ROLE rotator PASSWORD '`+rotatorPassword+`';
		ALTER ROLE app_a PASSWORD '`+firstPassword+`';
		CREATE TABLE orders (id int);
		ALTER TABLE orders OWNER TO app`)
	r.vault.hold(held{rotatedSecret, "postgres://app_a:" + firstPassword + "@localhost/app", []string{"db.example.com"}})
	return r
}

// shownRoles are the statements that docs/rotation.md shows.
func shownRoles(t *testing.T) string {
	t.Helper()
	shown := blocks(read(t, "../docs/rotation.md"), "sql")
	if len(shown) != 1 {
		t.Fatalf("docs/rotation.md has %d blocks of SQL", len(shown))
	}
	return shown[0]
}

// run runs a workflow in a runner. It must not show the passwords.
func (r *rotation) run(in runner, workflow string) outcome {
	r.t.Helper()
	got := job{
		runner: in, text: workflow, event: "schedule", vault: r.vault, env: map[string]string{"PGPORT": r.db.port},
		vars:       map[string]string{"PGHOST": "localhost", "PGSSLROOTCERT": r.db.authority()},
		secrets:    map[string]string{"ROTATOR_PASSWORD": rotatorPassword},
		repository: userRepository(r.t),
	}.run(r.t)
	_, password := r.stored()
	r.used = append(r.used, password)
	for _, password := range r.used {
		got.hides(r.t, password)
	}
	got.hides(r.t, rotatorPassword)
	return got
}

// stored is what agents log in with.
func (r *rotation) stored() (role, password string) {
	r.t.Helper()
	for _, s := range r.vault.Secrets(r.vault.VaultID) {
		address, err := url.Parse(s.Value)
		if s.EnvKey != rotatedSecret || err != nil {
			continue
		}
		password, _ := address.User.Password()
		return address.User.Username(), password
	}
	r.t.Fatalf("the vault has no %s with an address", rotatedSecret)
	return "", ""
}

// works reports whether a role can log in and do what the application does.
func (r *rotation) works(role, password string) bool {
	_, err := r.db.query(role, password, "app", "SELECT count(*) FROM orders")
	return err == nil
}

// checkAgents checks that agents are served, whether they have the present value or still
// one of before.
func (r *rotation) checkAgents(before [2]string, when string) {
	r.t.Helper()
	if !r.works(r.stored()) {
		r.t.Errorf("%s: what the vault has does not work", when)
	}
	if !r.works(before[0], before[1]) {
		r.t.Errorf("%s: what the vault had does not work any more", when)
	}
}

// anHourLater lets the hour pass in which the older password still works. The vault has its
// times in whole seconds: the next rotation changes the secret at another one.
func (r *rotation) anHourLater() {
	r.t.Helper()
	r.db.admin("app", stepsInAnHourBack)
	for _, s := range r.vault.Secrets(r.vault.VaultID) {
		r.vault.SetUpdatedAt(s.ID, s.UpdatedAt.Add(-time.Hour))
	}
}

// stepStart is where a step of the job begins.
var stepStart = regexp.MustCompile(`(?m)^      - `)

// stopBefore is a workflow whose job fails before one of its steps, counted from 0.
func stopBefore(workflow string, step int) string {
	at := stepStart.FindAllStringIndex(workflow, -1)[step][0]
	return workflow[:at] + "      - run: exit 1\n" + workflow[at:]
}

// One server sees it all, one after the other: to start one takes longer than a rotation.
func TestARotationOfPostgres(t *testing.T) {
	t.Parallel()
	needPostgres(t)
	r := newRotation(t)
	within := func(name string, test func()) {
		t.Run(name, func(t *testing.T) {
			r.t, r.db.t = t, t
			test()
		})
		r.t, r.db.t = t, t
	}
	within("that fails its test", r.checkFailedTest)
	for _, lost := range []string{"reset-after-commit", "reset-before-body"} {
		within("whose store may have been done: "+lost, func() { r.checkUnknownStore(lost) })
	}
	untilSet, _, _ := strings.Cut(r.workflow, "      # 2. Set.")
	first := len(stepStart.FindAllString(untilSet, -1))
	steps := len(stepStart.FindAllString(r.workflow, -1))
	for step := 1; step < steps; step++ {
		name := fmt.Sprintf("that stops before step %d of %d", step, steps)
		if step <= first {
			within(name, func() { r.checkNothingDone(step) })
		} else {
			within(name, func() { r.checkStopped(step, step+1 < steps) })
		}
	}
	within("within the hour", r.checkTooEarly)
	r.checkServerLog()
}

// passwords are those of the roles, as the server has them, and what else it knows of them.
const passwordsOfRoles = "SELECT r.*, shobj_description(oid, 'pg_authid') FROM pg_authid AS r WHERE rolname LIKE 'app%' ORDER BY rolname"

// checkNothingDone checks that a run which stops before it sets a password leaves all as it is,
// so that the next one begins as that one did.
func (r *rotation) checkNothingDone(step int) {
	r.t.Helper()
	before, roles := r.vault.Secrets(r.vault.VaultID), r.db.admin("app", passwordsOfRoles)

	if stopped := r.run(act{}, stopBefore(r.workflow, step)); !stopped.failed {
		r.t.Fatal("the run did not stop")
	}

	if !slices.EqualFunc(before, r.vault.Secrets(r.vault.VaultID), func(a, b nairitest.Stored) bool { return a.Value == b.Value && a.UpdatedAt.Equal(b.UpdatedAt) }) ||
		r.db.admin("app", passwordsOfRoles) != roles {
		r.t.Error("the vault or the database was changed")
	}
}

// checkStopped checks that, wherever a run stops, the vault has a password that works, and the
// next run brings the rotation to its end.
func (r *rotation) checkStopped(step int, later bool) {
	role, password := r.stored()
	before := [2]string{role, password}

	if stopped := r.run(act{}, stopBefore(r.workflow, step)); !stopped.failed {
		r.t.Fatal("the run did not stop")
	}
	r.checkAgents(before, "after a run that stopped")
	r.run(runners[step%len(runners)], r.workflow).succeeded(r.t)
	r.checkAgents(before, "after the next run")

	now, _ := r.stored()
	if now == role {
		r.t.Errorf("the vault still has %s", role)
	}
	if !later {
		return
	}
	r.anHourLater()
	if r.works(role, password) {
		r.t.Error("an hour later the old password works")
	}
	if !r.works(r.stored()) {
		r.t.Error("an hour later the new password does not work")
	}
}

// checkTooEarly checks, right after a rotation, that the older password is left alone as long
// as it works.
func (r *rotation) checkTooEarly() {
	r.t.Helper()
	role, password := r.stored()

	got := r.run(act{}, r.workflow)

	if !got.failed || !strings.Contains(got.log, "less than an hour ago") {
		r.t.Error("a second rotation within the hour does not say so")
	}
	if again, same := r.stored(); again != role || same != password {
		r.t.Error("a second rotation within the hour changed the vault")
	}
}

// checkServerLog checks that the server was never sent a password that can be read, though
// it logs each statement.
func (r *rotation) checkServerLog() {
	r.t.Helper()
	log := r.db.log()
	if !strings.Contains(log, "SCRAM-SHA-256$4096:") {
		r.t.Error("the server's log has no password that was set")
	}
	for i, password := range r.used {
		if password != firstPassword && strings.Contains(log, password) {
			r.t.Errorf("password %d is in the server's log", i)
		}
	}
}

// checkFailedTest checks that a password which does not work gets into no vault. The statement
// that ends the sessions of a role is one.
func (r *rotation) checkFailedTest() {
	r.t.Helper()
	r.db.admin("app", "REVOKE app FROM app_b")
	role, password := r.stored()

	got := r.run(act{}, r.workflow)

	if now, same := r.stored(); !got.failed || now != role || same != password {
		r.t.Error("a role that may not read the application's table is in the vault")
	}
	r.checkAgents([2]string{role, password}, "after a test that failed")
	r.db.admin("app", "GRANT app TO app_b")
	r.db.admin("app", block(r.t, read(r.t, "../docs/rotation.md"), "text"))
}

// checkUnknownStore checks that a write of which nobody knows whether it was done is found out
// by the next run: it ends the rotation, or begins it anew.
func (r *rotation) checkUnknownStore(lost string) {
	r.t.Helper()
	role, password := r.stored()
	before := [2]string{role, password}
	r.vault.Set(func(o *nairitest.Options) { o.Faults = lostAtTheWrite(r.t, lost) })

	stopped := r.run(act{}, r.workflow)

	r.checkAgents(before, "after the write")
	half, _ := r.stored()
	if done := half != role; done != (lost == "reset-after-commit") || !strings.Contains(stopped.log, "unknown_state") {
		r.t.Error("the write is not unknown, or its effect is another one")
	}
	r.vault.Set(func(o *nairitest.Options) { o.Faults = nil })
	r.run(act{}, r.workflow).succeeded(r.t)
	r.checkAgents(before, "after the run that follows")
	if now, _ := r.stored(); now == role {
		r.t.Errorf("after the run that follows, the vault still has %s", role)
	}
	r.anHourLater()
	if r.works(role, password) || !r.works(r.stored()) {
		r.t.Error("an hour later the old password works, or the new one does not")
	}
}

// lostAtTheWrite lets the first write meet a fault, and no request after it get through.
func lostAtTheWrite(t *testing.T, fault string) func(nairitest.Request) (nairitest.Fault, bool) {
	t.Helper()
	faults, written := nairitest.Script(t, fault, "always*refuse"), false
	return func(request nairitest.Request) (nairitest.Fault, bool) {
		if written {
			return faults[1], true
		}
		written = request.Method == http.MethodPatch
		return faults[0], written
	}
}
