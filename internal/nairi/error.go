package nairi

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/visible"
)

// Kind is what went wrong with a request.
type Kind int

// The kinds of Error.
const (
	Refused     Kind = iota + 1 // a status outside 200 to 299; see Status
	Unexpected                  // a success whose answer is not the documented one
	Network                     // no connection, or one that broke
	Certificate                 // the server's certificate is not trusted
	Handshake                   // TLS could not be agreed on
	Timeout                     // no answer in time
	Cancelled                   // the caller's context was cancelled
	Proxy                       // the proxy would not carry the request; see Status
)

// Error is a request that was not answered as documented.
type Error struct {
	Kind   Kind
	Method string // as in PATCH
	Path   string // of the URL, with the IDs in it
	// Secret is the secret that the request addressed; empty if it was the vault.
	Secret SecretID
	Vault  VaultID
	// Name is that of the secret; empty if it is not known. An update knows the ID alone.
	Name string
	Host string // that was asked
	// Status is the HTTP status, or 0 if no answer came.
	Status int
	// Message is the server's "error" text, redacted, cut and made harmless;
	// empty if the answer had none. Problem says what was wrong in our words.
	Message string
	Problem string
	Note    string // why there was no other attempt; may be empty
	// Attempts is how many there were; 0 where the number says nothing.
	Attempts int
	// Limited reports a refusal for having sent too much, whatever its status.
	Limited bool
	// OutOfDate reports a certificate that is not valid at this machine's time.
	OutOfDate bool
	// Foreign reports a refusal that was not the API's JSON, as from a proxy or a
	// web application firewall before it.
	Foreign bool
	// OutcomeUnknown reports that the request would change something and that the
	// server may or may not have carried it out.
	OutcomeUnknown bool
	// Finished reports that an outcome is unknown although the server has finished
	// handling the request, with an error of its own: nothing of it will be carried
	// out later.
	Finished bool

	looks      bool // whether it was an update that changes nothing
	cause      error
	retryAfter time.Duration // what the server asked for, of a status that may pass
	stale      bool          // a connection that was kept from before was over
	page       bool          // the answer of a success is no JSON
}

// note adds to the Note what it does not say yet.
func (e *Error) note(text string) {
	if strings.HasSuffix(e.Note, text) {
		return
	}
	if e.Note != "" {
		text = e.Note + "; " + text
	}
	e.Note = text
}

// Unwrap gives context.Canceled or context.DeadlineExceeded where one was the
// cause. Other causes may hold a server's text and stay inside.
func (e *Error) Unwrap() error { return e.cause }

// StatusOf returns the HTTP status that err is about, or 0.
func StatusOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

func (r *request) newError(kind Kind) *Error {
	return &Error{
		Kind: kind, Method: r.method, Path: r.url.EscapedPath(), Secret: r.secret, Status: r.status,
		Vault: r.vault, Name: r.name, Host: r.url.Hostname(), looks: r.method == http.MethodPatch && !r.writes,
	}
}

// unexpected is the error for a success whose answer is not the documented one.
// That a write was carried out is not known from a status alone: a proxy has
// statuses too.
func (r *request) unexpected(problem string) *Error {
	e := r.newError(Unexpected)
	e.Problem, e.OutcomeUnknown = problem, r.writes
	return e
}

// refused is the error for a status outside 200 to 299.
func (r *request) refused(header http.Header, body []byte, now time.Time, redact func(string) string) *Error {
	e := r.newError(Refused)
	message, ok := errorText(body)
	e.Message, e.Foreign = harmless(message, redact), !ok
	e.Limited = isRateLimit(e.Status, header, body)
	if e.passes() {
		e.retryAfter, _ = network.RetryAfter(header, now)
	}
	if e.Status == http.StatusProxyAuthRequired { // no API has it
		e.Kind = Proxy
	}
	if e.Status <= 399 {
		e.Message, e.Problem = "", harmless("something other than Nairi's API answered: a redirect to "+origin(header.Get("Location"))+", which is never followed", redact)
	}
	// A 4xx is the server's word that it did nothing. Any other status may come
	// from something that stands before a server which did.
	e.OutcomeUnknown = r.writes && (e.Status < 400 || e.Status > 499)
	e.Finished = e.OutcomeUnknown && ok && (e.Status == http.StatusInternalServerError || e.Status == http.StatusServiceUnavailable)
	return e
}

// broken is the error for a request without a whole answer. Before anything of it
// was sent, nothing can have been carried out.
func (r *request) broken(err error, sent bool, redact func(string) string) *Error {
	e := r.newError(kindOf(err))
	e.OutcomeUnknown = r.writes && sent
	var stale *network.StaleError
	e.stale = errors.As(err, &stale)
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			e.cause = known
		}
	}
	var refusal *network.ProxyRefusal
	if errors.As(err, &refusal) {
		e.Status = refusal.Status
	}
	var invalid x509.CertificateInvalidError
	e.OutOfDate = errors.As(err, &invalid) && invalid.Reason == x509.Expired
	switch e.Kind {
	case Timeout:
		e.Problem = "no answer in time"
		if !sent {
			e.Problem = "no connection to " + r.url.Host + " in time"
			if why := innermost(err); why == noNameServer {
				e.Problem += ": " + why
			}
		}
	case Cancelled:
		e.Problem = "stopped, because the run was cancelled"
	default: // may quote the server's bytes
		e.Problem = harmless(r.unanswered(err, e, sent), redact)
	}
	return e
}

// isAlert reports whether an operation has the name that crypto/tls (conn.go) gives a
// net.OpError about an alert: the alert's own type is not exported.
func isAlert(operation string) bool { return operation == "remote error" || operation == "local error" }

// kindOf tells the reasons for having no answer apart.
func kindOf(err error) Kind {
	var name *net.DNSError
	var timeout net.Error
	var certificate *tls.CertificateVerificationError
	var operation *net.OpError
	var record tls.RecordHeaderError
	var refusal *network.ProxyRefusal
	switch {
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.As(err, &name) && !errors.Is(err, context.DeadlineExceeded): // also if no name server answers
		return Network
	case errors.As(err, &timeout) && timeout.Timeout():
		return Timeout
	case errors.As(err, &refusal):
		return Proxy
	case errors.As(err, &certificate):
		return Certificate
	case errors.As(err, &record), errors.As(err, &operation) && isAlert(operation.Op):
		return Handshake
	}
	return Network
}

// origin is the scheme and host of a redirect's target: the rest of a URL may
// hold anything.
func origin(location string) string {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return "another path"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
}

// errorText is the text of the one documented shape of an error,
// {"error": "…"} (https://nairi.ai/docs/api); ok is false for any other body.
func errorText(body []byte) (text string, ok bool) {
	if !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) {
		return "", false // no object, and not worth the time of a long list
	}
	var answer struct {
		Error *string `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Error == nil {
		return "", false
	}
	return *answer.Error, true
}

// maxMessage is how many characters of a server's text are kept.
const maxMessage = 300

// harmless makes one short line of untrusted text: redacted first, while it is
// whole, then without control and format characters, then cut.
func harmless(text string, redact func(string) string) string {
	text = strings.Map(visible.OrSpace, redact(text))
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxMessage {
		return string(runes[:maxMessage]) + "…"
	}
	return string(runes)
}
