package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// What comments and remarks show of secrets is one line of ASCII: no name or host can
// end it, or make it look like another.

// hidden reports whether the name or a host of the secrets holds a secret.
func (x *exporting) hidden(secrets []*nairi.Secret) bool {
	return slices.ContainsFunc(secrets, func(s *nairi.Secret) bool {
		return x.Hides(s.EnvKey) || slices.ContainsFunc(s.AllowedDomains, x.Hides)
	})
}

// shown is the name of secrets, in one line of ASCII; where that may not be shown,
// the ID of the first.
func (x *exporting) shown(secrets []*nairi.Secret) string {
	name := secrets[0].EnvKey
	switch {
	case x.Hides(name):
		return x.id(secrets[0])
	case nairi.CheckEnvKey(name) != nil:
		return strconv.QuoteToASCII(name)
	}
	return name
}

// id is the ID of a secret, which is plain ASCII (nairi: validAnswerID).
func (x *exporting) id(s *nairi.Secret) string {
	if x.Hides(string(s.ID)) {
		return "a secret whose ID is masked"
	}
	return string(s.ID)
}

// ids are the IDs of secrets behind their name, if that is shown.
func (x *exporting) ids(secrets []*nairi.Secret) string {
	if x.Hides(secrets[0].EnvKey) {
		return ""
	}
	return " (" + x.id(secrets[0]) + ")"
}

// mostShown is how many hosts or IDs one line names.
const mostShown = 20

// times says how often the vault has one name.
func (x *exporting) times(secrets []*nairi.Secret) string {
	often := "twice"
	if len(secrets) > 2 {
		often = fmt.Sprintf("%d times", len(secrets))
	}
	ids := make([]string, 0, mostShown)
	for _, s := range secrets[:min(len(secrets), mostShown)] {
		ids = append(ids, x.id(s))
	}
	return fmt.Sprintf("the vault has it %s: %s.", often, listed(ids, len(secrets)))
}

// longestHost is how many bytes of a host are shown: a name has 253.
const longestHost = 256

// hosts shows a list in one line of ASCII.
func (x *exporting) hosts(list domains.List) string {
	if list.IsAny() {
		return "any host"
	}
	shown := make([]string, 0, mostShown)
	for _, host := range list[:min(len(list), mostShown)] {
		switch _, err := domains.Parse([]string{host}); {
		case x.Hides(host):
			host = "one that is masked"
		case len(host) > longestHost:
			host = fmt.Sprintf("one of %d characters", len(host))
		case err != nil || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' }):
			host = strconv.QuoteToASCII(host)
		}
		shown = append(shown, host)
	}
	return listed(shown, len(list))
}

// listed are the first of some texts, and how many more there are.
func listed(texts []string, all int) string {
	line := strings.Join(texts, ", ")
	if more := all - len(texts); more > 0 {
		line += fmt.Sprintf(" and %d more", more)
	}
	return line
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
