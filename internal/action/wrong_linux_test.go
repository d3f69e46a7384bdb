package action

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"

	"github.com/nairi-community/vault-secret/internal/cli"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/githubtest"
	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/report"
	"github.com/nairi-community/vault-secret/internal/runnertest"
)

var updateWrong = flag.Bool("update", false, "write what users see of wrong uses into testdata/wrong")

// wrongUse is one of testdata/wrong/uses.yaml, which tells what its fields are.
type wrongUse struct {
	Name   string                `yaml:"name"`
	On     string                `yaml:"on"`
	With   map[string]*string    `yaml:"with"`
	Run    []string              `yaml:"run"`
	Env    inputs                `yaml:"env"`
	Files  inputs                `yaml:"files"`
	Stdin  string                `yaml:"stdin"`
	Stored map[string][]string   `yaml:"stored"`
	API    wrongAPI              `yaml:"api"`
	GitHub *struct{ Status int } `yaml:"github"`
	Proxy  string                `yaml:"proxy"`
	Signal time.Duration         `yaml:"signal"`
	Exit   int                   `yaml:"exit"`
}

// wrongAPI is what is wrong with what stands at the API's address.
type wrongAPI struct {
	Faults      []string `yaml:"faults"`
	Status      int      `yaml:"status"`
	Header      inputs   `yaml:"header"`
	Body        string   `yaml:"body"`
	Error       string   `yaml:"error"`
	Certificate string   `yaml:"certificate"`
}

// wrongOn are the variables of the platforms of wrong uses.
var wrongOn = map[string]inputs{
	"GitHub": {
		"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_API_URL": "https://api.github.com",
		"GITHUB_REPOSITORY": "octo/cats", "GITHUB_RUN_ID": "8412345678", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_EVENT_NAME": "push",
	},
	"Gitea":      {"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "GITHUB_REPOSITORY": "octo/cats", "GITHUB_EVENT_NAME": "push"},
	"GitLab":     {"CI": "true", "GITLAB_CI": "true"},
	"Woodpecker": {"CI": "woodpecker"},
	"shell":      {},
}

// networkErrors are what dialling ends with where no test may go.
var networkErrors = map[string]error{
	"no such host": &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{
		Err: "no such host", Name: "api.nairi.ai", Server: "127.0.0.53:53", IsNotFound: true,
	}},
	"no name server": &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{
		Err: "read udp 10.0.0.2:41811->10.0.0.1:53: i/o timeout", Name: "api.nairi.ai", Server: "10.0.0.1:53", IsTimeout: true, IsTemporary: true,
	}},
	"no IPv4": &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(203, 0, 113, 7), Port: 443}, Err: os.NewSyscallError("connect", syscall.ENETUNREACH),
	},
	"refused": &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(203, 0, 113, 7), Port: 443}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED),
	},
}

// wrongUses are those of the file, with the names of the stage in place of variables.
func wrongUses(t *testing.T, s *stage) []wrongUse {
	t.Helper()
	text, err := os.ReadFile("testdata/wrong/uses.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.NewReplacer("$TOKEN", tokenID, "$OTHER", otherID, "$VAULT", vaultID, "$VALUE", value, "$KEY", s.Key, "$GITHUB_TOKEN", githubtest.DefaultToken)
	decoder := yaml.NewDecoder(strings.NewReader(names.Replace(string(text))))
	decoder.KnownFields(true)
	var all []wrongUse
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// What a user sees of each wrong use is in a golden file, which people read from one end
// to the other. It is no parallel test, for each use has a working folder of its own.
func TestWrongUses(t *testing.T) {
	const golden = "testdata/wrong/seen.txtar"
	var seen txtar.Archive
	seen.Comment = []byte("What users see of each use in uses.yaml. Written by go test ./internal/action -run TestWrongUses -update.\n\n")
	for _, use := range wrongUses(t, newStage(t)) {
		t.Run(use.Name, func(t *testing.T) {
			seen.Files = append(seen.Files, txtar.File{Name: use.Name, Data: []byte(use.seen(t))})
		})
	}
	t.Run("a typo in each input", func(t *testing.T) {
		seen.Files = append(seen.Files, txtar.File{Name: "a typo in each input", Data: []byte(typosSeen(t))})
	})
	if *updateWrong {
		if err := os.WriteFile(golden, txtar.Format(&seen), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if t.Failed() {
		return // a use that was left out
	}
	want, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range want.Files {
		i := slices.IndexFunc(seen.Files, func(f txtar.File) bool { return f.Name == file.Name })
		if i < 0 {
			t.Errorf("%s is no use any more", file.Name)
			continue
		}
		same(t, file.Name, string(file.Data), string(seen.Files[i].Data))
	}
	same(t, "number of uses", len(want.Files), len(seen.Files))
}

// typosSeen is what is said of a typo in each input, where only the program can tell.
func typosSeen(t *testing.T) string {
	var b strings.Builder
	known := composite(t).Inputs
	for _, name := range slices.Sorted(maps.Keys(known)) {
		middle := len(name) / 2
		typo := name[:middle] + name[middle+1:]
		if _, ok := known[typo]; ok {
			continue // values_file
		}
		id, key, text, on := vaultID, "TOKEN", value, "true"
		r := newWrongRun(t, wrongUse{Name: typo, On: "Woodpecker", With: map[string]*string{"vault_id": &id, "env_key": &key, "value": &text, typo: &on}})
		synctest.Test(t, func(*testing.T) {
			time.Sleep(time.Until(noon))
			r.run()
		})
		said := ""
		for line := range strings.Lines(r.stdout.String()) {
			if strings.Contains(line, "PLUGIN_"+strings.ToUpper(typo)) {
				said = strings.TrimSpace(line)
				break
			}
		}
		if said == "" {
			t.Errorf("nothing is said of %s for %s", typo, name)
		}
		fmt.Fprintf(&b, "%s (exit code %d)\n", said, r.code)
	}
	return b.String()
}

// seen is what a user sees of a use: the log, the annotations, the exit code and the
// beginning of the summary.
func (u wrongUse) seen(t *testing.T) string {
	t.Helper()
	r := newWrongRun(t, u)
	t.Chdir(r.work)
	if r.real() {
		r.run()
	} else {
		synctest.Test(t, func(*testing.T) {
			time.Sleep(time.Until(noon))
			r.run()
		})
	}
	return r.told()
}

// wrongRun is one run of a wrong use.
type wrongRun struct {
	wrongUse
	t              *testing.T
	stage          *stage
	work, files    string // the folders of the repository and of the runner
	vars           inputs
	unexpected     []string // inputs that GitHub does not hand over
	stdout, stderr bytes.Buffer
	code           int
}

func newWrongRun(t *testing.T, u wrongUse) *wrongRun {
	t.Helper()
	r := &wrongRun{wrongUse: u, t: t, stage: newStage(t), work: t.TempDir(), files: t.TempDir(), vars: maps.Clone(wrongOn[u.On])}
	if r.vars == nil {
		t.Fatalf("%q is no platform", u.On)
	}
	server := r.stage.Server
	server.AddVaultWithID(vaultID, "production")
	server.AddSecret(vaultID, token())
	for _, name := range slices.Sorted(maps.Keys(u.Stored)) {
		server.AddSecret(vaultID, nairitest.Stored{EnvKey: strings.TrimRight(name, " "), Value: former, AllowedDomains: u.Stored[name]})
	}
	for name, text := range u.Files {
		path := filepath.Join(r.work, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	r.setVariables()
	r.breakAPI()
	return r
}

// setVariables sets those of the platform, and gives it the inputs.
func (r *wrongRun) setVariables() {
	with := map[string]*string{}
	if len(r.Run) == 0 {
		with["api_key"] = &r.stage.Key
	}
	maps.Copy(with, r.With)
	prefix := "INPUT_"
	switch r.On {
	case "GitHub", "Gitea":
		r.vars["GITHUB_WORKSPACE"], r.vars["RUNNER_TEMP"] = r.work, r.files
		r.vars["GITHUB_OUTPUT"], r.vars["GITHUB_STEP_SUMMARY"] = filepath.Join(r.files, "output"), filepath.Join(r.files, "summary")
		known := composite(r.t).Inputs
		for name, spec := range known {
			r.vars[prefix+strings.ToUpper(name)] = spec.Default
		}
		for name := range with {
			if _, ok := known[name]; !ok {
				r.unexpected = append(r.unexpected, name)
				delete(with, name)
			}
		}
		slices.Sort(r.unexpected)
	case "Woodpecker":
		prefix = "PLUGIN_"
	default:
		r.vars["NAIRI_API_KEY"] = r.stage.Key
	}
	for name, text := range with {
		if text != nil {
			r.vars[prefix+strings.ToUpper(name)] = *text
		}
	}
	for name, text := range r.Env {
		r.vars[name] = strings.ReplaceAll(text, "$FILES", r.files)
	}
}

// real reports whether a use needs real connections.
func (r *wrongRun) real() bool { return r.Proxy != "" || r.API.Certificate != "" }

// breakAPI makes the API as wrong as the use says.
func (r *wrongRun) breakAPI() {
	api := r.API
	r.stage.script(api.Faults...)
	if api.Status != 0 {
		r.stage.Set(intercepting(func(*http.Request, string) bool { return true }, api.answer))
	}
	if r.Proxy != "" {
		r.vars["HTTPS_PROXY"] = "http://" + listen(r.t, func(client net.Conn) {
			if _, err := http.ReadRequest(bufio.NewReader(client)); err == nil {
				_, _ = io.WriteString(client, "HTTP/1.1 "+strings.ReplaceAll(strings.TrimSpace(r.Proxy), "\n", "\r\n")+"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			}
		})
	}
	if api.Certificate != "" {
		r.vars["NAIRI_BASE_URL"] = r.serveWith(api.Certificate)
	}
}

// answer is the one answer to all requests.
func (a wrongAPI) answer(w http.ResponseWriter, _ *http.Request) {
	for name, text := range a.Header {
		w.Header().Set(name, text)
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body)
}

// serveWith is the address of a server with a certificate.
func (r *wrongRun) serveWith(certificate string) string {
	host, from, until := "127.0.0.1", noon.AddDate(-20, 0, 0), noon.AddDate(100, 0, 0)
	switch certificate {
	case "self-signed":
	case "expired":
		until = noon.AddDate(-1, 0, 0)
	case "not valid yet":
		from = noon.AddDate(90, 0, 0)
	default:
		r.t.Fatalf("%q is no certificate", certificate)
	}
	chain := certificateValid(r.t, host, from, until)
	return new(served).serve(r.stage, func(server *httptest.Server) {
		server.TLS = &tls.Config{Certificates: []tls.Certificate{chain}}
		server.StartTLS()
	}).URL
}

// RoundTrip implements http.RoundTripper for a use without real connections.
func (r *wrongRun) RoundTrip(request *http.Request) (*http.Response, error) {
	if strings.Contains(request.URL.Host, "github") || strings.Contains(request.URL.Host, "ghes") {
		recorder := httptest.NewRecorder()
		status := http.StatusNotFound
		if r.GitHub != nil {
			status = r.GitHub.Status
		}
		saysJSON(status, `{"message":"`+http.StatusText(status)+`"}`)(recorder, request)
		return recorder.Result(), nil
	}
	if r.API.Error != "" {
		err, ok := networkErrors[r.API.Error]
		if !ok {
			err = fmt.Errorf("%q is no error", r.API.Error)
		}
		return nil, err
	}
	return r.stage.Transport().RoundTrip(request)
}

// run runs the program.
func (r *wrongRun) run() {
	process := env.Process()
	environment := env.Env{
		Lookup: func(name string) (string, bool) { text, ok := r.vars[name]; return text, ok },
		Open:   process.Open, Stat: process.Stat,
		Names: func() []string { return slices.Sorted(maps.Keys(r.vars)) },
	}
	signals := make(chan os.Signal, 1)
	h := Host{
		Version: "v1.2.3", Env: environment, Stdout: &r.stdout, Stderr: &r.stderr, Signals: signals, Now: time.Now,
		Random: rand.NewChaCha8([32]byte{2}), Jitter: func() float64 { return 0.5 }, Transport: r,
		Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(r.vars["HTTPS_PROXY"]) },
	}
	if r.vars["HTTPS_PROXY"] == "" {
		h.Proxy = nil
	}
	if r.real() {
		h.Transport = nil
	}
	if r.Signal > 0 {
		time.AfterFunc(r.Signal, func() { signals <- os.Interrupt })
	}
	if len(r.Run) > 0 {
		command, reply := cli.Parse(r.Run, cli.Build{Version: "v1.2.3", Commit: "unknown"})
		if reply != nil {
			r.code = reply.Print(&r.stdout, &r.stderr)
			return
		}
		h.Command = command
		h.Env = environment.WithInput(r.standardInput(), func(*os.File) bool { return false })
	}
	r.code = Run(context.Background(), h)
}

// standardInput is a file with what the use gives there.
func (r *wrongRun) standardInput() *os.File {
	name := filepath.Join(r.files, "stdin")
	if err := os.WriteFile(name, []byte(r.Stdin), 0o600); err != nil {
		r.t.Error(err)
	}
	stdin, err := os.Open(name)
	if err != nil {
		r.t.Error(err)
		return nil
	}
	r.t.Cleanup(func() { _ = stdin.Close() })
	return stdin
}

var loopbackPort = regexp.MustCompile(`127\.0\.0\.1:\d{2,5}`)
var wallTime = regexp.MustCompile(`20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z|[+-]\d\d:\d\d)`)

// told is what a user sees, checked.
func (r *wrongRun) told() string {
	step := runnertest.Step{Stdout: r.stdout.Bytes(), Stderr: r.stderr.Bytes(), Summary: contents(filepath.Join(r.files, "summary"))}
	shown := runnertest.Transcript{Log: r.stderr.String() + r.stdout.String()}
	switch r.On {
	case "GitHub":
		shown = runnertest.GitHub().Run(runnertest.Job{Steps: []runnertest.Step{step}})
	case "Gitea":
		shown = runnertest.Gitea().Run(runnertest.Job{Steps: []runnertest.Step{step}})
	}
	r.check(shown, step)
	var b strings.Builder
	if len(r.Run) > 0 {
		fmt.Fprintf(&b, "%s: $ vault-secret %s\n", r.On, strings.Join(r.Run, " "))
	} else {
		fmt.Fprintf(&b, "%s\n", r.On)
	}
	if len(r.unexpected) > 0 {
		fmt.Fprintf(&b, "(GitHub itself warns first: Unexpected input(s) '%s', valid inputs are [...])\n", strings.Join(r.unexpected, "', '"))
	}
	for line := range strings.Lines(shown.Log) {
		if line != "***\n" { // which Gitea shows for a mask
			b.WriteString("| " + line)
		}
	}
	if !strings.HasSuffix(b.String(), "\n") {
		b.WriteString("\n")
	}
	for _, a := range shown.Annotations {
		b.WriteString("annotation: " + a.Type)
		for _, name := range slices.Sorted(maps.Keys(a.Properties)) {
			b.WriteString(" " + name + "=" + a.Properties[name])
		}
		b.WriteString("\n  " + strings.ReplaceAll(a.Message, "\n", "\n  ") + "\n")
	}
	if heading, _, _ := strings.Cut(string(step.Summary), "\n"); heading != "" {
		b.WriteString("summary: " + heading + "\n")
	}
	fmt.Fprintf(&b, "exit code %d\n\n", r.code)
	return r.named(b.String())
}

// named has names for what differs from one run to the next.
func (r *wrongRun) named(text string) string {
	text = strings.NewReplacer(r.work, "$WORK", r.files, "$FILES").Replace(text)
	text = loopbackPort.ReplaceAllString(text, "127.0.0.1:PORT")
	if r.real() {
		text = wallTime.ReplaceAllString(text, "TIME")
	}
	return text
}

var (
	codeInBrackets = regexp.MustCompile(`\[([a-z]+(?:_[a-z]+)*)\]`)
	helpOfCode     = regexp.MustCompile(`docs/troubleshooting\.md#([a-z_]+)`)
	firstError     = regexp.MustCompile(`(?m)^(?:##\[error\]|error: )(.*)$`)
)

// check checks what holds for every use.
func (r *wrongRun) check(shown runnertest.Transcript, step runnertest.Step) {
	r.t.Helper()
	if r.code != r.Exit {
		r.t.Errorf("exit code %d, want %d", r.code, r.Exit)
	}
	plain := unmasked(r.t, string(step.Stdout)) + string(step.Stderr) + string(step.Summary)
	for i, secret := range append(r.stage.hidden, githubtest.DefaultToken) {
		if strings.Contains(plain, secret) {
			r.t.Errorf("secret %d shows", i)
		}
	}
	kinds := map[string]int{}
	for _, a := range shown.Annotations {
		kinds[a.Type]++
		if len(a.Message) > 1000 || kinds[a.Type] > 10 {
			r.t.Errorf("%d annotations of a kind, or one of %d bytes", kinds[a.Type], len(a.Message))
		}
	}
	if r.On == "GitHub" && len(r.Run) == 0 && r.code != report.ExitDone && kinds["error"] == 0 {
		r.t.Error("the page of the run shows no error")
	}
	r.checkWords(shown.Log)
	r.checkOnce(shown.Log)
	if r.code != report.ExitDone {
		r.checkFailure(shown.Log)
	}
}

// checkOnce checks that nothing is told twice, but attempts that fail in the same way.
func (r *wrongRun) checkOnce(log string) {
	told := map[string]bool{}
	for line := range strings.Lines(log) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "##[error]"))
		line = strings.ToLower(strings.TrimPrefix(line, "error: "))
		if told[line] && line != "***" && !strings.Contains(line, "etrying") && !strings.Contains(line, "trying again") {
			r.t.Errorf("this is told twice: %s", line)
		}
		told[line] = true
	}
}

// checkWords checks that no phrase is in a log which no text for people has.
func (r *wrongRun) checkWords(log string) {
	for phrase := range strings.Lines(string(contents(filepath.Join(repositoryRoot, "internal/problem/testdata/banned.txt")))) {
		phrase = strings.TrimSpace(phrase)
		if phrase == "" || strings.HasPrefix(phrase, "#") {
			continue
		}
		ignoreCase := "(?i)"
		if strings.ToLower(phrase) != phrase {
			ignoreCase = ""
		}
		pattern := regexp.MustCompile(ignoreCase + `(^|\W)` + regexp.QuoteMeta(phrase) + `(\W|$)`)
		for line := range strings.Lines(log) {
			if pattern.MatchString(line) {
				r.t.Errorf("%q is in: %s", phrase, line)
			}
		}
	}
}

// checkFailure checks that a failure begins with what happened and has a code that the
// page about them has. A command line that cannot be read has the name of a help instead, and
// outputs that are lost after all was done have none: no later step could read it.
func (r *wrongRun) checkFailure(log string) {
	first := firstError.FindStringSubmatch(log)
	if first == nil {
		r.t.Errorf("no line is an error:\n%s", log)
		return
	}
	if strings.Contains(first[1], " problems ") || strings.HasPrefix(first[1], "failed (") {
		r.t.Errorf("the first error does not say what happened: %s", first[1])
	}
	if strings.Contains(log, "Run vault-secret help") || r.code == report.ExitUnknown && strings.Contains(first[1], "cannot be written") {
		return
	}
	page := string(contents(filepath.Join(repositoryRoot, "docs/troubleshooting.md")))
	help := helpOfCode.FindStringSubmatch(log)
	if help == nil || !strings.Contains(page, "\n## `"+help[1]+"`\n") {
		r.t.Errorf("the log leads to no entry about its code:\n%s", log)
	}
	if !slices.ContainsFunc(codeInBrackets.FindAllStringSubmatch(log, -1), func(m []string) bool { return strings.Contains(page, "\n## `"+m[1]+"`\n") }) {
		r.t.Errorf("the log has no code:\n%s", log)
	}
}

// repositoryRoot is the folder of the repository, wherever the tests move.
var repositoryRoot, _ = filepath.Abs(repository)
