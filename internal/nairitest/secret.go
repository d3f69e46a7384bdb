package nairitest

import (
	"net/http"
	"slices"
)

// secretBody is a vault secret as the API shows it
// (https://nairi.ai/docs/api/vault-secrets/list). There is no field for a value.
type secretBody struct {
	ID             string   `json:"id"`
	EnvKey         string   `json:"env_key"`
	AllowedDomains []string `json:"allowed_domains"`
	CreatedAt      string   `json:"created_at"`
	UpdatedAt      string   `json:"updated_at"`
	extra
}

// show copies: the body is encoded when the emulator is no longer locked.
func (o *Options) show(s *Stored) secretBody {
	return secretBody{
		ID:             s.ID,
		EnvKey:         s.EnvKey,
		AllowedDomains: append([]string{}, s.AllowedDomains...),
		CreatedAt:      timestamp(s.CreatedAt),
		UpdatedAt:      timestamp(s.UpdatedAt),
		extra:          o.extra(),
	}
}

func (e *Emulator) listSecrets(c *call) (answer, error) {
	v, err := e.vaultOf(c)
	if err != nil {
		return answer{}, err
	}
	objects := make([]any, 0, len(v.secrets))
	for _, s := range slices.Backward(v.secrets) {
		objects = append(objects, e.options.show(s))
	}
	e.shuffle(objects)
	return e.options.list("secrets", objects), nil
}

func (e *Emulator) createSecret(c *call) (answer, error) {
	f, err := c.secretFields((*secretFields).checkNew)
	if err != nil {
		return answer{}, err
	}
	v, err := e.vaultOf(c)
	if err != nil {
		return answer{}, err
	}
	if err := e.options.refuseDuplicate(v, *f.envKey); err != nil {
		return answer{}, err
	}
	s := e.newSecret(f)
	v.add(s)
	return answer{status: http.StatusCreated, body: e.options.show(&s), event: c.event(Created, &s)}, nil
}

func (e *Emulator) newSecret(f secretFields) Stored {
	now := e.now()
	s := Stored{
		ID:        newID(secretPrefix, now, e.options.Entropy),
		EnvKey:    *f.envKey,
		Value:     *f.value,
		CreatedAt: now,
		UpdatedAt: now,
	}
	if f.allowedDomains != nil {
		s.AllowedDomains = *f.allowedDomains
	}
	return s
}

func (o *Options) refuseDuplicate(v *vault, envKey string) error {
	if o.Duplicates == DuplicatesAllowed || !v.holds(envKey) {
		return nil
	}
	err := &refusal{http.StatusBadRequest, `secret with env_key "` + envKey + `" already exists`}
	if o.Duplicates == DuplicatesConflict {
		err.status = http.StatusConflict
	}
	return err
}

func (e *Emulator) updateSecret(c *call) (answer, error) {
	f, err := c.secretFields((*secretFields).checkUpdate)
	if err != nil {
		return answer{}, err
	}
	_, s, err := e.secretOf(c)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: http.StatusOK}
	if e.options.change(s, f) {
		s.UpdatedAt = e.now()
		a.event = c.event(Updated, s)
	}
	a.body = e.options.show(s)
	return a, nil
}

// change applies an update and reports whether it counts as one. A list is
// replaced whole; env_key is not among the documented fields of an update, so
// it is ignored as any unknown field is.
func (o *Options) change(s *Stored, f secretFields) (changed bool) {
	if f.value != nil {
		changed = o.BumpIdentical || *f.value != s.Value
		s.Value = *f.value
	}
	if f.allowedDomains != nil && !slices.Equal(*f.allowedDomains, s.AllowedDomains) {
		changed = true
		s.AllowedDomains = *f.allowedDomains
	}
	return changed
}

func (e *Emulator) deleteSecret(c *call) (answer, error) {
	v, s, err := e.secretOf(c)
	if err != nil {
		return answer{}, err
	}
	v.remove(s.ID)
	return answer{status: http.StatusNoContent, event: c.event(Deleted, s)}, nil
}

// vaultOf returns the vault that a path names.
func (e *Emulator) vaultOf(c *call) (*vault, error) {
	if v := e.vault(c.vaultID); v != nil {
		return v, nil
	}
	return nil, notFound("vault")
}

// secretOf returns the secret that a path names, and its vault.
func (e *Emulator) secretOf(c *call) (*vault, *Stored, error) {
	v, err := e.vaultOf(c)
	if err != nil {
		return nil, nil, err
	}
	if s := v.find(c.secretID); s != nil {
		return v, s, nil
	}
	return nil, nil, notFound("secret")
}

func (c *call) event(what Change, s *Stored) Event {
	return Event{Change: what, VaultID: c.vaultID, Secret: s.clone()}
}

func (e *Emulator) shuffle(objects []any) {
	if e.options.Shuffled {
		e.shuffler.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	}
}
