package nairitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// answer is what a request gets.
type answer struct {
	status int
	header map[string]string
	body   any    // sent as JSON; nil for none
	text   string // sent as text/plain in place of body, unless empty
	event  Event  // how the request changed a secret, if it did
}

// render returns the body as it is sent, and its type; neither for an answer
// without one.
func (a *answer) render() (contentType string, body []byte) {
	switch {
	case a.text != "":
		return "text/plain; charset=utf-8", []byte(a.text + "\n")
	case a.body != nil:
		var text bytes.Buffer
		_ = json.NewEncoder(&text).Encode(a.body)
		return "application/json", text.Bytes()
	}
	return "", nil
}

// refusal is an error for the client.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func invalid(format string, args ...any) error {
	return &refusal{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func unauthorized(text string) error { return &refusal{http.StatusUnauthorized, text} }

// notFound is also the answer for another organization's object; thing is as in
// the documented texts, "vault not found".
func notFound(thing string) error {
	return &refusal{http.StatusNotFound, thing + " not found"}
}

// errorBody is the one documented shape of an error (https://nairi.ai/docs/api).
type errorBody struct {
	Error string `json:"error"`
	extra
}

// refuse makes the answer to a request that err stopped.
func (o *Options) refuse(err error) answer {
	var r *refusal
	if !errors.As(err, &r) {
		r = &refusal{http.StatusInternalServerError, "internal server error"}
	}
	if o.TextErrors {
		return answer{status: r.status, text: r.text}
	}
	return answer{status: r.status, body: errorBody{r.text, o.extra()}}
}

// extra is what ExtraFields adds to an object.
type extra struct {
	Future any `json:"x_future,omitempty"`
}

func (o *Options) extra() extra {
	if !o.ExtraFields {
		return extra{}
	}
	return extra{map[string]any{"nested": []any{1, nil, "text"}}}
}

// list is the answer to a list: the bare array that is documented, never null,
// or one wrapped under a name.
func (o *Options) list(name string, objects []any) answer {
	if o.WrappedLists {
		return answer{status: http.StatusOK, body: map[string]any{name: objects}}
	}
	return answer{status: http.StatusOK, body: objects}
}

// timestamp formats a time as the documentation's samples do, and at the API's
// resolution: the IDs in the samples hold milliseconds where the times beside
// them end in .000Z.
func timestamp(t time.Time) string {
	return t.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05.000Z")
}
