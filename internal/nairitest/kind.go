package nairitest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Kind is what a request is about, for choosing which requests a fault is for.
type Kind string

// The kinds of requests, of a vault's secrets but for the last two.
const (
	KindLook   Kind = "look"   // PATCH with {}, which shows a secret and changes nothing
	KindList   Kind = "list"   // GET
	KindCreate Kind = "create" // POST
	KindUpdate Kind = "update" // PATCH
	KindDelete Kind = "delete" // DELETE
	KindNames  Kind = "names"  // GET of the vaults
	KindOther  Kind = "other"  // the other requests of vaults, and all that is no route
)

var kinds = []Kind{KindLook, KindList, KindCreate, KindUpdate, KindDelete, KindNames, KindOther}

// kindOf decides by what is known before the body: one of two bytes cannot be
// more than {}.
func kindOf(r *http.Request) Kind {
	_, shape := takeApart(r.URL.EscapedPath())
	switch r.Method + " " + shape {
	case "GET vaults":
		return KindNames
	case "GET vaults/*/secrets":
		return KindList
	case "POST vaults/*/secrets":
		return KindCreate
	case "DELETE vaults/*/secrets/*":
		return KindDelete
	case "PATCH vaults/*/secrets/*":
		if r.ContentLength == int64(len("{}")) {
			return KindLook
		}
		return KindUpdate
	}
	return KindOther
}

// isMatch reports whether text names requests: a kind, or a method in capitals.
func isMatch(text string) bool {
	return slices.Contains(kinds, Kind(text)) || text != "" && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// takeApart returns the IDs in a path and its shape, with * for each ID; no
// shape if it is not of the API. IDs are unescaped once they are apart: a %2F
// does not part them.
func takeApart(escaped string) (ids []string, shape string) {
	rest, ok := strings.CutPrefix(escaped, prefix)
	if !ok {
		return nil, ""
	}
	segments := strings.Split(rest, "/")
	for i := 1; i < len(segments); i += 2 {
		id, err := url.PathUnescape(segments[i])
		if err != nil || id == "" {
			return nil, ""
		}
		ids = append(ids, id)
		segments[i] = "*"
	}
	return ids, strings.Join(segments, "/")
}
