package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// textVersion is the first line of the text of a plan. A text that says the same
// otherwise needs another one.
const textVersion = "vault-secret plan 1"

// partsWord comes behind it where there are digests of parts.
const partsWord = "parts"

// MaxText is how long the text of a plan may be, in bytes, for an output: a
// variable of a step and its name may have 128 KiB on Linux (MAX_ARG_STRLEN in
// include/uapi/linux/binfmts.h).
const MaxText = 64 << 10

// Text is what changes do, in the same words whatever the order in which they were
// planned: a line that names its version, and one for each change that writes. It has
// no line break at its end.
func Text(changes []Change) string {
	var text strings.Builder
	write(changes, func(line []byte) { text.Write(line) })
	return text.String()
}

// Digest is the SHA-256 of a text, in hexadecimal.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Identify is the digest of the text of changes, and the text itself unless it is
// longer than MaxText: that of 50,000 changes would take 10 MB.
func Identify(changes []Change) (digest, text string) {
	sum := sha256.New()
	var kept []byte
	write(changes, func(line []byte) {
		_, _ = sum.Write(line)
		if len(kept) <= MaxText {
			kept = append(kept, line...)
		}
	})
	if len(kept) > MaxText {
		kept = nil
	}
	return hex.EncodeToString(sum.Sum(nil)), string(kept)
}

// write hands the text of changes over, a line at a time.
func write(changes []Change, add func(line []byte)) {
	add([]byte(textVersion))
	var text []byte
	for _, c := range writing(changes) {
		line := lineOf(c)
		text = line.appendTo(append(text[:0], '\n'))
		add(text)
	}
}

// writing are the changes that write, in the order of their lines. A Change is large,
// so that pointers are sorted, beside the places that they are sorted by.
func writing(changes []Change) []*Change {
	type placed struct {
		place
		change *Change
	}
	sorted := make([]*placed, 0, len(changes))
	for i := range changes {
		if c := &changes[i]; c.Writes() {
			sorted = append(sorted, &placed{place{c.VaultID, c.Name(), c.SecretID(), c.Action}, c})
		}
	}
	slices.SortFunc(sorted, func(a, b *placed) int { return compare(a.place, b.place) })
	pointers := make([]*Change, len(sorted))
	for i := range sorted {
		pointers[i] = sorted[i].change
	}
	return pointers
}

// Parts are the digests of each part of changes, of count, as text: what stands for
// a text that is too long where the parts are carried out one by one. By then the
// whole is another, since other parts are done.
func Parts(changes []Change, count int) string {
	lines := []string{fmt.Sprintf("%s %s %d", textVersion, partsWord, count)}
	for i, digest := range digests(changes, count) {
		lines = append(lines, Shard{Index: i + 1, Count: count}.String()+" "+digest)
	}
	return strings.Join(lines, "\n")
}

func digests(changes []Change, count int) []string {
	parts := make([][]Change, count)
	for _, c := range changes {
		if c.Writes() {
			part := indexOf(c.VaultID, c.shardKey(), count) - 1
			parts[part] = append(parts[part], c)
		}
	}
	digests := make([]string, count)
	for i, part := range parts {
		digests[i], _ = Identify(part)
	}
	return digests
}
