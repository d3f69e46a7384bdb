package nairitest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// answerStatus answers with an error of the API's form.
func answerStatus(argument string) (hit, error) {
	status, err := parseStatus(argument, 0)
	return func(x *exchange) bool {
		text := strings.ToLower(http.StatusText(status))
		o := x.emulator.Options()
		return x.end(o.refuse(&refusal{status, text}))
	}, err
}

// proxyPage is what a proxy says in the API's place; with status 200 it is that
// of a network which wants a login first.
const proxyPage = "<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body><h1>This page is not the one you asked for</h1></body></html>"

// answerPage answers with HTML.
func answerPage(argument string) (hit, error) {
	status, err := parseStatus(argument, http.StatusOK)
	header := map[string]string{"Content-Type": "text/html; charset=UTF-8"}
	return func(x *exchange) bool {
		return x.end(answer{status: status, header: header, text: proxyPage})
	}, err
}

// redirects are the statuses that send a client elsewhere (RFC 9110, 15.4).
var redirects = []int{301, 302, 303, 307, 308}

// answerRedirect reads STATUS[,TARGET].
func answerRedirect(argument string) (hit, error) {
	code, target, _ := strings.Cut(argument, ",")
	status, err := parseStatus(code, 0)
	if err != nil || !slices.Contains(redirects, status) {
		return nil, fmt.Errorf("%q is none of %v", code, redirects)
	}
	locate, err := parseTarget(target)
	return func(x *exchange) bool {
		header := map[string]string{"Location": locate(x.r)}
		return x.end(answer{status: status, header: header})
	}, err
}

// parseTarget returns what makes a Location of a request.
func parseTarget(target string) (func(*http.Request) string, error) {
	switch target {
	case "", "same":
		return func(r *http.Request) string { return "/moved" + r.URL.RequestURI() }, nil
	case "downgrade":
		return func(r *http.Request) string { return "http://" + r.Host + r.URL.RequestURI() }, nil
	}
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is neither same, downgrade nor an http or https URL", target)
	}
	return func(*http.Request) string { return target }, nil
}
