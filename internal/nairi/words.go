package nairi

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
)

// Error says what went wrong in words, and behind them what was sent and which
// status came: one line.
func (e *Error) Error() string {
	text := e.words()
	if e.Message != "" {
		text += `: "` + e.Message + `"`
	}
	if e.Problem != "" {
		if text != "" {
			text += "; "
		}
		text += e.Problem
	}
	return strings.TrimSpace(text + " (" + e.request() + ")")
}

// request is what was sent, and the status that came.
func (e *Error) request() string {
	request := e.Method + " " + e.Path
	if e.Status != 0 {
		request += " → " + strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, statusText(e.Status)))
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
		return who + " is receiving too many requests"
	case e.Status == http.StatusUnauthorized:
		return who + " does not accept this API key"
	case e.Status == http.StatusForbidden && e.Foreign:
		return "a proxy or a firewall refused the request before it reached Nairi"
	case e.Status == http.StatusForbidden:
		return "Nairi does not let this API key " + e.doing()
	case e.Status == http.StatusNotFound:
		return e.missing()
	case e.Status == http.StatusRequestTimeout:
		return who + " gave up waiting for the request"
	case e.Status >= http.StatusInternalServerError:
		return who + " failed to " + e.doing()
	}
	return who + " refused to " + e.doing()
}

// missing are the words for a 404.
func (e *Error) missing() string {
	switch {
	case e.Foreign:
		return "something other than Nairi's API answered, and found nothing there"
	case e.Secret == "":
		return "this API key sees no such vault"
	}
	return "Nairi knows no such secret in this vault"
}

// doing is what was attempted.
func (e *Error) doing() string {
	switch {
	case e.Method == http.MethodGet:
		return "list the secrets of the vault"
	case e.Method == http.MethodPost:
		return "create the secret"
	case e.Method == http.MethodDelete:
		return "delete " + string(e.Secret)
	case e.looks:
		return "look up " + string(e.Secret)
	}
	return "update " + string(e.Secret)
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
		return who + "'s certificate has expired or is not valid yet by the clock of this machine: " + err.Error()
	case e.Kind == Certificate:
		return who + "'s certificate is not trusted: " + err.Error()
	case e.Kind == Handshake:
		return who + " does not agree on TLS: " + innermost(err)
	case connected:
		return "the connection broke before the answer came: " + innermost(err)
	case toProxy:
		return "no connection to the proxy: " + innermost(err)
	}
	return "no connection to " + r.url.Hostname() + ": " + innermost(err)
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
		return name.Err
	}
	return err.Error()
}
