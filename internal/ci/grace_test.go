package ci

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// onEach are variables by which each platform is known.
var onEach = map[string][]string{
	"GitHub":     {"GITHUB_ACTIONS=true"},
	"GitLab":     {"GITLAB_CI=true"},
	"Woodpecker": {"CI=woodpecker", "DRONE=true"},
	"Docker":     nil,
	"any other":  {"CI=true"},
}

// What a page promises to a request in flight is what it gets.
func TestThePageGivesTheGraceOfEachPlatform(t *testing.T) {
	t.Parallel()
	const name = "../../docs/other-cis.md"
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ([^|]+) \| [^|]+ \| (\d) seconds \|$`)
	told := map[string]string{}
	for _, match := range row.FindAllStringSubmatch(string(page), -1) {
		for platform := range strings.SplitSeq(match[1], ", ") {
			told[platform] = match[2] + "s"
		}
	}
	for platform, pairs := range onEach {
		if got := Grace(vars(pairs...)).String(); got != told[platform] {
			t.Errorf("%s has %s, and in %s %q", platform, got, name, told[platform])
		}
	}
}

// All end before the platform does: their bounds are in the comments.
func TestTheGraceEndsBeforeThePlatformKills(t *testing.T) {
	t.Parallel()
	for platform, kills := range map[string]time.Duration{
		"GitHub": 7500 * time.Millisecond, "GitLab": 6 * time.Second, "Woodpecker": 5 * time.Second, "Docker": 10 * time.Second,
	} {
		if grace := Grace(vars(onEach[platform]...)); grace <= 0 || kills-grace < 500*time.Millisecond {
			t.Errorf("%s has %v of %v", platform, grace, kills)
		}
	}
}
