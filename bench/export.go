package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
)

// The most that an export of 10,000 secrets may take.
const (
	mostOfExport  = 8 // times curl's one PATCH
	exportsRounds = 10
)

// exportSizes are how many secrets a vault has.
var exportSizes = []int{1000, 10_000}

// exports shows how an export, and a merge into a manifest that has half of the
// secrets, grow with the number of secrets.
func exports(ctx context.Context, g *ground, o options) ([]section, error) {
	s := section{title: "An export, by the number of secrets", header: []string{
		"secrets", "operation", "wall ms", "× curl's one PATCH", "ms a secret", "user + system ms", "peak MiB",
	}}
	r, err := g.bySize(ctx, exportSizes, o.within(exportsRounds), func(c *crowd, ours string, n int) []contestant {
		return []contestant{
			{name: exportOf(n), turn: func() (turn, error) { return c.export(ours, nil) }},
			{name: mergeOf(n), turn: func() (turn, error) { return c.export(ours, c.half()) }},
		}
	})
	if err != nil {
		return nil, err
	}
	curl, found := r.of(curlOnce, 0)
	for _, n := range exportSizes {
		whole, _ := r.of(exportOf(n), 0)
		merge, _ := r.of(mergeOf(n), 0)
		s.rows = append(s.rows, sized(n, "export", whole, times(whole.wall, curl.wall, found)), sized(n, "merge", merge, times(merge.wall, curl.wall, found)))
		if n != largest() {
			continue
		}
		if found {
			s.bounds = append(s.bounds, bound{what: exportOf(n) + ", of curl's one PATCH", got: ratio(whole.wall, curl.wall), most: mostOfExport})
		}
		s.bounds = append(s.bounds, bound{what: "peak memory of an " + exportOf(n), got: median(whole.memory), most: mostOfMemory, unit: " MiB"})
	}
	return []section{s}, nil
}

func exportOf(n int) string { return fmt.Sprintf("export of %d", n) }
func mergeOf(n int) string  { return fmt.Sprintf("merge of %d", n) }

// largest is the number of secrets that the bounds are about.
func largest() int { return sizes[len(sizes)-1] }

// half is a manifest of the first half of the secrets.
func (c *crowd) half() []byte { return c.manifestOf(c.names[:len(c.names)/2]) }

// export writes a manifest of the whole vault, into a text that is there if there is
// one.
func (c *crowd) export(program string, there []byte) (turn, error) {
	name, err := c.g.write(fmt.Sprintf("exported-%d.yml", len(c.names)), there)
	if err != nil {
		return turn{}, err
	}
	if there == nil {
		if err := os.Remove(name); err != nil {
			return turn{}, err
		}
	}
	command := c.command(program, "INPUT_OPERATION=export", "INPUT_VAULT_ID="+c.vaultID, "INPUT_EXPORT_FILE="+name, "INPUT_OVERWRITE=true")
	return turn{command, nil, func() error { return c.exported(name) }}, nil
}

// exported checks that a manifest has every secret.
func (c *crowd) exported(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if n := bytes.Count(text, []byte("\n      SECRET_")); n != len(c.names) {
		return fmt.Errorf("%d of %d secrets were exported", n, len(c.names))
	}
	return nil
}
