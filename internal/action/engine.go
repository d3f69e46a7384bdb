package action

import (
	"errors"
	"net/http"
	"slices"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// engine carries changes out, and tells of each of many when it is done.
func (s *step) engine(abandon <-chan struct{}) apply.Engine {
	progress := s.progress()
	s.results = newInOrder(s.tellResult)
	return apply.Engine{
		API:         s.client(abandon),
		Concurrency: s.config.Concurrency,
		Now:         s.Now,
		Done: func(turn int, result apply.Result) {
			s.stack(result.Err)
			if s.report.Manifest {
				s.results.done(turn, result)
				progress()
			}
		},
	}
}

// stack prints the stack of a mistake in this program.
func (s *step) stack(err error) {
	var mistake *problem.Panic
	if errors.As(err, &mistake) {
		s.console.Error(mistake.Stack()...)
	}
}

// client is the API's client as the inputs want it.
func (s *step) client(abandon <-chan struct{}) *nairi.Client {
	return nairi.NewClient(nairi.Options{
		BaseURL:   s.config.BaseURL,
		Key:       s.config.APIKey,
		Version:   s.Version,
		Timeout:   s.config.RequestTimeout,
		Abandon:   abandon,
		Notify:    s.tellRetry,
		Now:       s.Now,
		Random:    s.Jitter,
		Redact:    s.console.Redact,
		Transport: s.transport(s.config.BaseURL.Hostname()),
	})
}

// tellRetry tells of a request that will be sent again.
func (s *step) tellRetry(r network.Retry) { s.console.Print(s.report.RetryLine(r)) }

// transport carries the requests to a server that the inputs trust.
func (s *step) transport(host string) http.RoundTripper {
	if s.Transport != nil {
		return s.Transport
	}
	return network.NewTransport(network.Options{
		Env: s.Env, Host: host, CACert: slices.Concat(s.config.CACert, s.config.ExtraCACert), Proxy: s.Proxy, SystemRoots: s.SystemRoots,
	})
}
