package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nairi-community/vault-secret/internal/manifest"
)

// took is what operations took that took so many ms of the processors, by how many
// secrets there were.
func took(sizes []int, cpu func(n int) float64) results {
	var r results
	for _, op := range operations {
		for _, n := range sizes {
			r.contestants = append(r.contestants, contestant{name: op.of(n)})
			r.took = append(r.took, series{wall: []float64{2 * cpu(n)}, cpu: []float64{cpu(n)}, memory: []float64{8}})
		}
	}
	return r
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	sizes := []int{10, 100, 1000}
	linear := took(sizes, func(n int) float64 { return 1 + float64(n)/10 }).growth(sizes)
	want := [][]string{
		{"lint", "10", "4", "2", "200.0", "–", "8.0"},
		{"lint", "100", "22", "11", "110.0", "0.55", "8.0"},
		{"lint", "1000", "202", "101", "101.0", "0.92", "8.0"},
	}
	if d := cmp.Diff(want, linear.rows[:3]); d != "" {
		t.Error(d)
	}
	if len(linear.bounds) != len(operations) || len(linear.missed()) > 0 {
		t.Errorf("%v", linear.bounds)
	}
	square := took(sizes, func(n int) float64 { return float64(n * n) }).growth(sizes)
	if len(square.missed()) != len(operations) {
		t.Errorf("what grows with the square is no miss: %v", square.bounds)
	}
}

// The manifest of a crowd names each secret once, in files that can be read.
func TestManifestOfManyFiles(t *testing.T) {
	t.Parallel()
	g := newTestGround(t)
	c := &crowd{g: g, vaultID: g.vaultID}
	for i := range entriesOfFile + 1 {
		c.names = append(c.names, fmt.Sprintf("SECRET_%05d", i))
	}
	if err := c.writeManifest(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range strings.SplitSeq(c.manifest, ",") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, problems := manifest.Parse(manifest.Source{Name: name}, text)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, entry := range file.Vaults[0].Entries {
			names = append(names, entry.EnvKey)
		}
	}
	if !slices.Equal(names, c.names) {
		t.Errorf("%d of %d names", len(names), len(c.names))
	}
}

// The program takes no more than 4 MiB of values.
func TestValuesOfTheMostSecretsFitInAFile(t *testing.T) {
	t.Parallel()
	c := &crowd{g: newTestGround(t)}
	for i := range growthSizes[len(growthSizes)-1] {
		c.names = append(c.names, fmt.Sprintf("SECRET_%05d", i))
	}
	one, err := c.syncFromFile("program")
	if err != nil {
		t.Fatal(err)
	}
	var name string
	for _, variable := range one.command.Env {
		if file, found := strings.CutPrefix(variable, "INPUT_VALUES_FILE="); found {
			name = file
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(one.values) != len(c.names) || strings.Count(string(text), "\n") != len(c.names) || len(text) > 4<<20 {
		t.Errorf("%d values, in %d bytes", len(one.values), len(text))
	}
}
