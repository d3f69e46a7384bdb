package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/nairi-community/vault-secret/internal/apply"
	"github.com/nairi-community/vault-secret/internal/ci"
)

// numbers are the outputs that say how many secrets have come to what.
func (s Sync) numbers() []ci.Output {
	counts := s.counts()
	number := func(outcomes ...apply.Outcome) string {
		n := 0
		for _, outcome := range outcomes {
			n += counts[outcome]
		}
		return strconv.Itoa(n)
	}
	return []ci.Output{
		output("created_count", number(apply.Created)),
		output("updated_count", number(apply.Updated)),
		output("deleted_count", number(apply.Deleted)),
		output("unchanged_count", number(apply.Unchanged, apply.Absent)),
		output("planned_count", number(apply.Planned)),
		output("failed_count", number(apply.Failed, apply.Unknown)),
	}
}

// The outputs that are JSON.
const (
	resultsOutput = "results"
	shardsOutput  = "shards"
)

// entry is one element of the results output.
type entry struct {
	VaultID   string `json:"vault_id"`
	EnvKey    string `json:"env_key"`
	SecretID  string `json:"secret_id"`
	Action    string `json:"action"`
	Result    string `json:"result"`
	Changed   bool   `json:"changed"`
	UpdatedAt string `json:"updated_at"`
	ErrorCode string `json:"error_code"`
}

// maxResults is how long the results output may be, in bytes: the outputs of a
// job may have 1 MB, counted as UTF-16 (GitHub docs, workflow syntax, outputs).
const maxResults = 400_000

// results is a JSON array of what became of each secret, in the order of the
// plan. One that would be too long leaves out what is as wanted, and then the
// last ones, and says in a last element how many it left out.
func (s Sync) results() string {
	if text, left := s.fitting(func(apply.Result) bool { return true }); left == 0 {
		return text
	}
	text, _ := s.fitting(func(r apply.Result) bool { return r.Outcome != apply.Unchanged && r.Outcome != apply.Absent })
	return text
}

// fitting is the array of the results that are wanted and fit, and how many it
// leaves out.
func (s Sync) fitting(wanted func(apply.Result) bool) (text string, left int) {
	list := []byte{'['}
	for i, result := range s.Results {
		if !wanted(result) {
			left++
			continue
		}
		element, err := json.Marshal(s.entry(i))
		if err != nil || len(list)+len(element) > maxResults {
			left += len(s.Results) - i
			break
		}
		list = append(append(list, element...), ',')
	}
	if left > 0 {
		list = fmt.Appendf(list, `{"left_out":%d}`, left)
	}
	return string(bytes.TrimSuffix(list, []byte{','})) + "]", left
}

// entry takes secrets out before the text becomes JSON: in that spelling of what
// already is one, no redactor would know them.
func (s Sync) entry(i int) entry {
	result := s.Results[i]
	seen := Report{Result: result}.secret()
	return entry{
		VaultID:   string(s.Steps[i].VaultID),
		EnvKey:    s.Redact(s.Steps[i].Change.Name()),
		SecretID:  s.Redact(string(seen.ID)),
		Action:    string(result.Change.Action),
		Result:    string(result.Outcome),
		Changed:   result.Changed,
		UpdatedAt: timestamp(seen.UpdatedAt),
		ErrorCode: string(CodeOf(result)),
	}
}

// shards is a JSON array for the matrix of a job, of the shards that have
// something to write.
func (s Sync) shards() string {
	names := make([]string, len(s.Shards))
	for i, shard := range s.Shards {
		names[i] = shard.String()
	}
	text, err := json.Marshal(names)
	if err != nil {
		return "[]" // a slice of strings always encodes
	}
	return string(text)
}
