package action

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"go/ast"
	"go/parser"
	source "go/token"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/githubtest"
)

// hub is the host of GitHub's API that only the proxy can find.
const hub = "api.github.test"

// reach lets a stage's proxy connect to a GitHub by its name, with a certificate of its
// own that the stage trusts.
func (p *proxy) reach(s *stage, github *githubtest.Server) {
	s.t.Helper()
	target, err := url.Parse(github.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	// By its root alone: the stage has the path.
	target.Path = ""
	server := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificateFor(s.t, hub)}}
	server.StartTLS()
	s.t.Cleanup(server.Close)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.others = map[string]string{hub + ":443": server.Listener.Addr().String()}
	s.with["ca_cert"] += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	s.env["GITHUB_API_URL"] = strings.Replace(github.URL, target.Scheme+"://"+target.Host, "https://"+hub, 1)
}

// All that talks to anybody, in runs of the real program: it asks for the hosts that
// docs/security-model.md names, each only by the input that needs it, and for no other.
func TestNoOtherHostIsAskedFor(t *testing.T) {
	t.Parallel()
	both := []string{"CONNECT " + hub + ":443", "CONNECT " + proxied + ":443"}
	const unmirrored = "TOKEN: {env: FRESH, allowed_domains: [api.example.com]}"
	const mirrored = "TOKEN: {env: FRESH, allowed_domains: [api.example.com], mirror: ['env:octo/cats/production']}"
	for name, tt := range map[string]struct {
		with  inputs
		entry string // of a manifest, and of none for ""
		want  []string
	}{
		"one secret":        {rotation, "", both[1:]},
		"one mirror":        {inputs{"env_key": "TOKEN", "value": value, "mirror": "repo:octo/cats"}, "", both},
		"a list":            {inputs{"operation": "list"}, "", both[1:]},
		"a lint":            {inputs{"operation": "lint"}, mirrored, nil},
		"a plan":            {inputs{"operation": "sync", "dry_run": "true"}, unmirrored, both[1:]},
		"a comment":         {inputs{"operation": "sync", "dry_run": "true", "comment_pr": "true"}, unmirrored, both},
		"an issue":          {inputs{"operation": "check", "issue": "true"}, unmirrored, both},
		"a sync of mirrors": {inputs{"operation": "sync"}, mirrored, both},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p, address := newProxiedStage(t)
			p.reach(s, s.onPullRequest())
			s.env["HTTPS_PROXY"], s.env["HTTP_PROXY"], s.env["FRESH"] = address, address, value
			delete(s.with, "comment_pr")
			if !slices.Equal(tt.want, both) {
				delete(s.with, "github_token")
			}
			if tt.entry != "" {
				s.with["secrets"] = "vaults:\n- vault_id: " + s.VaultID + "\n  secrets:\n    " + tt.entry + "\n"
				delete(s.with, "vault_id")
			}

			got := s.start(tt.with).wait()

			if got.code != 0 {
				t.Errorf("exit code %d: %s", got.code, got.log)
			}
			asked, _ := p.seen()
			slices.Sort(asked)
			same(t, "the proxy was asked for", tt.want, slices.Compact(asked))
		})
	}
}

// connects are the names of the standard library by which a program reaches the network
// by itself.
var connects = map[string][]string{
	"net": {
		"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer", "Listen", "ListenPacket", "ListenConfig", "Resolver", "DefaultResolver",
		"LookupHost", "LookupIP", "LookupAddr", "LookupTXT", "LookupCNAME", "LookupMX", "LookupNS", "LookupSRV",
	},
	"net/http":   {"Client", "Transport", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm", "ListenAndServe", "Serve", "Server"},
	"crypto/tls": {"Dial", "DialWithDialer", "Dialer", "Client", "Listen"},
	"os/exec":    {"Command", "CommandContext"},
	"net/rpc":    {"Dial"},
	"net/smtp":   {"Dial", "SendMail"},
}

// connecting are the uses of those names in a file.
func connecting(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(source.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for _, spec := range file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		local := imported[strings.LastIndex(imported, "/")+1:]
		if spec.Name != nil {
			local = spec.Name.Name
		}
		names[local] = connects[imported]
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if selected, ok := n.(*ast.SelectorExpr); ok {
			if from, ok := selected.X.(*ast.Ident); ok && slices.Contains(names[from.Name], selected.Sel.Name) {
				found = append(found, from.Name+"."+selected.Sel.Name)
			}
		}
		return true
	})
	return found
}

// A proxy sees only what goes through it. Beside that, nothing of the program can connect
// but the room for it: there is no code for anything else to be sent, nor to run another
// program that would.
func TestOnlyTheNetworkRoomConnects(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,GoFiles", ".")
	list.Dir = repository
	text, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	inRoom := 0
	for decoder := json.NewDecoder(bytes.NewReader(text)); decoder.More(); {
		var p struct {
			ImportPath, Dir string
			GoFiles         []string
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.ImportPath+"/internal/" != internal && !strings.HasPrefix(p.ImportPath, internal) {
			continue
		}
		for _, name := range p.GoFiles {
			found := connecting(t, filepath.Join(p.Dir, name))
			switch {
			case p.ImportPath == internal+"network":
				inRoom += len(found)
			case p.ImportPath == internal+"github" && name == "client.go" && len(found) > 0:
				same(t, "what "+name+" has of the network", []string{"http.Client"}, slices.Compact(found)) // around the transport that is handed in
			case len(found) > 0:
				t.Errorf("%s/%s uses %q", p.ImportPath, name, found)
			}
		}
	}
	if inRoom == 0 {
		t.Error("nothing connects at all")
	}
}
