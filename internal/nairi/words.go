package nairi

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
)

// Error says what went wrong in words, and behind them what was sent and which
// status came: one line.
func (e *Error) Error() string { return strings.TrimSpace(e.Said() + e.Behind()) }

// Behind is the request as it stands behind what went wrong.
func (e *Error) Behind() string { return " (" + e.Request() + ")" }

// Said is what went wrong alone, and the server's words where ours do not say it all.
func (e *Error) Said() string {
	text := cmp.Or(e.words(), e.Problem)
	if e.Attempts > 1 {
		text += fmt.Sprintf(", in %d attempts", e.Attempts)
	}
	if e.Status != http.StatusUnauthorized && e.Status != http.StatusNotFound {
		text += e.quoted()
	}
	if e.Note != "" {
		text += "; " + e.Note
	}
	return text
}

// quoted are the server's words.
func (e *Error) quoted() string {
	if e.Message == "" {
		return ""
	}
	return `: "` + e.Message + `"`
}

// Request is what was sent, the status that came, and the server's words.
func (e *Error) Request() string {
	request := e.Method + " " + e.Path
	if e.Status != 0 {
		request += " → " + strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, statusText(e.Status))) + e.quoted()
	}
	return request
}

// statusText is the text of a status, also of those that only Cloudflare has
// (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/).
func statusText(status int) string {
	switch status {
	case 520:
		return "Web Server Returned an Unknown Error"
	case 521:
		return "Web Server Is Down"
	case 522:
		return "Connection Timed Out"
	case 523:
		return "Origin Is Unreachable"
	case 524:
		return "A Timeout Occurred"
	case 525:
		return "SSL Handshake Failed"
	case 526:
		return "Invalid SSL Certificate"
	}
	return http.StatusText(status)
}

// words are what went wrong, for a refusal, also for one after which the run was
// cancelled. Of any other error the Problem has them.
func (e *Error) words() string {
	if e.Kind == Proxy && e.Problem == "" {
		return "the proxy asks for a user name and a password"
	}
	if e.Kind != Refused && e.Kind != Cancelled || e.Status <= 399 {
		return ""
	}
	who := "Nairi"
	if e.Foreign {
		who = "the server"
	}
	switch {
	case e.Limited:
		return who + " is receiving too many requests from this key"
	case e.Status == http.StatusForbidden && e.Foreign:
		return "a proxy or a firewall refused the request before it reached Nairi"
	case e.Foreign && (e.Status == http.StatusUnauthorized || e.Status == http.StatusNotFound):
		return fmt.Sprintf("something other than Nairi's API answered %d", e.Status)
	case e.Status == http.StatusUnauthorized:
		return "Nairi does not accept this API key. It is mistyped, was revoked, or belongs to another service"
	case e.Status == http.StatusForbidden:
		return "Nairi does not allow this API key to " + e.Doing()
	case e.Status == http.StatusNotFound:
		return e.missing()
	case e.Status == http.StatusRequestTimeout:
		return who + " gave up waiting for the request"
	case e.Status >= http.StatusInternalServerError:
		return fmt.Sprintf("%s answered with an error of its own (%d)", who, e.Status)
	}
	return who + " refused to " + e.Doing()
}

// missing are the words for a 404.
func (e *Error) missing() string {
	if e.Secret == "" {
		return "this API key sees no vault " + string(e.Vault)
	}
	return fmt.Sprintf("vault %s has no secret %s", e.Vault, e.Secret)
}

// Doing is what was attempted, as in: update DATABASE_URL.
func (e *Error) Doing() string {
	name := cmp.Or(e.Name, string(e.Secret))
	switch {
	case e.Method == http.MethodGet:
		return "list the vault's secrets"
	case e.Method == http.MethodPost:
		return "create " + name
	case e.Method == http.MethodDelete:
		return "delete " + name
	case e.looks:
		return "look up " + string(e.Secret)
	}
	return "update " + name
}

// unanswered are the words for a request without a whole answer.
func (r *request) unanswered(err error, e *Error, connected bool) string {
	var operation *net.OpError
	who, toProxy := "the server", errors.As(err, &operation) && operation.Op == "proxyconnect"
	if toProxy {
		who = "the proxy"
	}
	switch {
	case e.Kind == Proxy:
		return err.Error()
	case e.OutOfDate:
		return who + "'s certificate has expired or is not valid yet by the clock of this machine" + clocks(err)
	case e.Kind == Certificate:
		return who + "'s certificate is not trusted here: " + strings.TrimPrefix(untrusted(err), "x509: ")
	case e.Kind == Handshake:
		return who + " does not agree on TLS: " + innermost(err)
	case connected:
		return "the connection broke before the answer came: " + innermost(err)
	case toProxy:
		return "no connection to the proxy: " + innermost(err)
	}
	return "no connection to " + r.url.Host + ": " + innermost(err)
}

const noNameServer = "the name server does not answer"

// clocks are the times by which a certificate is not valid, behind the fact.
func clocks(err error) string {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Detail != "" {
		return ": " + invalid.Detail
	}
	return ""
}

// untrusted is why a certificate is not trusted, without the layers around it.
func untrusted(err error) string {
	var verification *tls.CertificateVerificationError
	if errors.As(err, &verification) {
		err = verification.Err
	}
	return err.Error()
}

// innermost is why an operation of the network failed, without the addresses of its
// sockets, which differ every time and help nobody.
func innermost(err error) string {
	var operation *net.OpError
	for errors.As(err, &operation) && operation.Err != nil {
		err = operation.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = call.Err
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		if name.IsTimeout {
			return noNameServer
		}
		return name.Err
	}
	return err.Error()
}
