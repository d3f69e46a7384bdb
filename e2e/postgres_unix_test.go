//go:build unix

package e2e

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// postgres is a PostgreSQL server of its own for a test: on loopback, over TLS alone, with
// passwords that must be right, and with every statement in its log.
type postgres struct {
	t        *testing.T
	programs string // the folder of the server's programs
	dir      string // its data, its certificate and its log
	port     string
	owner    *syscall.Credential // of its files and processes; nil for whoever runs the test
}

// The server's administrator, who has no part in a rotation.
const (
	postgresAdmin         = "admin"
	postgresAdminPassword = "synthetic-password-of-the-administrator"
)

// needPostgres skips a test where there is no PostgreSQL, or nobody to run it as.
func needPostgres(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a PostgreSQL server")
	}
	_, noServer := findPostgres()
	_, noOwner := findOwner()
	if err := errors.Join(noServer, noOwner); err != nil {
		t.Skipf("without PostgreSQL no database is rotated: %v", err)
	}
}

// newPostgres starts a server.
func newPostgres(t *testing.T) *postgres {
	t.Helper()
	programs, noServer := findPostgres()
	owner, noOwner := findOwner()
	if err := errors.Join(noServer, noOwner); err != nil {
		t.Fatal(err)
	}
	p := &postgres{t: t, programs: programs, owner: owner}
	p.makeFolder()
	p.initialize()
	p.start()
	return p
}

// findPostgres is the folder of the server's programs: Debian keeps them out of the search
// path, a folder for each version.
func findPostgres() (string, error) {
	for _, client := range []string{"psql", "setsid"} {
		if _, err := exec.LookPath(client); err != nil {
			return "", err
		}
	}
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	for _, folder := range slices.Backward(append(filepath.SplitList(os.Getenv("PATH")), folders...)) {
		_, noServer := exec.LookPath(filepath.Join(folder, "postgres"))
		_, noInit := exec.LookPath(filepath.Join(folder, "initdb"))
		if errors.Join(noServer, noInit) == nil {
			return folder, nil
		}
	}
	return "", errors.New("there is no initdb")
}

// findOwner is another user where this one is root, as whom no server runs.
func findOwner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		owner, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, badUser := strconv.ParseUint(owner.Uid, 10, 32)
	gid, badGroup := strconv.ParseUint(owner.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(badUser, badGroup)
}

// makeFolder makes a folder that the owner can enter: no other user reaches those of the
// testing package.
func (p *postgres) makeFolder() {
	p.t.Helper()
	dir, err := os.MkdirTemp("", "postgres")
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p.dir = dir
	p.own(dir)
}

func (p *postgres) own(path string) {
	p.t.Helper()
	if p.owner == nil {
		return
	}
	if err := os.Chown(path, int(p.owner.Uid), int(p.owner.Gid)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *postgres) add(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	write(p.t, path, text, 0o600)
	p.own(path)
}

// initialize makes the server's data, with a certificate for localhost.
func (p *postgres) initialize() {
	p.t.Helper()
	certificate, ca, err := selfSigned("localhost", net.IPv4(127, 0, 0, 1))
	if err != nil {
		p.t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		p.t.Fatal(err)
	}
	p.add("server.crt", string(ca))
	p.add("server.key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	p.add("password", postgresAdminPassword)
	p.add("log", "")
	initdb := p.command("initdb", "--no-sync", "--username="+postgresAdmin, "--pwfile="+filepath.Join(p.dir, "password"),
		"--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--pgdata="+filepath.Join(p.dir, "data"))
	if out, err := initdb.CombinedOutput(); err != nil {
		p.t.Fatalf("%v\n%s", err, out)
	}
	p.add("data/pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\n")
	// What clients on this machine need to know the server by.
	write(p.t, p.authority(), string(ca), 0o644)
}

// authority is the file with the certificate that clients trust.
func (p *postgres) authority() string { return filepath.Join(p.dir, "ca.crt") }

func (p *postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.programs, name), args...)
	cmd.Dir, cmd.Env = p.dir, []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.owner}
	return cmd
}

// start starts the server on a free port. Another process may take the port first: then it
// is another one.
func (p *postgres) start() {
	p.t.Helper()
	for range 3 {
		if p.startOn(freePort(p.t)) {
			return
		}
	}
	p.t.Fatalf("the server does not start:\n%s", p.log())
}

func (p *postgres) startOn(port string) bool {
	p.t.Helper()
	log, err := os.OpenFile(filepath.Join(p.dir, "log"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	server := p.command("postgres", "-D", filepath.Join(p.dir, "data"), "-h", "127.0.0.1", "-p", port, "-F", // without fsync
		"-c", "unix_socket_directories=", "-c", "ssl=on", "-c", "log_statement=all", "-c", "log_min_duration_statement=0",
		"-c", "ssl_cert_file="+filepath.Join(p.dir, "server.crt"), "-c", "ssl_key_file="+filepath.Join(p.dir, "server.key"))
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	p.port = port
	if !p.answers(ended) {
		return false
	}
	p.t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGQUIT) // at once
		<-ended
	})
	return true
}

// answers waits until the server does, and reports false if it has ended instead.
func (p *postgres) answers(ended <-chan error) bool {
	for {
		if _, err := p.query(postgresAdmin, postgresAdminPassword, "postgres", "SELECT 1"); err == nil {
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// environ is how a client reaches the server.
func (p *postgres) environ() map[string]string {
	return map[string]string{"PGHOST": "localhost", "PGPORT": p.port, "PGSSLMODE": "verify-full", "PGSSLROOTCERT": p.authority(), "PGCONNECT_TIMEOUT": "10"}
}

// query runs statements as a role and returns what they print.
func (p *postgres) query(role, password, database, statements string) (string, error) {
	cmd := exec.Command("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-f", "-")
	cmd.Stdin = strings.NewReader(statements)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "PGUSER=" + role, "PGPASSWORD=" + password, "PGDATABASE=" + database}
	for name, text := range p.environ() {
		cmd.Env = append(cmd.Env, name+"="+text)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// admin runs statements as the administrator.
func (p *postgres) admin(database, statements string) string {
	p.t.Helper()
	out, err := p.query(postgresAdmin, postgresAdminPassword, database, statements)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// log is what the server wrote so far.
func (p *postgres) log() string {
	p.t.Helper()
	return read(p.t, filepath.Join(p.dir, "log"))
}
