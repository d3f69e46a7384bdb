package githubtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxSecret is the longest value, in bytes
// (https://docs.github.com/en/actions/reference/security/secrets#limits-for-secrets).
const maxSecret = 48 << 10

// secretName is what a secret may be called, but for what begins with GITHUB_
// (https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets).
var secretName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// secretRoutes are the endpoints of secrets, of every kind of place.
func (s *Server) secretRoutes(mux *http.ServeMux) {
	repository := s.prefix + "/repos/{owner}/{repo}"
	for folder, spell := range map[string]func(*http.Request) string{
		repository + "/actions/secrets":            func(r *http.Request) string { return "repo:" + repositoryOf(r) },
		repository + "/environments/{env}/secrets": func(r *http.Request) string { return "env:" + repositoryOf(r) + "/" + r.PathValue("env") },
		repository + "/dependabot/secrets":         func(r *http.Request) string { return "dependabot:" + repositoryOf(r) },
		s.prefix + "/orgs/{owner}/actions/secrets": func(r *http.Request) string { return "org:" + r.PathValue("owner") },
	} {
		mux.Handle("GET "+folder+"/public-key", s.secretEndpoint("key", Reads, spell, s.publicKey))
		mux.Handle("GET "+folder, s.secretEndpoint("secrets", Reads, spell, s.listSecrets))
		mux.Handle("GET "+folder+"/{name}", s.secretEndpoint("secret", Reads, spell, s.showSecret))
		mux.Handle("PUT "+folder+"/{name}", s.secretEndpoint("write", Writes, spell, s.writeSecret))
		mux.Handle("GET "+folder+"/{name}/repositories", s.secretEndpoint("selected", Reads, spell, s.listSelected))
	}
}

func repositoryOf(r *http.Request) string { return r.PathValue("owner") + "/" + r.PathValue("repo") }

// secretEndpoint is an endpoint of a place, which needs a permission.
func (s *Server) secretEndpoint(name string, needs Access, spell func(*http.Request) string, do func(*place, http.ResponseWriter, *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		spelled := spell(r)
		request := name + " " + spelled
		if r.PathValue("name") != "" {
			request += " " + r.PathValue("name")
		}
		s.endpoint(request, func(w http.ResponseWriter, r *http.Request) {
			p := s.places[spelled]
			switch {
			case s.gitea:
				noRoute(w)
			case p == nil || p.access == Hidden:
				refuse(w, http.StatusNotFound, "Not Found")
			case p.access > needs:
				refuse(w, http.StatusForbidden, "Resource not accessible by integration")
			default:
				do(p, w, r)
			}
		}).ServeHTTP(w, r)
	})
}

func (s *Server) publicKey(p *place, w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"key_id": p.keyID, "key": base64.StdEncoding.EncodeToString(p.public[:])})
}

// page are the bounds of a page of a list, and whether the query is one for a page. The
// address of the next one is in Link.
func (s *Server) page(w http.ResponseWriter, r *http.Request, total int) (start, end int) {
	query := r.URL.Query()
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil || page < 1 || query.Get("per_page") != "100" || len(query) != 2 {
		s.t.Errorf("%s: the query is %q", r.URL.Path, r.URL.RawQuery)
	}
	start = min(total, max(0, page-1)*100)
	end = min(total, start+100)
	if end < total {
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?per_page=100&page=%d>; rel="next"`, r.Host, r.URL.EscapedPath(), page+1))
	}
	return start, end
}

func (s *Server) listSecrets(p *place, w http.ResponseWriter, r *http.Request) {
	start, end := s.page(w, r, len(p.secrets))
	shown := make([]map[string]any, 0, end-start)
	for _, secret := range p.secrets[start:end] {
		shown = append(shown, secret.json())
	}
	answer(w, http.StatusOK, map[string]any{"total_count": len(p.secrets), "secrets": shown})
}

func (s *Server) showSecret(p *place, w http.ResponseWriter, r *http.Request) {
	secret := p.find(r.PathValue("name"))
	if secret == nil {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	answer(w, http.StatusOK, secret.json())
}

// listSelected lists the repositories that may read a secret, as far as the token sees
// them, and how many there are.
func (s *Server) listSelected(p *place, w http.ResponseWriter, r *http.Request) {
	secret := p.find(r.PathValue("name"))
	switch {
	case secret == nil:
		refuse(w, http.StatusNotFound, "Not Found")
		return
	case secret.Visibility != "selected":
		s.t.Errorf("%s: the visibility is %q", r.URL.Path, secret.Visibility)
		refuse(w, http.StatusConflict, "Visibility is not selected")
		return
	}
	seen := secret.Repositories[:max(0, len(secret.Repositories)-p.unseen)]
	start, end := s.page(w, r, len(seen))
	shown := make([]map[string]any, 0, end-start)
	for _, id := range seen[start:end] {
		shown = append(shown, map[string]any{"id": id, "full_name": fmt.Sprint("octo/", id)})
	}
	answer(w, http.StatusOK, map[string]any{"total_count": len(secret.Repositories), "repositories": shown})
}

// writing is the body of a write.
type writing struct {
	KeyID        string `json:"key_id"`
	Sealed       string `json:"encrypted_value"`
	Visibility   string `json:"visibility"`
	Repositories []int  `json:"selected_repository_ids"`
}

// writeSecret makes a secret or replaces it. What was selected and is not in the body is
// not selected any more.
func (s *Server) writeSecret(p *place, w http.ResponseWriter, r *http.Request) {
	body, ok := s.writing(p, r)
	value, sealed := p.open(body.Sealed)
	name := r.PathValue("name")
	switch {
	case !ok:
	case body.KeyID != p.keyID || !sealed:
		s.t.Errorf("%s: the value is not sealed for %s", r.URL.Path, p.name)
	case !secretName.MatchString(name) || strings.HasPrefix(strings.ToUpper(name), "GITHUB_") || len(value) > maxSecret:
	default:
		s.store(p, w, Secret{Name: name, Value: value, Visibility: body.Visibility, Repositories: body.Repositories})
		return
	}
	refuse(w, http.StatusUnprocessableEntity, "Validation Failed")
}

func (s *Server) store(p *place, w http.ResponseWriter, secret Secret) {
	secret.UpdatedAt = s.now()
	secret.CreatedAt = secret.UpdatedAt
	if there := p.find(secret.Name); there != nil {
		secret.CreatedAt = there.CreatedAt
	}
	if p.put(secret) {
		answer(w, http.StatusCreated, map[string]any{})
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// writing reads the body of a write, and fails the test for one that has too few keys or
// too many.
func (s *Server) writing(p *place, r *http.Request) (body writing, ok bool) {
	var raw map[string]json.RawMessage
	err := json.NewDecoder(r.Body).Decode(&raw)
	if text, _ := json.Marshal(raw); err == nil {
		err = json.Unmarshal(text, &body)
	}
	want := []string{"encrypted_value", "key_id"}
	if strings.HasPrefix(p.name, "org:") {
		want = append(want, "visibility")
		if body.Visibility == "selected" {
			want = append(want, "selected_repository_ids")
		}
		ok = slices.Contains([]string{"all", "private", "selected"}, body.Visibility)
	} else {
		ok = true
	}
	slices.Sort(want)
	if keys := slices.Sorted(maps.Keys(raw)); err != nil || !slices.Equal(keys, want) {
		s.t.Errorf("PUT %s: the body has the keys %q, want %q", r.URL.Path, keys, want)
		return writing{}, false
	}
	return body, ok
}

// json is what GitHub tells of a secret.
func (s *Secret) json() map[string]any {
	shown := map[string]any{
		"name": s.Name, "created_at": s.CreatedAt.UTC().Format(time.RFC3339), "updated_at": s.UpdatedAt.UTC().Format(time.RFC3339),
	}
	if s.Visibility != "" {
		shown["visibility"] = s.Visibility
	}
	return shown
}
