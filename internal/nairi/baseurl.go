package nairi

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// DefaultBaseURL is where the API is served.
const DefaultBaseURL = "https://api.nairi.ai"

// apiPrefix begins every path of the public API. The vendor's own client takes
// NAIRI_BASE_URL with or without it, and so do we.
const apiPrefix = "/api/public/v1"

// ParseBaseURL checks the address of the API and completes its path. Plain
// http is for loopback alone: the key and the value travel in every request.
// The error never repeats text, which may hold a password.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" {
		return nil, errors.New("must be a URL such as " + DefaultBaseURL)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
		return nil, errors.New("must have no user name, query or fragment")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, errors.New("must begin with https:// (plain http:// is for a server on this machine only)")
	}
	path := strings.TrimRight(u.Path, "/")
	if !strings.HasSuffix(path, apiPrefix) {
		path += apiPrefix
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
