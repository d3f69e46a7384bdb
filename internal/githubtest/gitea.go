package githubtest

import "net/http"

// What differs on Gitea, by the sources of code.gitea.io/gitea v1.26.0.
const (
	// GiteaLogin and giteaID are those of every job's token
	// (models/user/user_system.go).
	GiteaLogin       = "gitea-actions"
	giteaID    int64 = -2
)

// listAll answers with all comments at once: a page is not asked about, and none
// has a next one (ListIssueComments in routers/api/v1/repo/issue_comment.go).
func (s *Server) listAll(w http.ResponseWriter, comments []Comment) {
	shown := make([]map[string]any, 0, len(comments))
	for _, comment := range comments {
		shown = append(shown, comment.json())
	}
	answer(w, http.StatusOK, shown)
}

// noRoute answers a path that the API does not have: there is no GraphQL (Routes in
// routers/api/v1/api.go).
func noRoute(w http.ResponseWriter) {
	http.Error(w, "404 page not found", http.StatusNotFound)
}
