package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// rotatingAWS is examples/workflows/rotate-aws.yml, with what it works on.
type rotatingAWS struct {
	cli    awsProgram
	iam    *iam
	vault  vault
	job    job
	called string // the file that gets the arguments of every aws
}

const (
	awsWorkflow = "../examples/workflows/rotate-aws.yml"
	awsSecret   = "AWS_CREDENTIALS"
)

var awsHosts = []string{"deploy.example.com"}

// newRotatingAWS is where the vault has the user's only key, which is some days old.
func newRotatingAWS(t *testing.T, daysOld int, cli awsProgram) rotatingAWS {
	t.Helper()
	r := rotatingAWS{cli: cli, iam: newIAM(t), vault: newVault(t), called: filepath.Join(t.TempDir(), "called")}
	write(t, r.called, "", 0o600)
	key := r.iam.add(daysOld)
	value, err := json.Marshal(awsCredentials{1, key.id, key.secret})
	if err != nil {
		t.Fatal(err)
	}
	id := r.vault.hold(held{awsSecret, string(value), awsHosts})
	r.vault.SetUpdatedAt(id, time.Now().AddDate(0, 0, -daysOld))
	workflow := read(t, awsWorkflow)
	r.job = job{
		text: workflow, vault: r.vault, repository: userRepository(t),
		vars:    map[string]string{"AWS_ROLE": "arn:aws:iam::123456789012:role/rotate"},
		options: []string{"--local-repository", configureAWS(t, workflow) + "=" + roleOfAWS(t)},
		environ: []string{"PATH=" + r.commands(t) + string(os.PathListSeparator) + os.Getenv("PATH")},
	}
	return r
}

// configureAWS is the action of others that a workflow takes for the session of its role.
func configureAWS(t *testing.T, workflow string) string {
	t.Helper()
	_, rest, found := strings.Cut(workflow, "uses: aws-actions/")
	name, _, _ := strings.Cut(rest, " ")
	if !found {
		t.Fatal("no action of aws-actions")
	}
	return "aws-actions/" + name
}

// roleOfAWS stands for that action: later steps have the session in their environment.
func roleOfAWS(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "action.yml"), `runs:
  using: composite
  steps:
    - shell: bash
      run: |
        cat >>"$GITHUB_ENV" <<'END'
        AWS_ACCESS_KEY_ID=`+jobsKey+`
        AWS_SECRET_ACCESS_KEY=`+jobsSecret+`
        AWS_SESSION_TOKEN=`+jobsSession+`
        AWS_REGION=eu-central-1
        AWS_DEFAULT_REGION=eu-central-1
        END
`, 0o600)
	return dir
}

// awsProgram is the aws of a job.
type awsProgram int

const (
	standIn awsProgram = iota // this program
	realAWS                   // the AWS CLI
)

// commands is a folder with an aws that asks the stand-in of IAM, and a sleep that does not.
func (r rotatingAWS) commands(t *testing.T) string {
	t.Helper()
	run := awsEndpoint + "='" + r.iam.URL + "' exec '" + os.Args[0] + "'"
	if r.cli == realAWS {
		aws, err := exec.LookPath("aws")
		if err != nil {
			t.Skip("there is no aws: the rotation of an access key is run with a stand-in alone")
		}
		run = "exec '" + aws + "' --endpoint-url '" + r.iam.URL + "'"
	}
	bin := t.TempDir()
	write(t, filepath.Join(bin, "aws"), "#!/bin/sh\nprintf '%s\\n' \"$*\" >>'"+r.called+"'\n"+run+" \"$@\"\n", 0o755)
	write(t, filepath.Join(bin, "sleep"), "#!/bin/sh\n", 0o755)
	return bin
}

// awsCredentials are what a credential_process prints:
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html
type awsCredentials struct {
	Version                      int
	AccessKeyId, SecretAccessKey string //nolint:revive // named as in the JSON
}

// run runs the workflow by its schedule, or by hand at once.
func (r rotatingAWS) run(t *testing.T, atOnce bool) outcome {
	t.Helper()
	j := r.job
	j.event = "schedule"
	if atOnce {
		j.event, j.inputs = "workflow_dispatch", map[string]string{"now": "true"}
	}
	got := j.run(t)
	r.checkAgents(t)
	r.checkHidden(t, got)
	return got
}

// stored is the key that the vault has.
func (r rotatingAWS) stored(t *testing.T) awsCredentials {
	t.Helper()
	secrets := r.vault.Secrets(r.vault.VaultID)
	var key awsCredentials
	if len(secrets) != 1 || json.Unmarshal([]byte(secrets[0].Value), &key) != nil || key.Version != 1 {
		t.Fatalf("the vault has %d secrets, or no credentials", len(secrets))
	}
	return key
}

// checkAgents checks that the key of the vault works, whatever became of a run.
func (r rotatingAWS) checkAgents(t *testing.T) {
	t.Helper()
	stored := r.stored(t)
	for _, key := range r.iam.state() {
		if key.id == stored.AccessKeyId && key.secret == stored.SecretAccessKey && key.active {
			return
		}
	}
	t.Error("the key that the vault has does not work")
}

// checkHidden checks that no key that there ever was is in the log, or in an argument.
func (r rotatingAWS) checkHidden(t *testing.T, got outcome) {
	t.Helper()
	called := outcome{log: read(t, r.called)}
	for _, secret := range r.iam.secrets() {
		got.hides(t, secret)
		called.hides(t, secret)
	}
}

// keys are the states of the keys, oldest first, and whether the vault has the last.
func (r rotatingAWS) keys(t *testing.T) string {
	t.Helper()
	var words []string
	for _, key := range r.iam.state() {
		word := "inactive"
		if key.active {
			word = "active"
		}
		if key.id == r.stored(t).AccessKeyId {
			word += " in the vault"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func (r rotatingAWS) check(t *testing.T, want string) {
	t.Helper()
	if is := r.keys(t); is != want {
		t.Errorf("the keys are %q, want %q", is, want)
	}
}

func TestAnAWSKeyIsRotated(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("there is no jq: the rotation of an access key is not run")
	}
	t.Run("what is due", testWhatIsDueOfAWSKeys)
	t.Run("by runs that stop, until it is stored", testAWSKeyUntilItIsStored)
	t.Run("by runs that stop, once it is stored", testAWSKeyOnceItIsStored)
	t.Run("by the AWS CLI itself", testAWSKeyByTheCLI)
	t.Run("the first one", testFirstAWSKey)
	t.Run("by a role that may do no more", testRoleOfAWS)
}

// awsRun is a run at once, with what goes wrong in it.
type awsRun struct {
	stops string // where it does; empty if it does not
	by    func()
	keys  string // after it
}

// Wherever a run stops, the key of the vault works, and the next run goes on.
func testAWSKeyUntilItIsStored(t *testing.T) {
	t.Parallel()
	r := newRotatingAWS(t, 3, standIn)
	r.runEach(t,
		awsRun{"before anything is known of the vault", r.vaultFails(t, "always*status=401"), "active in the vault"},
		awsRun{"before anything is known of IAM", r.iamFails("ListAccessKeys", refusedByIAM), "active in the vault"},
		awsRun{"before a key is made", r.iamFails("CreateAccessKey", refusedByIAM), "active in the vault"},
		awsRun{"when a key is made, and the answer is lost", r.iamFails("CreateAccessKey", lostByIAM), "active in the vault, active"},
		awsRun{"when the new key does not work", func() { r.iam.distrust(true) }, "active in the vault"},
		awsRun{"when the key is not stored", r.vaultFails(t, "update:status=400"), "active in the vault"},
		awsRun{"", nil, "active, active in the vault"},
	)
	r.run(t, false).succeeded(t)
	r.check(t, "active, active in the vault") // by its schedule, agents are still to hear of the new key
}

func testAWSKeyOnceItIsStored(t *testing.T) {
	t.Parallel()
	r := newRotatingAWS(t, 3, standIn)
	r.runEach(t,
		awsRun{"when the key is stored, and the answers are lost", r.vaultFails(t, "always*update:reset-after-commit"), "active, active in the vault"},
		awsRun{"before the old key is inactive", r.iamFails("UpdateAccessKey", refusedByIAM), "active, active in the vault"},
		awsRun{"", nil, "inactive, active in the vault"},
		awsRun{"before the old key is deleted", r.iamFails("DeleteAccessKey", refusedByIAM), "inactive, active in the vault"},
		awsRun{"when the old key is deleted, and the answer is lost", r.iamFails("DeleteAccessKey", lostByIAM), "active in the vault"},
		awsRun{"", nil, "active, active in the vault"},
	)
}

// A whole rotation calls the real program in each way that the recipe does.
func testAWSKeyByTheCLI(t *testing.T) {
	t.Parallel()
	newRotatingAWS(t, 3, realAWS).runEach(t,
		awsRun{"", nil, "active, active in the vault"},
		awsRun{"", nil, "inactive, active in the vault"},
		awsRun{"", nil, "active in the vault"},
	)
}

// The policy of the page lets the role do what the recipe does, and nothing else.
func testRoleOfAWS(t *testing.T) {
	t.Parallel()
	var policy struct{ Statement []struct{ Action []string } }
	if err := json.Unmarshal([]byte(indented(t, "../docs/rotation-keys.md", "json")), &policy); err != nil {
		t.Fatal(err)
	}
	does := map[string]bool{}
	for _, call := range regexp.MustCompile(`\baws iam ([a-z-]+)-access-keys? `).FindAllStringSubmatch(read(t, awsWorkflow), -1) {
		key := "AccessKey"
		if call[1] == "list" {
			key += "s"
		}
		does["iam:"+strings.ToUpper(call[1][:1])+call[1][1:]+key] = true
	}
	may := map[string]bool{}
	for _, action := range policy.Statement[0].Action {
		may[action] = true
	}
	if len(policy.Statement) != 1 || len(does) != 4 || !maps.Equal(does, may) {
		t.Errorf("the recipe does %v, and the role may do %v", does, may)
	}
}

func (r rotatingAWS) iamFails(action string, fault iamFault) func() {
	return func() { r.iam.fail(action, fault) }
}

func (r rotatingAWS) vaultFails(t *testing.T, fault string) func() {
	t.Helper()
	return func() { r.vault.script(t, fault) }
}

// runEach makes one run after the other.
func (r rotatingAWS) runEach(t *testing.T, runs ...awsRun) {
	t.Helper()
	for _, run := range runs {
		if run.by != nil {
			run.by()
		}
		if got := r.run(t, true); got.failed != (run.stops != "") {
			t.Errorf("stops %q: failed %t", run.stops, got.failed)
		}
		r.check(t, run.keys)
		r.vault.script(t)
		r.iam.distrust(false)
	}
}

// A key is made after 30 days, the old one is made inactive a day later, and deleted after
// a week more. What a run lost is deleted, and what the vault has never is.
func testWhatIsDueOfAWSKeys(t *testing.T) {
	t.Parallel()
	const days = 24 * time.Hour
	script, bin := dueOfAWSKeys(t), t.TempDir()
	write(t, filepath.Join(bin, "aws"), "#!/bin/sh\nprintf '%s' \"$KEYS\"\n", 0o755)
	for _, tt := range []struct {
		name   string
		new    time.Duration // the age of the newest key; negative for none
		old    string        // the state of an older one; empty for none
		stored time.Duration // the age of the secret
		atOnce bool
		want   string
	}{
		{"no key", -1, "", 0, false, "step=create"},
		{"young", 29 * days, "", 29 * days, false, "step=wait"},
		{"old enough", 30 * days, "", 30 * days, false, "step=create"},
		{"at once", 0, "", 0, true, "step=create"},
		{"not the key of the vault", time.Hour, "", 30 * days, false, "step=create"},
		{"just stored", time.Hour, "Active", time.Hour - time.Second, false, "step=wait"},
		{"stored by a clock that is late", time.Hour, "Active", time.Hour + 30*time.Second, false, "step=wait"},
		{"stored a day ago", 1 * days, "Active", 1 * days, false, "step=deactivate key=OLD"},
		{"stored, and in a hurry", time.Hour, "Active", time.Hour, true, "step=deactivate key=OLD"},
		{"inactive for a week", 8 * days, "Inactive", 8 * days, false, "step=delete key=OLD"},
		{"inactive for less", 7 * days, "Inactive", 7 * days, false, "step=wait"},
		{"inactive, and in a hurry", time.Hour, "Inactive", time.Hour, true, "step=delete key=OLD"},
		{"lost", time.Hour, "Active", 30 * days, false, "step=create lost=NEW"},
		{"lost beside one that is inactive", time.Hour, "Inactive", 30 * days, true, "step=create lost=NEW"},
	} {
		now := time.Now().UTC()
		var keys []string
		if tt.new >= 0 {
			keys = append(keys, listedKey("NEW", "Active", now.Add(-tt.new)))
		}
		if tt.old != "" {
			keys = append(keys, listedKey("OLD", tt.old, now.Add(-60*days)))
		}
		output := filepath.Join(t.TempDir(), "output")
		cmd := exec.Command("bash", "-eo", "pipefail", "-c", script)
		cmd.Env = []string{
			"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "GITHUB_OUTPUT=" + output, "IAM_USER=" + iamUser,
			"KEYS={\"AccessKeyMetadata\": [" + strings.Join(keys, ",") + "]}",
			"UPDATED_AT=" + timestamp(now.Add(-tt.stored)), "AT_ONCE=" + strconv.FormatBool(tt.atOnce),
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", tt.name, err, out)
		}
		if got := strings.Join(strings.Fields(read(t, output)), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// dueOfAWSKeys is the script of the step that decides.
func dueOfAWSKeys(t *testing.T) string {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ ID, Run string }
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, awsWorkflow)), &workflow); err != nil {
		t.Fatal(err)
	}
	for _, step := range workflow.Jobs["rotate"].Steps {
		if step.ID == "due" {
			return step.Run
		}
	}
	t.Fatal("no step decides")
	return ""
}

// listedKey is a key as version 2 of the AWS CLI lists it.
func listedKey(id, status string, created time.Time) string {
	return `{"AccessKeyId": "` + id + `", "Status": "` + status + `", "CreateDate": "` + created.Format("2006-01-02T15:04:05+00:00") + `"}`
}

// The first key is made and stored by the commands of the page.
func testFirstAWSKey(t *testing.T) {
	t.Parallel()
	r := newRotatingAWS(t, 3, realAWS)
	r.iam.remove()
	commands := indented(t, "../docs/rotation-keys.md", "sh")
	bin := r.commands(t)
	write(t, filepath.Join(bin, "vault-secret"), "#!/bin/sh\nexec '"+releasedProgram()+"' \"$@\"\n", 0o755)
	cmd := exec.Command("bash", "-ec", commands)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{
		"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + goHome(t),
		"AWS_ACCESS_KEY_ID=" + jobsKey, "AWS_SECRET_ACCESS_KEY=" + jobsSecret, "AWS_SESSION_TOKEN=" + jobsSession, "AWS_DEFAULT_REGION=eu-central-1",
		"NAIRI_BASE_URL=" + r.vault.BaseURL, "NAIRI_API_KEY=" + r.vault.Key, "NAIRI_VAULT_ID=" + r.vault.VaultID,
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.check(t, "active in the vault")
	r.checkHidden(t, outcome{log: string(out)})
}

// indented is the only block of a page in a language that is part of a list.
func indented(t *testing.T, page, language string) string {
	t.Helper()
	_, text, found := strings.Cut(read(t, page), "\n   ```"+language+"\n")
	text, _, closed := strings.Cut(text, "\n   ```\n")
	if !found || !closed {
		t.Fatalf("%s has no such block", page)
	}
	return strings.ReplaceAll("\n"+text, "\n   ", "\n")
}
