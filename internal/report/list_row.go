package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/drift"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/visible"
)

// listedName is a name in one line, quoted if it would not show as it is, or as another, or
// would turn the line around.
func (r *Report) listedName(name string) string {
	name = r.clean(name)
	switch {
	case strings.ContainsFunc(name, isRightToLeft), strings.ContainsFunc(name, isUnseen):
		return strconv.QuoteToASCII(name)
	case strings.ContainsFunc(name, func(c rune) bool { return !visible.Is(c) }), strings.TrimSpace(name) != name:
		return strconv.Quote(name)
	}
	return name
}

// isRightToLeft reports whether a character is of a script that runs from right to left
// (https://www.unicode.org/reports/tr44/#Bidi_Class_Values).
func isRightToLeft(c rune) bool {
	for _, block := range [][2]rune{{0x590, 0x8ff}, {0xfb1d, 0xfdff}, {0xfe70, 0xfeff}, {0x10800, 0x10fff}, {0x1e800, 0x1efff}} {
		if block[0] <= c && c <= block[1] {
			return true
		}
	}
	return false
}

// isUnseen reports whether a character counts as printable and shows as nothing: strconv.Quote
// would leave it as it is.
func isUnseen(c rune) bool { return unicode.IsPrint(c) && !visible.Is(c) }

// listedHosts are the hosts of a secret for people, up to so many and how many more there
// are; 0 for all.
func (r *Report) listedHosts(list domains.List, most int, show func(string) string) []string {
	switch {
	case !list.Known():
		return []string{list.String()}
	case list.Unlimited():
		return []string{anyHost}
	case most == 0 || len(list) <= most+1: // where one more says less than the host itself
		most = len(list)
	}
	hosts := make([]string, most)
	for i, entry := range list[:most] {
		hosts[i] = show(r.host(entry))
	}
	if more := len(list) - most; more > 0 {
		hosts = append(hosts, fmt.Sprintf("and %d more", more))
	}
	return hosts
}

// listedAge is how long ago a secret was changed.
func (r *Report) listedAge(secret *nairi.Secret) string {
	if secret.UpdatedAt.IsZero() {
		return "not known"
	}
	return drift.Span(r.Listed.now.Sub(secret.UpdatedAt), 0)
}

// ListColumns are the secrets for programs: of each the name, the hosts, when it was last
// changed, its ID and its vault.
func (r *Report) ListColumns() [][]ci.Piece {
	var rows [][]ci.Piece
	for i, secrets := range r.Listed.Secrets {
		for _, s := range secrets {
			rows = append(rows, []ci.Piece{
				{Text: r.listedName(s.EnvKey)}, r.hostColumn(s.AllowedDomains), {Text: timestamp(s.UpdatedAt)},
				{Text: r.id(s.ID)}, {Text: string(r.Desired[i].ID)},
			})
		}
	}
	return rows
}

// hostColumn are the hosts of a secret in one column.
func (r *Report) hostColumn(list domains.List) ci.Piece {
	if !list.Known() || list.Unlimited() {
		return ci.Piece{Text: r.listedHosts(list, 0, nil)[0], Loud: list.Known()}
	}
	return ci.Piece{Text: strings.Join(r.cleanAll(list), ",")}
}
