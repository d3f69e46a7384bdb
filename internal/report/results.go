package report

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/plan"
)

// entry is one element of the results output.
type entry interface {
	// news reports whether it tells of more than that all is as wanted.
	news() bool
}

// element is what became of a secret.
type element struct {
	VaultID   string `json:"vault_id"`
	EnvKey    string `json:"env_key"`
	SecretID  string `json:"secret_id"`
	Action    string `json:"action"`
	Result    string `json:"result"`
	Changed   bool   `json:"changed"`
	UpdatedAt string `json:"updated_at"`
	ErrorCode string `json:"error_code"`
	// Mirrors are only there where there are any.
	Mirrors []mirrored `json:"mirrors,omitempty"`
}

// element tells of one result. Secrets are taken out before it is JSON: as that
// spells them, no redactor would know them.
func (r *Report) element(i int) element {
	result := r.Results[i]
	secret := seen(result)
	return element{
		VaultID:   string(result.Change.VaultID),
		EnvKey:    r.name(&r.Changes[i]),
		SecretID:  r.id(secret.ID),
		Action:    actionName(result.Change),
		Result:    string(result.Outcome),
		Changed:   changedBy(&result),
		UpdatedAt: timestamp(secret.UpdatedAt),
		ErrorCode: string(codeOf(result)),
		Mirrors:   r.mirrorsOf(&result),
	}
}

// maxResults is how long the results output may be, in bytes: the outputs of a
// job may have 1 MB, counted as UTF-16 (GitHub docs, workflow syntax, outputs).
const maxResults = 400_000

// results is a JSON array of what became of each secret, in the order of the
// plan.
func (r *Report) results() string {
	return fit(r.elements())
}

// fit is a JSON array of n elements. One that would be too long leaves out those that are
// as wanted, and then the last ones, and says in a last element how many it left out.
func fit(n int, at func(int) entry) string {
	room := false // where there is no news
	text, left := fitting(n, at, func(e entry) bool {
		room = room || !e.news()
		return true
	})
	if left > 0 && room {
		text, _ = fitting(n, at, entry.news)
	}
	return text
}

// news implements entry.
func (e element) news() bool {
	return e.ErrorCode != "" || e.Result != string(apply.Unchanged) && e.Result != string(apply.Absent)
}

// fitting is the array of the elements that are wanted and fit, and how many it
// leaves out.
func fitting(n int, at func(int) entry, wanted func(entry) bool) (text string, left int) {
	const usual = 128 // bytes of an element
	var list strings.Builder
	list.Grow(min(usual*(n+1), maxResults))
	separator := "["
	add := func(element []byte) {
		list.WriteString(separator)
		list.Write(element)
		separator = ","
	}
	for i := range n {
		e := at(i)
		if !wanted(e) {
			left++
			continue
		}
		element := mustJSON(e)
		if list.Len()+len(element) >= maxResults {
			left += n - i
			break
		}
		add(element)
	}
	if left > 0 {
		add(fmt.Appendf(nil, `{"left_out":%d}`, left))
	}
	if list.Len() == 0 {
		return "[]", left
	}
	list.WriteByte(']')
	return list.String(), left
}

// AllResults are the same as JSON of any length, a line for each secret, for a file. Those
// of a list that could not be made are null: none would be an empty vault.
func (r *Report) AllResults() []byte {
	if r.Operation == plan.OpList && r.Listed == nil {
		return []byte("null\n")
	}
	return allOf(r.elements())
}

// elements are how many results there are, and each of them.
func (r *Report) elements() (n int, at func(int) entry) {
	switch {
	case r.Listed != nil:
		return r.heldElements()
	case r.Operation == plan.OpCheck:
		elements := r.checkElements()
		return len(elements), func(i int) entry { return elements[i] }
	}
	return len(r.Results), func(i int) entry { return r.element(i) }
}

// allOf is a JSON array of n elements.
func allOf(n int, at func(int) entry) []byte {
	var list bytes.Buffer
	separator := "[\n"
	for i := range n {
		list.WriteString(separator)
		list.Write(mustJSON(at(i)))
		separator = ",\n"
	}
	if n == 0 {
		return []byte("[]\n")
	}
	list.WriteString("\n]\n")
	return list.Bytes()
}
