package plan

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Approved is a plan that somebody approved. The zero Approved is none, and any plan
// will do.
type Approved struct {
	Digest string   // empty where there are Parts
	Parts  []string // the digests of each part
	Lines  []Line   // of its text, in order
	Known  bool     // whether Lines are
}

// maxApproved is MaxText with room for line breaks of two characters. Neither are
// lines without end parsed, nor a million of them.
const maxApproved = 2 * MaxText

// What is wrong with a text that should be of a plan.
var (
	errNoPlan  = errors.New("is neither the digest of a plan nor its text. Give the output plan or plan_digest of the run that was approved, unchanged")
	errLong    = fmt.Errorf("is longer than the %d KiB that the text of a plan can have. Give the output plan_digest", MaxText>>10)
	errVersion = errors.New("is of another version of vault-secret. Make a new plan with this version, and approve that")
	errPart    = errors.New("is the digest of the whole plan, and shard is set. Give the output plan: other parts may be done by now")
	errParts   = errors.New("is of a plan with another number of parts. Make the plan with as many shards as shard counts")
)

// ParseApproved reads what a run gave out as plan or plan_digest, for a run of a shard.
// It takes nothing that no run gives out, but for line breaks as another system
// writes them. Its errors repeat nothing.
func ParseApproved(text string, shard Shard) (Approved, error) {
	if len(text) > maxApproved {
		return Approved{}, errLong
	}
	text = strings.TrimSpace(text)
	rest, known := strings.CutPrefix(text, textVersion)
	known = known && (rest == "" || strings.IndexByte(" \t\r\n", rest[0]) >= 0)
	words := strings.Fields(rest)
	switch {
	case isDigest(strings.ToLower(text)) && shard.Count > 1:
		return Approved{}, errPart
	case isDigest(strings.ToLower(text)):
		return Approved{Digest: strings.ToLower(text)}, nil
	case known && len(words) > 1 && words[0] == partsWord:
		return parseParts(words[1], words[2:], shard)
	case known:
		return parseText(rest)
	case strings.HasPrefix(text, "vault-secret plan "):
		return Approved{}, errVersion
	}
	return Approved{}, errNoPlan
}

func isDigest(text string) bool {
	sum, err := hex.DecodeString(text)
	return err == nil && len(sum) == 32
}

// parseText reads the lines of a text, which must be in their order. What is between
// them may be any white space: where a platform has no lines, they are in one.
func parseText(rest string) (Approved, error) {
	approved := Approved{Known: true}
	decoder := json.NewDecoder(strings.NewReader(rest))
	text := textVersion
	for {
		var raw json.RawMessage
		switch err := decoder.Decode(&raw); {
		case errors.Is(err, io.EOF):
			approved.Digest = Digest(text)
			return approved, nil
		case err != nil:
			return Approved{}, errNoPlan
		}
		line, err := parseLine(string(raw))
		n := len(approved.Lines)
		if err != nil || n > 0 && approved.Lines[n-1].compare(&line) >= 0 {
			return Approved{}, errNoPlan
		}
		approved.Lines = append(approved.Lines, line)
		text += "\n" + string(raw)
	}
}

// parseParts reads the digests of some number of parts, each behind its part.
func parseParts(number string, words []string, shard Shard) (Approved, error) {
	count := len(words) / 2
	if count < 1 || len(words)%2 != 0 || number != strconv.Itoa(count) {
		return Approved{}, errNoPlan
	}
	if shard.Count > 1 && shard.Count != count {
		return Approved{}, errParts
	}
	var approved Approved
	for i := range count {
		part, digest := words[2*i], words[2*i+1]
		if part != (Shard{Index: i + 1, Count: count}).String() || !isDigest(digest) || strings.ToLower(digest) != digest {
			return Approved{}, errNoPlan
		}
		approved.Parts = append(approved.Parts, digest)
	}
	return approved, nil
}

// Check compares the changes of a shard with what was approved. The error is a
// *Changed.
func (a Approved) Check(changes []Change, shard Shard) error {
	switch {
	case a.Digest == "" && a.Parts == nil:
		return nil
	case a.Known:
		var approved []Line
		for _, line := range a.Lines {
			if shard.Has(line.Vault, line.shardKey()) {
				approved = append(approved, line)
			}
		}
		return difference(approved, linesOf(changes))
	case a.same(changes, shard):
		return nil
	}
	return &Changed{Unseen: true}
}

// same compares digests.
func (a Approved) same(changes []Change, shard Shard) bool {
	switch {
	case len(a.Parts) > 0 && shard.Count > 1:
		digest, _ := Identify(changes)
		return digest == a.Parts[shard.Index-1]
	case len(a.Parts) > 0:
		return slices.Equal(digests(changes, len(a.Parts)), a.Parts)
	}
	digest, _ := Identify(changes)
	return digest == a.Digest
}

func linesOf(changes []Change) []Line {
	var lines []Line
	for _, c := range writing(changes) {
		lines = append(lines, lineOf(c))
	}
	return lines
}
