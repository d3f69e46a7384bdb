package report

import (
	"errors"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/network"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// What this program formed itself, such as its words, counts, times and IDs, holds no
// secret, and is left as it is even where a secret is the same word. What came from
// outside may: secrets are taken out of each name, host and message by itself, before
// it becomes part of a line, of JSON or of Markdown.

// clean is a text from outside without secrets.
func (r *Report) clean(text string) string {
	if text == "" {
		return ""
	}
	return r.Redact(text)
}

// name is that of the secret that a change is about.
func (r *Report) name(change *plan.Change) string { return r.clean(change.Name()) }

// id is the ID of a secret. A documented one has no room for anything else.
func (r *Report) id(id nairi.SecretID) string {
	if _, err := nairi.ParseSecretID(string(id)); err == nil {
		return string(id)
	}
	return r.clean(string(id))
}

// secretName is the name of a secret, and its ID.
func (r *Report) secretName(s nairi.Secret) string {
	name, id := r.clean(s.EnvKey), r.id(s.ID)
	switch {
	case id == "":
		return name
	case name == "":
		return id
	}
	return name + " (" + id + ")"
}

// cleanAll are texts from outside without secrets, such as the hosts of a list.
func (r *Report) cleanAll(texts []string) []string {
	redacted := make([]string, len(texts))
	for i, text := range texts {
		redacted[i] = r.clean(text)
	}
	return redacted
}

// hostsIn are the entries of a list. What no host has is shown as it is, which is not there
// any more once a text is clean.
func (r *Report) hostsIn(l domains.List) []string {
	shown := make([]string, len(l))
	for i, entry := range l {
		shown[i] = r.host(entry)
	}
	return shown
}

// host is an entry of a list.
func (r *Report) host(entry string) string {
	if r.hides(entry) {
		return domains.Shown(r.clean(entry))
	}
	return r.clean(domains.Shown(entry))
}

// said is what an error says about some changes. The words around what came from
// outside are this program's.
func (r *Report) said(err error, changes ...plan.Change) string {
	text := r.ownIn(err, changes)
	var mistake *problem.Panic
	if errors.As(err, &mistake) { // which may say anything
		return r.clean(text)
	}
	var outside []string
	var request *nairi.Error
	if errors.As(err, &request) {
		outside = append(outside, request.Message, request.Name)
		if id := string(request.Secret); r.id(request.Secret) != id {
			outside = append(outside, id)
		}
	}
	for i := range changes {
		outside = append(outside, changes[i].Name(), changes[i].Desired.EnvKey, changes[i].RenamedTo, changes[i].Desired.RenamedFrom)
		outside = append(outside, changes[i].Near...)
		outside = append(outside, changes[i].WiderHosts()...)
		if domains := changes[i].Desired.Domains; domains != nil {
			outside = append(outside, *domains...)
		}
		outside = append(outside, places(changes[i].Desired.Mirrors)...)
	}
	var look *apply.MirrorLookError
	if errors.As(err, &look) { // which comes before there are changes
		for i := range r.Desired {
			for j := range r.Desired[i].Secrets {
				outside = append(append(outside, r.Desired[i].Secrets[j].EnvKey), places(r.Desired[i].Secrets[j].Mirrors)...)
			}
		}
	}
	slices.SortFunc(outside, func(a, b string) int { return len(b) - len(a) })
	for _, part := range outside {
		if redacted := r.clean(part); redacted != part {
			text = strings.ReplaceAll(text, part, redacted)
		}
	}
	return text
}

// places are the texts of mirrors that come from an input or a manifest.
func places(mirrors []mirror.Mirror) []string {
	var texts []string
	for _, m := range mirrors {
		texts = append(texts, m.Target.String(), m.Target.Owner, m.Target.Repo, m.Target.Environment)
	}
	return texts
}

// ownIn is the text of an error about some changes, with the words of it that are this
// program's alone spelled for whoever reads it.
func (r *Report) ownIn(err error, changes []plan.Change) string {
	text := err.Error()
	if errors.Is(err, ci.ErrNotReplaced) {
		return r.own(text)
	}
	var refusal *plan.Refusal
	if errors.As(err, &refusal) {
		return strings.Replace(text, refusal.Error(), refusal.Spelled(r.ownOf(err), r.clean), 1)
	}
	var request *nairi.Error
	if errors.As(err, &request) { // which has a line of its own
		text = strings.Replace(text, request.Error(), r.named(request, changes).Said(), 1)
	}
	var late *network.NotRepeated
	if errors.As(err, &late) {
		text = strings.Replace(text, late.Reason, r.own(late.Reason), 1)
	}
	return text
}

// ownOf spells the words of a refusal. With a manifest they are about its keys, but for the
// input that limits deletes.
func (r *Report) ownOf(err error) func(string) string {
	if r.Manifest && !errors.Is(err, plan.ErrTooManyDeletes) {
		return func(text string) string { return text }
	}
	return r.own
}

// named is the error of a request about the one change, with the name of its secret.
func (r *Report) named(request *nairi.Error, changes []plan.Change) *nairi.Error {
	named := *request
	named.Problem, named.Note = r.own(named.Problem), r.own(named.Note)
	if len(changes) == 1 && changes[0].SecretID() == request.Secret && request.Secret != "" {
		named.Name = changes[0].Name()
	}
	return &named
}
