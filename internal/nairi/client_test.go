package nairi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What the tests send. No error may hold the key or the value.
const (
	vaultID  = nairi.VaultID("vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
	secretID = nairi.SecretID("sec_01KQ27AQH800XQTQPJZ0DH14SJ")
	key      = "nr_zq7-synthetic-key"
	value    = "zq7-synthetic-value"
)

// Paths below a base that is not the root of its host.
const (
	base       = "/gateway"
	vaultPath  = base + "/api/public/v1/vaults/vlt_01KEQ6963XS96YDP3NF9NKB7QJ/secrets"
	secretPath = vaultPath + "/sec_01KQ27AQH800XQTQPJZ0DH14SJ"
)

// stored is how the API shows a secret, in an answer and as it is read.
const stored = `{"id":"sec_01KQ27AQH800XQTQPJZ0DH14SJ","env_key":"DATABASE_URL","allowed_domains":["a.example.com"],` +
	`"created_at":"2026-04-25T11:45:19.000Z","updated_at":"2026-04-26T11:45:19.000Z"}`

func storedSecret() nairi.Secret {
	return nairi.Secret{
		ID: secretID, EnvKey: "DATABASE_URL", AllowedDomains: domains.List{"a.example.com"},
		CreatedAt: time.Date(2026, 4, 25, 11, 45, 19, 0, time.UTC),
		UpdatedAt: time.Date(2026, 4, 26, 11, 45, 19, 0, time.UTC),
	}
}

// call is one of the client's requests.
type call struct {
	name   string
	do     func(context.Context, *nairi.Client) error
	method string
	path   string
	secret nairi.SecretID
	writes bool
	answer string // to its success
}

var calls = []call{
	{"list", func(ctx context.Context, c *nairi.Client) error {
		_, err := c.List(ctx, vaultID)
		return err
	}, "GET", vaultPath, "", false, "[" + stored + "]"},
	{"look", func(ctx context.Context, c *nairi.Client) error {
		_, err := c.Look(ctx, vaultID, secretID)
		return err
	}, "PATCH", secretPath, secretID, false, stored},
	{"create", func(ctx context.Context, c *nairi.Client) error {
		_, err := c.Create(ctx, vaultID, nairi.NewSecret{EnvKey: "DATABASE_URL", Value: secret.New(value), AllowedDomains: domains.List{"a.example.com"}}, nil)
		return err
	}, "POST", vaultPath, "", true, stored},
	{"update", func(ctx context.Context, c *nairi.Client) error {
		_, err := c.Update(ctx, vaultID, secretID, nairi.Patch{Value: secret.New(value)})
		return err
	}, "PATCH", secretPath, secretID, true, stored},
	{"delete", func(ctx context.Context, c *nairi.Client) error {
		return c.Delete(ctx, vaultID, secretID)
	}, "DELETE", secretPath, secretID, true, ""},
}

// forEachCall runs a test for every call.
func forEachCall(t *testing.T, test func(*testing.T, call)) {
	t.Helper()
	t.Parallel()
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			test(t, c)
		})
	}
}

// serve starts a server for the time of the test.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// answering is a handler that always gives the same answer.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// redact stands for the redactor of the whole program.
func redact(text string) string {
	return strings.NewReplacer(key, "***", value, "***").Replace(text)
}

// newClient makes a client of the server at url, which does not pause between
// attempts.
func newClient(t testing.TB, url string, changes ...func(*nairi.Options)) *nairi.Client {
	t.Helper()
	u, err := nairi.ParseBaseURL(url + base)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	o := nairi.Options{
		BaseURL: u, Key: secret.New(key), Version: "1.2.3", Timeout: 10 * time.Second,
		Redact: redact, Transport: transport, Random: func() float64 { return 0 }, Now: time.Now,
	}
	for _, change := range changes {
		change(&o)
	}
	return nairi.NewClient(o)
}

// failure does a call that must fail with an Error that shows no secret.
func failure(ctx context.Context, t *testing.T, c call, client *nairi.Client) nairi.Error {
	t.Helper()
	err := c.do(ctx, client)
	var e *nairi.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T, want an Error", err)
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), value) {
			t.Error("the error holds the key or the value")
		}
	}
	return *e
}

// wantError compares the exported fields, of which those that follow from the
// call are filled in.
func wantError(t *testing.T, c call, got, want nairi.Error) {
	t.Helper()
	want.Method, want.Path, want.Secret = c.method, c.path, c.secret
	want.OutcomeUnknown = want.OutcomeUnknown && c.writes
	want.Finished = want.Finished && c.writes
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(nairi.Error{}), cmpopts.IgnoreFields(nairi.Error{}, "Attempts", "Name", "Host", "Vault")); diff != "" {
		t.Errorf("error (-want +got)\n%s", diff)
	}
}

// seen is a request as it arrived.
type seen struct{ Method, Path, ContentType, Body string }

func TestRequests(t *testing.T) {
	t.Parallel()
	list := domains.List{"b.example.com", "*.a.example.com"}
	for _, test := range []struct {
		name   string
		do     func(context.Context, *nairi.Client) error
		answer string
		want   seen
	}{
		{"list", calls[0].do, "[]", seen{"GET", vaultPath, "", ""}},
		{"look sends an empty object", calls[1].do, stored, seen{"PATCH", secretPath, "application/json", `{}`}},
		{"create", func(ctx context.Context, c *nairi.Client) error {
			_, err := c.Create(ctx, vaultID, nairi.NewSecret{EnvKey: "DATABASE_URL", Value: secret.New(value), AllowedDomains: list}, nil)
			return err
		}, stored, seen{"POST", vaultPath, "application/json", `{"env_key":"DATABASE_URL","value":"zq7-synthetic-value","allowed_domains":["b.example.com","*.a.example.com"]}`}},
		{"create for any domain", func(ctx context.Context, c *nairi.Client) error {
			_, err := c.Create(ctx, vaultID, nairi.NewSecret{EnvKey: "DATABASE_URL", Value: secret.New(value)}, nil)
			return err
		}, stored, seen{"POST", vaultPath, "application/json", `{"env_key":"DATABASE_URL","value":"zq7-synthetic-value","allowed_domains":[]}`}},
		{"update the value", calls[3].do, stored, seen{"PATCH", secretPath, "application/json", `{"value":"zq7-synthetic-value"}`}},
		{"update the domains", updating(nairi.Patch{AllowedDomains: &list}), stored, seen{"PATCH", secretPath, "application/json", `{"allowed_domains":["b.example.com","*.a.example.com"]}`}},
		{"update both", updating(nairi.Patch{Value: secret.New(value), AllowedDomains: &list}), stored, seen{"PATCH", secretPath, "application/json", `{"value":"zq7-synthetic-value","allowed_domains":["b.example.com","*.a.example.com"]}`}},
		{"update to any domain", updating(nairi.Patch{AllowedDomains: &domains.List{}}), stored, seen{"PATCH", secretPath, "application/json", `{"allowed_domains":[]}`}},
		{"update from no list at all", updating(nairi.Patch{AllowedDomains: new(domains.List)}), stored, seen{"PATCH", secretPath, "application/json", `{"allowed_domains":[]}`}},
		{"delete", calls[4].do, "", seen{"DELETE", secretPath, "", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var requests []seen
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				requests = append(requests, seen{r.Method, r.URL.EscapedPath(), r.Header.Get("Content-Type"), string(body)})
				checkHeader(t, r)
				_, _ = io.WriteString(w, test.answer)
			})
			if err := test.do(t.Context(), newClient(t, url)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]seen{test.want}, requests, cmp.FilterPath(isBody, cmp.Comparer(sameJSON))); diff != "" {
				t.Errorf("requests (-want +got)\n%s", diff)
			}
		})
	}
}

func updating(p nairi.Patch) func(context.Context, *nairi.Client) error {
	return func(ctx context.Context, c *nairi.Client) error {
		_, err := c.Update(ctx, vaultID, secretID, p)
		return err
	}
}

func checkHeader(t *testing.T, r *http.Request) {
	t.Helper()
	for name, want := range map[string]string{
		"Authorization": "Bearer " + key,
		"Accept":        "application/json",
		"User-Agent":    "vault-secret/1.2.3",
	} {
		if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is not as it should be", name)
		}
	}
	if r.URL.RawQuery != "" {
		t.Errorf("query %q", r.URL.RawQuery)
	}
	for name := range r.Header {
		switch name {
		case "Authorization", "Accept", "User-Agent", "Content-Type", "Content-Length", "Accept-Encoding":
		default:
			t.Errorf("unexpected header %s", name)
		}
	}
}

func isBody(p cmp.Path) bool { return p.Last().String() == ".Body" }

// sameJSON also tells an array from null, and one field from two.
func sameJSON(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && cmp.Equal(x, y)
}

func TestValuesArriveByteForByte(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"-", "@file", "$HOME ${X} $(x) %0A %PATH%", `"'\`, " \t\r\n ", "a\nb\n", "<b>&amp;</b>", "\u2028\u2029\ufeff", "é€🂡", "\x01\x7f\x1b[0m",
		`{"value":"x"}`, "null", strings.Repeat("x", secret.MaxSize),
	} {
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			var body map[string]string
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body["value"] != text {
				t.Errorf("of %q arrived %q, %v", text, body["value"], err)
			}
			_, _ = io.WriteString(w, stored)
		})
		if err := updating(nairi.Patch{Value: secret.New(text)})(t.Context(), newClient(t, url)); err != nil {
			t.Error(err)
		}
	}
}

func TestAnUpdateOfNothingIsNotSent(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	if err := updating(nairi.Patch{})(t.Context(), newClient(t, url)); err == nil {
		t.Error("no error")
	}
}

func TestEverySegmentIsEscaped(t *testing.T) {
	t.Parallel()
	for id, segment := range map[string]string{"a/b": "a%2Fb", "a?b": "a%3Fb", "a#b": "a%23b", "a%2Fb": "a%252Fb", "a b": "a%20b", "a\nb": "a%0Ab", "é": "%C3%A9"} {
		var path string
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.EscapedPath()
			w.WriteHeader(http.StatusNotFound)
		})
		_, _ = newClient(t, url).Look(t.Context(), nairi.VaultID(id), nairi.SecretID(id))
		if want := base + "/api/public/v1/vaults/" + segment + "/secrets/" + segment; path != want {
			t.Errorf("%q: path %s, want %s", id, path, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 4, 27, 10, 0, 0, 0, time.UTC)
	dated := storedSecret()
	dated.AnsweredAt = date
	second := dated
	second.ID = "sec_2"
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", date.Format(http.TimeFormat))
		switch r.Method {
		case http.MethodGet:
			_, _ = io.WriteString(w, "["+stored+","+strings.Replace(stored, string(secretID), "sec_2", 1)+"]")
		case http.MethodPost:
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, stored)
		default:
			_, _ = io.WriteString(w, stored)
		}
	})
	c := newClient(t, url)
	list, err := c.List(t.Context(), vaultID)
	if diff := cmp.Diff([]nairi.Secret{dated, second}, list); err != nil || diff != "" {
		t.Errorf("list: %v\n%s", err, diff)
	}
	for name, get := range map[string]func() (nairi.Secret, error){
		"look": func() (nairi.Secret, error) { return c.Look(t.Context(), vaultID, secretID) },
		"create": func() (nairi.Secret, error) {
			return c.Create(t.Context(), vaultID, nairi.NewSecret{Value: secret.New(value)}, nil)
		},
		"update": func() (nairi.Secret, error) {
			return c.Update(t.Context(), vaultID, secretID, nairi.Patch{Value: secret.New(value)})
		},
	} {
		got, err := get()
		if diff := cmp.Diff(dated, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	if err := c.Delete(t.Context(), vaultID, secretID); err != nil {
		t.Errorf("a delete that is answered with JSON: %v", err)
	}
}

func TestAnswersWithLessThanAll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body string
		want       nairi.Secret
		complete   bool
	}{
		{"all", stored, storedSecret(), true},
		{"only an ID", `{"id":"sec_01KQ27AQH800XQTQPJZ0DH14SJ"}`, nairi.Secret{ID: secretID}, false},
		{"an empty list", strings.Replace(stored, `["a.example.com"]`, "[]", 1), with(func(s *nairi.Secret) { s.AllowedDomains = domains.List{} }), true},
		{"a list of null", strings.Replace(stored, `["a.example.com"]`, "null", 1), with(func(s *nairi.Secret) { s.AllowedDomains = nil }), false},
		{"no name", strings.Replace(stored, `"DATABASE_URL"`, `""`, 1), with(func(s *nairi.Secret) { s.EnvKey = "" }), false},
		{"a time without a fraction", strings.ReplaceAll(stored, ".000Z", "Z"), storedSecret(), true},
		{"more than is documented", strings.Replace(stored, "{", `{"value":"***","version":2,`, 1), storedSecret(), true},
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = nil
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, test.body)
		})
		got, err := newClient(t, url).Create(t.Context(), vaultID, nairi.NewSecret{Value: secret.New(value)}, nil)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", test.name, err, diff)
		}
		if got.Complete() != test.complete {
			t.Errorf("%s: complete is %v, want %v", test.name, got.Complete(), test.complete)
		}
	}
}

func with(change func(*nairi.Secret)) nairi.Secret {
	s := storedSecret()
	change(&s)
	return s
}

func TestAnEmptyVaultIsAList(t *testing.T) {
	t.Parallel()
	got, err := newClient(t, serve(t, answering(200, "[]"))).List(t.Context(), vaultID)
	if err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAClientIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var served atomic.Int32
	client := newClient(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		answering(200, map[string]string{"GET": "[]", "DELETE": ""}[r.Method]+map[string]string{"POST": stored, "PATCH": stored}[r.Method])(w, r)
	}))
	done := make(chan error)
	for _, c := range calls {
		go func() { done <- c.do(t.Context(), client) }()
	}
	for range calls {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if int(served.Load()) != len(calls) {
		t.Errorf("%d requests, want %d", served.Load(), len(calls))
	}
}
