package githubtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// maxTitle is the longest title of an issue, in characters.
const maxTitle = 256

// repository is the one that a path names, if it is there and has issues.
func (s *Server) repository(w http.ResponseWriter, r *http.Request) (string, bool) {
	repo := r.PathValue("owner") + "/" + r.PathValue("repo")
	switch {
	case repo != DefaultRepository:
		refuse(w, http.StatusNotFound, "Not Found")
	case s.off[repo]:
		refuse(w, http.StatusGone, "Issues are disabled for this repo")
	default:
		return repo, true
	}
	return "", false
}

// listIssues answers with one page of those that a label or an author has.
func (s *Server) listIssues(w http.ResponseWriter, r *http.Request) {
	repo, ok := s.repository(w, r)
	if !ok {
		return
	}
	query := r.URL.Query()
	s.checkIssueQuery(query)
	shown := make([]map[string]any, 0, 100)
	page, _ := strconv.Atoi(query.Get("page"))
	matches := s.matching(repo, query)
	start := min(len(matches), max(0, page-1)*100)
	end := min(len(matches), start+100)
	if end < len(matches) {
		query.Set("page", strconv.Itoa(page+1))
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?%s>; rel="next"`, r.Host, r.URL.Path, query.Encode()))
	}
	for _, issue := range matches[start:end] {
		shown = append(shown, issue.json())
	}
	answer(w, http.StatusOK, shown)
}

// checkIssueQuery fails the test for a list that could miss what it is asked for.
func (s *Server) checkIssueQuery(query url.Values) {
	page, err := strconv.Atoi(query.Get("page"))
	state := query.Get("state")
	byLabel, byAuthor := query.Get("labels") != "", query.Get("creator") != ""
	keys := slices.Sorted(maps.Keys(query))
	known := slices.Equal(keys, []string{"creator", "page", "per_page", "state"}) ||
		slices.Equal(keys, []string{"direction", "labels", "page", "per_page", "state"}) && query.Get("direction") == "asc"
	if err != nil || page < 1 || query.Get("per_page") != "100" || state != "open" && state != "all" || byLabel == byAuthor || !known {
		s.t.Errorf("issues: the query is %q", query.Encode())
	}
}

// matching are the issues that a query asks for, the newest first unless it says
// otherwise.
func (s *Server) matching(repo string, query url.Values) []*Issue {
	var matches []*Issue
	for _, issue := range s.issues[repo] {
		label, author := query.Get("labels"), query.Get("creator")
		switch {
		case query.Get("state") == "open" && issue.State != "open":
		case label != "" && !issue.has(label), author != "" && author != issue.Author:
		case s.lag > 0 && !issue.born.IsZero() && time.Since(issue.born) < s.lag:
		default:
			matches = append(matches, issue)
		}
	}
	if query.Get("direction") != "asc" {
		slices.Reverse(matches)
	}
	return matches
}

// openIssue makes an issue. A label that is not there is made.
func (s *Server) openIssue(w http.ResponseWriter, r *http.Request) {
	repo, ok := s.repository(w, r)
	if !ok {
		return
	}
	asked, ok := s.asked(w, r, "title", "body", "labels")
	if !ok {
		return
	}
	issue := s.addIssue(repo, Issue{
		Author: s.login, AuthorID: s.loginID, Title: asked.Title, Body: asked.Body, Labels: asked.Labels, born: time.Now(),
	})
	w.Header().Set("Location", "http://"+r.Host+"/made")
	answer(w, http.StatusCreated, issue.json())
}

// changeIssue changes an issue, and refuses to change that of somebody else.
func (s *Server) changeIssue(w http.ResponseWriter, r *http.Request) {
	repo, ok := s.repository(w, r)
	if !ok {
		return
	}
	asked, ok := s.asked(w, r, "body", "state", "state_reason")
	if !ok {
		return
	}
	number, _ := strconv.Atoi(r.PathValue("number"))
	issue := s.issue(repo, number)
	switch {
	case issue == nil && number <= s.lastNumber:
		refuse(w, http.StatusGone, "This issue was deleted")
		return
	case issue == nil:
		refuse(w, http.StatusNotFound, "Not Found")
		return
	case issue.Author != s.login || issue.AuthorID != s.loginID:
		s.t.Errorf("change: the issue is by %q", issue.Author)
		refuse(w, http.StatusForbidden, "Resource not accessible by integration")
		return
	}
	issue.Body, issue.State, issue.Reason = asked.Body, asked.State, asked.Reason
	answer(w, http.StatusOK, issue.json())
}

// asking is the body of a request about an issue.
type asking struct {
	Title, Body, State string
	Reason             string `json:"state_reason"`
	Labels             []string
}

// asked reads the body of a request, and fails the test for one with other keys.
func (s *Server) asked(w http.ResponseWriter, r *http.Request, keys ...string) (asking, bool) {
	var raw map[string]json.RawMessage
	var asked asking
	err := json.NewDecoder(r.Body).Decode(&raw)
	if text, _ := json.Marshal(raw); err == nil {
		err = json.Unmarshal(text, &asked)
	}
	for key := range raw {
		if !slices.Contains(keys, key) {
			s.t.Errorf("%s %s: the body has the key %q", r.Method, r.URL.Path, key)
		}
	}
	valid := utf8.RuneCountInString(asked.Body) <= maxBody && utf8.RuneCountInString(asked.Title) <= maxTitle
	if r.Method == http.MethodPost {
		valid = valid && asked.Title != ""
	} else {
		valid = valid && asked.known()
	}
	if err != nil || !valid {
		refuse(w, http.StatusUnprocessableEntity, "Validation Failed")
		return asking{}, false
	}
	return asked, true
}

// known reports whether a state, and the reason for it, is one that GitHub knows.
func (a asking) known() bool {
	switch a.State {
	case "open":
		return a.Reason == "" || a.Reason == "reopened"
	case "closed":
		return a.Reason == "completed" || a.Reason == "not_planned"
	}
	return false
}
