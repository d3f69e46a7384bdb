package action

import "github.com/nairi-community/vault-secret/internal/network"

// tellRoute prints what decides where requests go and whom they trust, and is not
// among the inputs.
func (s *step) tellRoute() {
	for _, why := range network.NotValidNow(s.config.CACert, s.Now()) {
		s.console.Warn(s.words(why))
	}
	route := network.RouteTo(s.config.BaseURL, s.Env.Lookup, s.Proxy)
	if route.Line != "" {
		s.console.Print(route.Line)
	}
	if route.Doubt != "" {
		s.console.Warn(route.Doubt)
	}
}
