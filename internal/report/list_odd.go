package report

import (
	"fmt"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// ListWarnings are what is odd about the names of what is listed, a line each: one that
// several secrets have, and names that differ in case alone.
func (r *Report) ListWarnings() []string {
	var lines []string
	for i, secrets := range r.Listed.Secrets {
		for len(secrets) > 0 {
			n := 1
			for n < len(secrets) && secrets[n].EnvKey == secrets[0].EnvKey {
				n++
			}
			if n > 1 {
				lines = append(lines, r.repeated(r.Desired[i].ID, secrets[:n]))
			}
			secrets = secrets[n:]
		}
	}
	lines = append(lines, r.twins()...)
	if more := len(lines) - mostWarnings; more > 1 {
		lines = append(lines[:mostWarnings], fmt.Sprintf("%d more names are in a vault more than once, or close to others of it.", more))
	}
	return lines
}

// repeated says which secrets of a vault have one name.
func (r *Report) repeated(vault nairi.VaultID, secrets []*nairi.Secret) string {
	var ids []string
	for _, s := range secrets {
		ids = append(ids, r.id(s.ID))
	}
	return fmt.Sprintf("%d secrets of %s have the name %s: %s. Give the ID of the one that you mean.",
		len(secrets), r.vaultOf(vault), r.listedName(secrets[0].EnvKey), group{names: ids}.few())
}
