package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxBody is the longest comment, in characters.
const maxBody = 65536

// pullRequest is the one that a path names, or the issue, if it is there.
func (s *Server) pullRequest(w http.ResponseWriter, r *http.Request) (string, bool) {
	pr := fmt.Sprintf("%s/%s#%s", r.PathValue("owner"), r.PathValue("repo"), r.PathValue("number"))
	if _, found := s.comments[pr]; !found {
		refuse(w, http.StatusNotFound, "Not Found")
		return "", false
	}
	return pr, true
}

// list answers with one page, and the address of the next in Link.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	pr, ok := s.pullRequest(w, r)
	if !ok {
		return
	}
	query := r.URL.Query()
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil || page < 1 || query.Get("per_page") != "100" || len(query) != 2 {
		s.t.Errorf("list: the query is %q", r.URL.RawQuery)
	}
	all := s.comments[pr]
	if s.gitea {
		s.listAll(w, all)
		return
	}
	start := min(len(all), max(0, page-1)*100)
	end := min(len(all), start+100)
	if end < len(all) {
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?per_page=100&page=%d>; rel="next"`, r.Host, r.URL.Path, page+1))
	}
	shown := make([]map[string]any, 0, end-start)
	for _, comment := range all[start:end] {
		shown = append(shown, comment.json())
	}
	answer(w, http.StatusOK, shown)
}

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	pr, ok := s.pullRequest(w, r)
	if !ok {
		return
	}
	body, ok := s.body(w, r)
	if !ok {
		return
	}
	w.Header().Set("Location", "http://"+r.Host+"/made")
	answer(w, http.StatusCreated, s.add(pr, s.login, s.loginID, body).json())
}

// edit refuses to change the comment of somebody else. GitHub lets tokens that
// may write to the repository do it, and so does Gitea; nothing here ever should.
func (s *Server) edit(w http.ResponseWriter, r *http.Request) {
	body, ok := s.body(w, r)
	if !ok {
		return
	}
	if comment := s.own(w, r, "edit"); comment != nil {
		comment.Body = body
		answer(w, http.StatusOK, comment.json())
	}
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request) {
	comment := s.own(w, r, "delete")
	if comment == nil {
		return
	}
	for pr, comments := range s.comments {
		s.comments[pr] = slices.DeleteFunc(comments, func(c Comment) bool { return c.ID == comment.ID })
	}
	w.WriteHeader(http.StatusNoContent)
}

// own is the comment that a path names, if it is there and by the token's owner.
func (s *Server) own(w http.ResponseWriter, r *http.Request, doing string) *Comment {
	repository := r.PathValue("owner") + "/" + r.PathValue("repo") + "#"
	for pr, comments := range s.comments {
		i := slices.IndexFunc(comments, func(c Comment) bool { return strconv.FormatInt(c.ID, 10) == r.PathValue("id") })
		if i < 0 || !strings.HasPrefix(pr, repository) {
			continue
		}
		if comments[i].Author != s.login || comments[i].AuthorID != s.loginID {
			s.t.Errorf("%s: the comment is by %q", doing, comments[i].Author)
			refuse(w, http.StatusForbidden, "Resource not accessible by integration")
			return nil
		}
		return &comments[i]
	}
	refuse(w, http.StatusNotFound, "Not Found")
	return nil
}

// pull answers with what a pull request is about, in part.
func (s *Server) pull(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.pullRequest(w, r); !ok {
		return
	}
	number, _ := strconv.Atoi(r.PathValue("number"))
	if s.issue(r.PathValue("owner")+"/"+r.PathValue("repo"), number) != nil {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"number": number, "state": "open", "head": map[string]any{"ref": "kittens", "sha": s.head},
	})
}

// pullsOf answers with the pull requests of a commit: the one that was merged as it, and
// before that one which is still open.
func (s *Server) pullsOf(w http.ResponseWriter, r *http.Request) {
	if s.gitea {
		noRoute(w)
		return
	}
	pulls := []map[string]any{{"number": 6, "state": "open", "merged_at": nil, "merge_commit_sha": r.PathValue("sha"), "head": map[string]any{"sha": s.head}}}
	if r.PathValue("sha") == s.merged {
		pulls = append(pulls, s.mergedPull())
	}
	answer(w, http.StatusOK, pulls)
}

// pullOf is the same as Gitea has it (GetCommitPullRequest in routers/api/v1/repo/commits.go).
func (s *Server) pullOf(w http.ResponseWriter, r *http.Request) {
	if !s.gitea || r.PathValue("sha") != s.merged {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	answer(w, http.StatusOK, s.mergedPull())
}

func (s *Server) mergedPull() map[string]any {
	return map[string]any{
		"number": 7, "state": "closed", "merged_at": "2026-05-02T08:00:00Z", "merge_commit_sha": s.merged, "head": map[string]any{"sha": s.head},
	}
}

// body is the text of a comment that is to be written.
func (s *Server) body(w http.ResponseWriter, r *http.Request) (string, bool) {
	body := s.only(r, "body")
	if n := utf8.RuneCountInString(body); n == 0 || n > maxBody {
		refuse(w, http.StatusUnprocessableEntity, "Validation Failed")
		return "", false
	}
	return body, true
}

// viewer answers the one question that is asked of GraphQL.
func (s *Server) viewer(w http.ResponseWriter, r *http.Request) {
	if got := s.only(r, "query"); got != "query{viewer{login}}" {
		s.t.Errorf("viewer: the question is %q", got)
	}
	if s.gitea {
		noRoute(w)
		return
	}
	answer(w, http.StatusOK, map[string]any{"data": map[string]any{"viewer": map[string]any{"login": s.login}}})
}

// user says whose the token is; of GitHub's own tokens GitHub does not.
func (s *Server) user(w http.ResponseWriter, _ *http.Request) {
	if !s.gitea {
		refuse(w, http.StatusForbidden, "Resource not accessible by integration")
		return
	}
	answer(w, http.StatusOK, map[string]any{"id": s.loginID, "login": s.login})
}

func (c Comment) json() map[string]any {
	kind := "User"
	if strings.HasSuffix(c.Author, "[bot]") {
		kind = "Bot"
	}
	user := map[string]any{"login": c.Author, "type": kind}
	if c.AuthorID != 0 {
		user["id"] = c.AuthorID
	}
	return map[string]any{"id": c.ID, "body": c.Body, "user": user}
}

func refuse(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]any{"message": message})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}
