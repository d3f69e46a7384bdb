package input_test

import (
	"testing"

	"github.com/nairi-community/vault-secret/internal/manifest"
)

// A comment that shows an earlier plan has to be told that there is none now:
// where it is, is known whatever else is wrong.
func TestWhereToCommentIsKnownWhateverElseIsWrong(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]env{
		"nothing":            {},
		"the manifest":       {"@": "vaults: [}"},
		"no manifest":        {"@": unset},
		"the operation":      {"INPUT_OPERATION": "snyc"},
		"another operation":  {"INPUT_OPERATION": "set"},
		"no key":             {"INPUT_API_KEY": ""},
		"the address":        {"INPUT_BASE_URL": "nairi"},
		"the time":           {"INPUT_TIMEOUT": "soon"},
		"the certificates":   {"INPUT_CA_CERT": "none.pem"},
		"the values":         {"INPUT_ENV_JSON": "{"},
		"the number of it":   {"INPUT_PULL_REQUEST": "#7"},
		"the dry run":        {"INPUT_DRY_RUN": "maybe"},
		"the concurrency":    {"INPUT_CONCURRENCY": "many"},
		"many other inputs":  {"INPUT_SHARD": "x", "INPUT_PRUNE": "x", "INPUT_MAX_DELETES": "x", "INPUT_VALUES": "x"},
		"the proxy":          {"HTTPS_PROXY": "::"},
		"the wrong manifest": {"INPUT_SECRETS": ""},
	} {
		files := env{manifest.Default: held, "b.txt": "value-of-b"}
		if text, given := wrong["@"]; given {
			files[manifest.Default] = text
			delete(wrong, "@")
		}
		changes := env{"INPUT_COMMENT_PR": "true", "INPUT_GITHUB_TOKEN": "ghs_synthetic", "INPUT_PULL_REQUEST": "7"}.with(wrong)
		got := load(syncing(changes), files)
		want := 7
		if wrong["INPUT_PULL_REQUEST"] != "" {
			want = 0
		}
		if c := got.config; !c.CommentPR || c.GitHubToken.Reveal() != "ghs_synthetic" || c.PullRequest != want {
			t.Errorf("%s: %t, %d", name, c.CommentPR, c.PullRequest)
		}
		if name != "nothing" && len(got.problems) == 0 {
			t.Errorf("%s: there is no problem", name)
		}
	}
}

func TestNoCommentWithoutAClearWord(t *testing.T) {
	t.Parallel()
	for _, text := range []string{unset, "", "false", "yes", "1", "on"} {
		if got := load(syncing(env{"INPUT_COMMENT_PR": text, "INPUT_GITHUB_TOKEN": "ghs_synthetic"}), heldFiles); got.config.CommentPR {
			t.Errorf("%q makes a comment", text)
		}
	}
}
