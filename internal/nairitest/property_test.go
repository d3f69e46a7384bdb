package nairitest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/nairi-community/vault-secret/internal/nairitest"
)

// canary is in every value, and in nothing else that is sent.
const canary = "c4n4ry"

// TestValueIsInNoAnswer sends any requests, well-formed and not, to any dialect.
// It also checks that a vault holds the values that were written, byte for byte.
func TestValueIsInNoAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		t.Repeat(map[string]func(*rapid.T){
			"create": m.create,
			"update": m.update,
			"delete": m.delete,
			"list":   m.list,
			"broken": m.broken,
			"":       m.check,
		})
	})
}

// model is what the vault should hold, by secret ID.
type model struct {
	e      *nairitest.Emulator
	vault  string
	values map[string]string
}

func newModel(t *rapid.T) *model {
	e := nairitest.New(nairitest.Options{
		Duplicates:    rapid.SampledFrom([]nairitest.Duplicates{0, 1, 2}).Draw(t, "duplicates"),
		BumpIdentical: rapid.Bool().Draw(t, "bump"),
		TextErrors:    rapid.Bool().Draw(t, "text errors"),
		Shuffled:      rapid.Bool().Draw(t, "shuffled"),
		ExtraFields:   rapid.Bool().Draw(t, "extra fields"),
		WrappedLists:  rapid.Bool().Draw(t, "wrapped lists"),
	})
	return &model{e: e, vault: e.AddVault("v"), values: map[string]string{}}
}

// send fails the test if the answer holds a value.
func (m *model) send(t *rapid.T, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/public/v1/vaults/"+m.vault+"/secrets"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+m.e.Options().Key)
	w := httptest.NewRecorder()
	m.e.ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), canary) || strings.Contains(fmt.Sprint(w.Header()), canary) {
		t.Fatalf("%s: an answer with status %d holds a value", method, w.Code)
	}
	return w
}

func (m *model) create(t *rapid.T) {
	value := drawValue(t)
	name := rapid.SampledFrom([]string{"A", "B", "C", "1", ""}).Draw(t, "name")
	w := m.send(t, "POST", "", encode(map[string]any{"env_key": name, "value": value}))
	if w.Code == http.StatusCreated {
		var got struct{ ID string }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		m.values[got.ID] = value
	}
}

func (m *model) update(t *rapid.T) {
	value, id := drawValue(t), m.drawID(t)
	w := m.send(t, "PATCH", "/"+id, encode(map[string]any{"value": value}))
	if w.Code == http.StatusOK {
		m.values[id] = value
	}
}

func (m *model) delete(t *rapid.T) {
	id := m.drawID(t)
	if m.send(t, "DELETE", "/"+id, "").Code == http.StatusNoContent {
		delete(m.values, id)
	}
}

func (m *model) list(t *rapid.T) { m.send(t, "GET", "", "") }

// broken cuts a good body, or has the value in the wrong place.
func (m *model) broken(t *rapid.T) {
	value := drawValue(t)
	whole := encode(map[string]any{"env_key": value + "!", "value": []string{value}})
	body := whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "cut")]
	if rapid.Bool().Draw(t, "whole") {
		body = whole
	}
	m.send(t, rapid.SampledFrom([]string{"POST", "PATCH", "PUT"}).Draw(t, "method"), rapid.SampledFrom([]string{"", "/" + noSecret}).Draw(t, "path"), body)
}

func (m *model) check(t *rapid.T) {
	got := map[string]string{}
	for _, s := range m.e.Secrets(m.vault) {
		got[s.ID] = s.Value
	}
	if diff := cmp.Diff(m.values, got); diff != "" {
		t.Fatalf("the vault holds (-want +got):\n%s", diff)
	}
}

func (m *model) drawID(t *rapid.T) string {
	ids := []string{noSecret, "bad"}
	for _, s := range m.e.Secrets(m.vault) {
		ids = append(ids, s.ID)
	}
	return ids[rapid.IntRange(0, len(ids)-1).Draw(t, "id")]
}

func drawValue(t *rapid.T) string {
	return rapid.String().Draw(t, "before") + canary + rapid.String().Draw(t, "after")
}

func encode(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// TestConcurrentClients is for the race detector, and for its count at the end.
func TestConcurrentClients(t *testing.T) {
	t.Parallel()
	b := start(t, nairitest.Options{Shuffled: true})
	const clients = 8
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			path := "/api/public/v1/vaults/" + b.VaultID + "/secrets"
			r, err := b.send("POST", path, fmt.Sprintf(`{"env_key":"K%d","value":"v"}`, i))
			if err != nil || r.status != http.StatusCreated {
				t.Errorf("client %d: status %d, %v", i, r.status, err)
				return
			}
			var s struct{ ID string }
			_ = json.Unmarshal([]byte(r.body), &s)
			for _, domains := range []string{`["a.example"]`, `["b.example"]`, `[]`} {
				_, _ = b.send("PATCH", path+"/"+s.ID, `{"allowed_domains":`+domains+`}`)
				_, _ = b.send("GET", path, "")
				b.Set(func(o *nairitest.Options) { o.ExtraFields = !o.ExtraFields })
				_, _ = b.Secrets(b.VaultID), b.Requests()
			}
		})
	}
	group.Wait()
	if got := len(b.Secrets(b.VaultID)); got != clients {
		t.Errorf("%d secrets, want %d", got, clients)
	}
	if got := len(b.Requests()); got != clients*7 {
		t.Errorf("%d requests recorded, want %d", got, clients*7)
	}
}
