package nairitest

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// prefix begins every path of the public API (https://nairi.ai/docs/api).
const prefix = "/api/public/v1/"

// call is a request whose key and IDs are in order.
type call struct {
	vaultID, secretID string
	body              []byte
	readErr           error
}

// operation carries a call out while the emulator is locked.
type operation func(*Emulator, *call) (answer, error)

// routes are the operations by the shape of a path, with * for an ID, and by
// method. There is no documented GET of one secret.
var routes = map[string]map[string]operation{
	"vaults": {
		http.MethodGet:  (*Emulator).listVaults,
		http.MethodPost: (*Emulator).createVault,
	},
	"vaults/*": {
		http.MethodGet:    (*Emulator).getVault,
		http.MethodPatch:  (*Emulator).updateVault,
		http.MethodDelete: (*Emulator).deleteVault,
	},
	"vaults/*/secrets": {
		http.MethodGet:  (*Emulator).listSecrets,
		http.MethodPost: (*Emulator).createSecret,
	},
	"vaults/*/secrets/*": {
		http.MethodPatch:  (*Emulator).updateSecret,
		http.MethodDelete: (*Emulator).deleteSecret,
	},
}

// carryOut answers a request that has arrived whole. The checks come in this
// order: the route, the key, the IDs, and in the operation the body, its
// fields, and only then whether there is such a vault and secret. The order is
// an assumption; that each check exists is documented.
func (e *Emulator) carryOut(x *exchange) answer {
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.try(x)
	if err != nil {
		return e.options.refuse(err)
	}
	if a.event.Change != "" {
		x.tell(a.event)
	}
	return a
}

func (e *Emulator) try(x *exchange) (answer, error) {
	ids, shape := takeApart(x.r.URL.EscapedPath())
	methods := routes[shape]
	if methods == nil {
		return answer{status: http.StatusNotFound, text: "404 page not found"}, nil
	}
	do := methods[x.r.Method]
	if do == nil {
		// Nothing is documented. 405 is what Go's routers answer to a path they
		// know, both net/http's and gorilla/mux, and what tells a tester that
		// the path was right.
		return answer{status: http.StatusMethodNotAllowed, text: "method not allowed"}, nil
	}
	if err := e.checkKey(x.r.Header.Get("Authorization")); err != nil {
		return answer{}, err
	}
	c := &call{body: x.body, readErr: x.readErr}
	if err := c.take(ids); err != nil {
		return answer{}, err
	}
	return do(e, c)
}

// checkKey refuses all but the one key. Only the status is documented, not the
// texts.
func (e *Emulator) checkKey(header string) error {
	if header == "" {
		return unauthorized("missing authorization header")
	}
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" {
		return unauthorized("invalid authorization header format")
	}
	if subtle.ConstantTimeCompare([]byte(token), []byte(e.options.Key)) != 1 {
		return unauthorized("invalid token")
	}
	return nil
}

// take checks the IDs of a path, which are a vault's and then a secret's.
func (c *call) take(ids []string) error {
	for i, of := range []string{"vault", "secret"}[:len(ids)] {
		if !idSyntax.MatchString(ids[i]) {
			return invalid("%s ID must be a valid ULID", of)
		}
	}
	if len(ids) > 0 {
		c.vaultID = ids[0]
	}
	if len(ids) > 1 {
		c.secretID = ids[1]
	}
	return nil
}
