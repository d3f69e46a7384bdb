package nairi

import (
	"context"
	"net/http"
	"sync"
)

// vaultName is a vault as a list shows it. Of the rest, which is a description and the
// number of its secrets (https://nairi.ai/docs/api/vaults/overview), nothing is needed.
type vaultName struct {
	ID   VaultID `json:"id"`
	Name string  `json:"name"`
}

// Vaults returns the names of the vaults that the key sees, by ID. That there is a list is
// documented, its path is not, so nothing may depend on the answer. It is asked for
// once, without another attempt, and only over a connection that another request has
// opened: it waits for that one. The end of ctx ends it at once.
func (c *Client) Vaults(ctx context.Context) (map[VaultID]string, error) {
	if err := c.connected.wait(ctx); err != nil {
		return nil, err
	}
	courtesy := *c
	courtesy.abandon = nil // whoever gives up does not care what became of it
	var answer []vaultName
	req := &request{method: http.MethodGet, url: c.base.JoinPath("vaults")}
	if _, err := courtesy.once(ctx, req, &answer); err != nil {
		return nil, err
	}
	names := make(map[VaultID]string, len(answer))
	for _, vault := range answer {
		if len(vault.Name) <= maxName { // a longer one is no name
			names[vault.ID] = vault.Name
		}
	}
	return names, nil
}

// connection says when there first is one.
type connection struct {
	once   sync.Once
	opened chan struct{}
}

func newConnection() *connection { return &connection{opened: make(chan struct{})} }

// open notes that a request is on its way.
func (c *connection) open() { c.once.Do(func() { close(c.opened) }) }

func (c *connection) wait(ctx context.Context) error {
	select {
	case <-c.opened:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
