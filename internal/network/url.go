package network

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// ParseURL checks the address of an API and cuts trailing slashes. Plain http is
// for loopback alone: a key travels in every request. The error names example as
// a right one and never repeats text, which may hold a password.
func ParseURL(text, example string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("must be a URL such as " + example)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, errors.New("must have no user name, query or fragment")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, errors.New("must begin with https:// (plain http:// is for a server on this machine only)")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
