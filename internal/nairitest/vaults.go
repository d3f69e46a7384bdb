package nairitest

import (
	"net/http"
	"slices"
)

// vaultBody is a vault as the API shows it. That a list has the number of
// secrets is documented (https://nairi.ai/docs/api/vaults/overview), the name
// of that field is not.
type vaultBody struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	SecretCount int    `json:"secret_count"`
	CreatedAt   string `json:"created_at"`
	UpdatedAt   string `json:"updated_at"`
	extra
}

func (o *Options) showVault(v *vault) vaultBody {
	return vaultBody{
		ID:          v.id,
		Name:        v.name,
		Description: v.description,
		SecretCount: len(v.secrets),
		CreatedAt:   timestamp(v.createdAt),
		UpdatedAt:   timestamp(v.updatedAt),
		extra:       o.extra(),
	}
}

func (e *Emulator) listVaults(*call) (answer, error) {
	objects := make([]any, 0, len(e.vaults))
	for _, v := range slices.Backward(e.vaults) {
		objects = append(objects, e.options.showVault(v))
	}
	e.shuffle(objects)
	return e.options.list("vaults", objects), nil
}

func (e *Emulator) createVault(c *call) (answer, error) {
	f, err := c.vaultFields()
	if err != nil {
		return answer{}, err
	}
	if f.name == nil || *f.name == "" {
		return answer{}, invalid("name is required")
	}
	v := e.addVault(newID(vaultPrefix, e.now(), e.options.Entropy), *f.name)
	if f.description != nil {
		v.description = *f.description
	}
	return answer{status: http.StatusCreated, body: e.options.showVault(v)}, nil
}

func (e *Emulator) getVault(c *call) (answer, error) {
	v, err := e.vaultOf(c)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: e.options.showVault(v)}, nil
}

func (e *Emulator) updateVault(c *call) (answer, error) {
	f, err := c.vaultFields()
	if err != nil {
		return answer{}, err
	}
	if f.name != nil && *f.name == "" {
		return answer{}, invalid("name must not be empty")
	}
	v, err := e.vaultOf(c)
	if err != nil {
		return answer{}, err
	}
	name, description := replace(&v.name, f.name), replace(&v.description, f.description)
	if name || description {
		v.updatedAt = e.now()
	}
	return answer{status: http.StatusOK, body: e.options.showVault(v)}, nil
}

// replace sets a text that was given, and reports whether it is another.
func replace(text, given *string) bool {
	if given == nil || *given == *text {
		return false
	}
	*text = *given
	return true
}

// deleteVault refuses a vault in use, in the words of
// https://nairi.ai/docs/api/vaults/delete.
func (e *Emulator) deleteVault(c *call) (answer, error) {
	v, err := e.vaultOf(c)
	switch {
	case err != nil:
		return answer{}, err
	case v.agents > 0:
		return answer{}, invalid("cannot delete vault: still assigned to %d agent(s)", v.agents)
	case len(v.secrets) > 0:
		return answer{}, invalid("cannot delete vault: vault still contains %d secret(s)", len(v.secrets))
	}
	e.removeVault(v.id)
	return answer{status: http.StatusNoContent}, nil
}
