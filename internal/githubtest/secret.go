package githubtest

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/nacl/box"
)

// The places that have secrets, as a mirror spells them.
const (
	RepositorySecrets   = "repo:" + DefaultRepository
	EnvironmentSecrets  = "env:" + DefaultRepository + "/production"
	OrganizationSecrets = "org:octo"
	DependabotSecrets   = "dependabot:" + DefaultRepository
)

// Places lists them.
var Places = []string{RepositorySecrets, EnvironmentSecrets, OrganizationSecrets, DependabotSecrets}

// Secret is one that is there. Of a real one nobody can read the value.
type Secret struct {
	Name         string // in capitals, whatever it was written as
	Value        string
	CreatedAt    time.Time
	UpdatedAt    time.Time // in whole seconds
	Visibility   string    // of one of an organization: all, private or selected
	Repositories []int     // the numbers of those that are selected
}

// Access is what the token may do with the secrets of a place.
type Access int

// What it may do.
const (
	Writes  Access = iota
	Reads          // as one that has only the permission to read
	Refused        // as a job's own token
	Hidden         // as one that does not see the repository
)

// place is a place that has secrets.
type place struct {
	name    string
	access  Access
	keyID   string
	public  *[32]byte
	private *[32]byte
	secrets []*Secret // by name
	// unseen are how many selected repositories the token does not see.
	unseen int
}

// AddPlace makes a place that has no secrets, such as env:octo/cats/staging. Those of
// Places are there.
func (s *Server) AddPlace(name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.addPlace(name)
}

// addPlace is AddPlace for who holds the mutex.
func (s *Server) addPlace(name string) {
	public, private, err := box.GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	s.places[name] = &place{name: name, public: public, private: private, keyID: strconv.Itoa(568250167242549743 + len(s.places))}
}

// AddSecret puts a secret into a place, or in the place of the one of that name.
func (s *Server) AddSecret(place string, secret Secret) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if secret.UpdatedAt.IsZero() {
		secret.UpdatedAt = s.now()
	}
	if secret.CreatedAt.IsZero() {
		secret.CreatedAt = secret.UpdatedAt
	}
	s.places[place].put(secret)
}

// Secrets returns those of a place, by name.
func (s *Server) Secrets(place string) []Secret {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var secrets []Secret
	for _, secret := range s.places[place].secrets {
		secrets = append(secrets, *secret)
	}
	return secrets
}

// DeleteSecret takes a secret away.
func (s *Server) DeleteSecret(place, name string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	p := s.places[place]
	p.secrets = slices.DeleteFunc(p.secrets, func(secret *Secret) bool { return secret.Name == strings.ToUpper(name) })
}

// Grant changes what the token may do with the secrets of a place.
func (s *Server) Grant(place string, access Access) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.places[place].access = access
}

// Unsee lets a list of selected repositories of an organization leave some out, as of a
// token that does not see them.
func (s *Server) Unsee(place string, repositories int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.places[place].unseen = repositories
}

// SetClock changes what tells the time of a write.
func (s *Server) SetClock(now func() time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.clock = now
}

// now is the time in whole seconds, which is how GitHub tells it.
func (s *Server) now() time.Time { return s.clock().UTC().Truncate(time.Second) }

// find is the secret of a name, or nil. Case does not count.
func (p *place) find(name string) *Secret {
	for _, secret := range p.secrets {
		if strings.EqualFold(secret.Name, name) {
			return secret
		}
	}
	return nil
}

// put makes or replaces a secret, and reports whether it is a new one.
func (p *place) put(secret Secret) (created bool) {
	secret.Name = strings.ToUpper(secret.Name)
	if there := p.find(secret.Name); there != nil {
		*there = secret
		return false
	}
	p.secrets = append(p.secrets, &secret)
	slices.SortFunc(p.secrets, func(a, b *Secret) int { return strings.Compare(a.Name, b.Name) })
	return true
}

// open reads what was sealed for the place.
func (p *place) open(sealed string) (string, bool) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", false
	}
	value, ok := box.OpenAnonymous(nil, raw, p.public, p.private)
	return string(value), ok
}
