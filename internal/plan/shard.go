package plan

import (
	"hash/fnv"
	"strconv"

	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Shard is the part of a plan that one of several machines carries out: number
// Index, from 1, of Count. The zero Shard is the whole.
type Shard struct{ Index, Count int }

// Has reports whether a secret belongs to the shard. It depends on nothing but
// the vault, the name and Count, so that the shards of a file part it exactly,
// whatever the order of its entries.
func (s Shard) Has(vault nairi.VaultID, envKey string) bool {
	return s.Count <= 1 || indexOf(vault, envKey, s.Count) == s.Index
}

// of are the changes of the shard, in the place of all.
func (s Shard) of(changes []Change) []Change {
	if s.Count <= 1 {
		return changes
	}
	own := changes[:0]
	for i := range changes {
		if s.Has(changes[i].VaultID, changes[i].shardKey()) {
			own = append(own, changes[i])
		}
	}
	return own
}

// awaitCreates keeps deletes from being begun beside creates of another shard:
// what goes may be the same secret under its old name, and whether the new one is
// there by then is not known here. An update of another shard is not waited for:
// where every run writes every value, nothing would ever be deleted. An old name has
// its new one in its own shard, which is all that it waits for.
func (s Shard) awaitCreates(changes []Change) {
	awaited := false
	for i := range changes {
		c := &changes[i]
		awaited = awaited || c.Action == Create && !s.Has(c.VaultID, c.shardKey())
	}
	for i := range changes {
		c := &changes[i]
		c.Awaits = awaited && c.Action == Delete && c.RenamedTo == ""
	}
}

// shardKey is the name by which a change belongs to a shard. A secret is renamed in
// one of them, since the old name waits for the new one.
func (c *Change) shardKey() string {
	if c.RenamedTo != "" {
		return c.RenamedTo
	}
	return c.Name()
}

// indexOf is the Index of the shard, of count, that a secret belongs to.
func indexOf(vault nairi.VaultID, envKey string, count int) int {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(string(vault) + "/" + envKey))
	return int(hash.Sum64()%uint64(count)) + 1
}

// String is the shard as the shard input takes it, as in 2/8.
func (s Shard) String() string { return strconv.Itoa(s.Index) + "/" + strconv.Itoa(s.Count) }

// Shards are the shards, of count, that have something to write; none of no
// count. A machine for each of the others would start for nothing.
func Shards(changes []Change, count int) []Shard {
	if count == 0 {
		return nil
	}
	busy := make([]bool, count)
	for i := range changes {
		if c := &changes[i]; c.Writes() {
			busy[indexOf(c.VaultID, c.shardKey(), count)-1] = true
		}
	}
	var shards []Shard
	for i, used := range busy {
		if used {
			shards = append(shards, Shard{Index: i + 1, Count: count})
		}
	}
	return shards
}
