package githubtest

import (
	"net/http"
	"strings"
)

// hostile is in every text of an error that a Fault answers with; nobody should
// repeat it.
const hostile = "hostile\n::error::@everyone<script>"

// Fault is something that goes wrong.
type Fault struct {
	On     string // as in Server.Requests, or its beginning, as in write or write org:octo; "" for any
	Times  int    // how often; 0 for always
	Late   bool   // the request is carried out first, and only its answer is lost
	Answer http.HandlerFunc
}

// strikes reports whether a fault is one of a request.
func (f *Fault) strikes(request string) bool {
	return f.On == "" || f.On == request || strings.HasPrefix(request, f.On+" ")
}

// Fail lets a fault strike. Of several that fit, the first strikes.
func (s *Server) Fail(fault Fault) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.faults = append(s.faults, &fault)
}

// Heal ends all faults.
func (s *Server) Heal() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.faults = nil
}

// Status answers with an error of GitHub's, and with header, as in
// "Retry-After: 5".
func Status(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range header {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, value)
		}
		refuse(w, status, hostile)
	}
}

// SecondaryLimit answers as GitHub does for too many requests at once, without a
// header that says how long to wait.
func SecondaryLimit(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusForbidden, map[string]any{
		"message":           hostile,
		"documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
	})
}

// Text answers with a success and any text.
func Text(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}

// Endless answers with JSON that never ends.
func Endless(w http.ResponseWriter, _ *http.Request) {
	chunk := []byte(strings.Repeat(" ", 64<<10))
	_, err := w.Write([]byte("["))
	for err == nil {
		_, err = w.Write(chunk)
	}
}

// Hang never answers.
func Hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// Cut ends the connection without an answer.
func Cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// Torn ends the connection in the middle of an answer.
func Torn(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`[{"id":`))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
