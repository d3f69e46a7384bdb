package mask

import "strings"

// A leaf is a text that a structured value is made of.
type leaf struct {
	key  string // the name that it stands under; "" for none
	path string // the same with the names around it, as in db.password
	text string
	// verdict is what the names say of it.
	verdict verdict
}

// under is the leaf that stands under a key by itself.
func under(key, text string) leaf {
	return leaf{key: key, path: key, text: text, verdict: judge(key)}
}

// secretive reports whether a leaf is to be masked where it stands alone. In doubt it
// is: a mask too many costs less than a password that shows.
func (l leaf) secretive() bool {
	text := strings.TrimSpace(l.text)
	switch {
	case nothing(text):
		return false
	case l.verdict == privately:
		return true
	case l.verdict == openly:
		return tokenLike(text) || strings.Contains(text, "://") && !openURL(text) || strings.Contains(text, "-----BEGIN ") && !certificate(text)
	}
	return !everyday(text)
}

// certificate reports whether all that text holds in PEM is certificates.
func certificate(text string) bool {
	return strings.Count(text, "-----BEGIN ") == strings.Count(text, "-----BEGIN CERTIFICATE-----")
}

// names are texts, compared without case.
type names map[string]bool

func newNames(texts []string) names {
	all := names{}
	for _, text := range texts {
		all[strings.ToLower(strings.TrimSpace(text))] = true
	}
	delete(all, "")
	return all
}

func (n names) has(text string) bool {
	return len(n) > 0 && n[strings.ToLower(strings.TrimSpace(text))]
}

// names reports whether one of the names is the leaf's key, or its path.
func (n names) name(l leaf) bool { return l.key != "" && (n.has(l.key) || n.has(l.path)) }
