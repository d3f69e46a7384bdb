// Package mirror names the places beside a vault that get the same value: secrets of
// GitHub Actions and of Dependabot.
package mirror

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/visible"
)

// Store is the kind of place.
type Store string

// The stores, as a target spells them.
const (
	Repository   Store = "repo"       // GitHub Actions, all of a repository's jobs
	Environment  Store = "env"        // those that name the environment
	Organization Store = "org"        // those of the organization's repositories, by its visibility
	Dependabot   Store = "dependabot" // a repository's runs of Dependabot
)

// Visibility is which repositories of an organization may read a secret of it.
type Visibility string

// The visibilities, in GitHub's words.
const (
	Kept     Visibility = "" // what it is; there is none for a secret that is not there
	All      Visibility = "all"
	Private  Visibility = "private"  // private and internal repositories
	Selected Visibility = "selected" // those that are chosen on GitHub
)

// IsNamed reports whether a visibility is one that a secret can have.
func (v Visibility) IsNamed() bool { return v == All || v == Private || v == Selected }

// Target is one place, as in repo:octo/cats, env:octo/cats/production, org:octo,
// org:octo:private or dependabot:octo/cats.
type Target struct {
	Store       Store
	Owner       string // the organization of Organization
	Repo        string // empty for Organization
	Environment string // of Environment alone
	Visibility  Visibility
}

// String is the target as the user spells it, without the visibility.
func (t Target) String() string {
	text := string(t.Store) + ":" + t.Owner
	if t.Repo != "" {
		text += "/" + t.Repo
	}
	if t.Environment != "" {
		text += "/" + t.Environment
	}
	return text
}

// Place tells apart what GitHub tells apart: it counts no case, and an organization has one
// secret of a name, whoever may read that.
func (t Target) Place() string { return strings.ToLower(t.String()) }

// Spelled is the whole target, with the visibility if one is given.
func (t Target) Spelled() string {
	if t.Visibility == Kept {
		return t.String()
	}
	return t.String() + ":" + string(t.Visibility)
}

// ErrTarget is the error of a text that is no target.
var ErrTarget = errors.New("must be a place, as in repo:octo/cats, env:octo/cats/production, org:octo:private or dependabot:octo/cats")

// formError is ErrTarget for a text that names a store: it says how a target there is written.
type formError string

// Error implements error.
func (e formError) Error() string { return "must be written as " + string(e) }

// Is reports whether the error is an ErrTarget, which all are.
func (formError) Is(err error) bool { return err == ErrTarget }

// forms are how the targets of a store are written.
var forms = map[Store]formError{
	Repository:   "repo:OWNER/REPOSITORY",
	Environment:  "env:OWNER/REPOSITORY/ENVIRONMENT",
	Organization: "org:NAME, org:NAME:private, org:NAME:all or org:NAME:selected",
	Dependabot:   "dependabot:OWNER/REPOSITORY",
}

// Parse reads a target.
func Parse(text string) (Target, error) {
	store, rest, _ := strings.Cut(text, ":")
	t := Target{Store: Store(store)}
	form, known := forms[t.Store]
	if !known {
		return Target{}, ErrTarget
	}
	valid := true
	switch t.Store {
	case Repository, Dependabot:
		t.Owner, t.Repo, _ = strings.Cut(rest, "/")
	case Environment:
		t.Owner, rest, _ = strings.Cut(rest, "/")
		t.Repo, t.Environment, _ = strings.Cut(rest, "/")
		valid = validEnvironment(t.Environment)
	case Organization:
		owner, visibility, given := strings.Cut(rest, ":")
		t.Owner, t.Visibility = owner, Visibility(visibility)
		valid = !given || t.Visibility.IsNamed()
	}
	if !valid || !validName(t.Owner) || (t.Store != Organization) != validName(t.Repo) {
		return Target{}, form
	}
	return t, nil
}

// validName reports whether a text can be the name of an owner or a repository: letters,
// digits and -._ (https://docs.github.com/en/get-started/learning-about-github/limits).
func validName(name string) bool {
	const most = 100
	return name != "" && len(name) <= most && strings.Trim(name, ".") != "" && ascii.Only(name, ascii.Word+"-.")
}

// validEnvironment reports whether a text can be the name of an environment, which has at
// most 255 characters and nearly any of them. One of dots alone would be another address, and
// one with characters that do not show would look like another name to who approves a plan.
func validEnvironment(name string) bool {
	const most = 255
	return strings.TrimSpace(name) == name && strings.Trim(name, ".") != "" && utf8.RuneCountInString(name) <= most && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return !visible.Is(r) })
}

// Most is how many places may get one value: each is asked and written one after the other,
// and no more are meant.
const Most = 100

// State is what is known of a secret in a target before a run.
type State struct {
	Known     bool // whether anybody looked
	There     bool
	UpdatedAt time.Time // of one that is there, in whole seconds
}

// Mirror is a target, and what is known of the secret there.
type Mirror struct {
	Target Target
	State  State
}

// Lags reports whether the secret is not there, or older than its value must be: nil for
// any age. Of what nobody looked at nothing is known.
func (m *Mirror) Lags(newerThan *time.Time) bool {
	switch {
	case !m.State.Known:
		return false
	case !m.State.There:
		return true
	}
	return newerThan != nil && m.State.UpdatedAt.Before(*newerThan)
}

// ErrUnknown is the error of a write that may have been carried out.
var ErrUnknown = errors.New("it is not known whether it was written")

// MaxSize is how many bytes GitHub takes as a secret: 48 KB
// (https://docs.github.com/en/actions/reference/security/secrets#limits-for-secrets).
const MaxSize = 48 << 10

// ErrName is the error of a name that GitHub takes for no secret.
var ErrName = errors.New("is not possible: GitHub takes no secret whose name begins with GITHUB_")

// CheckName returns why the name of a secret is none on GitHub: there, case does not count
// (https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets).
func CheckName(name string) error {
	if strings.HasPrefix(strings.ToUpper(name), "GITHUB_") {
		return ErrName
	}
	return nil
}
