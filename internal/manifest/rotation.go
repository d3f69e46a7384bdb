package manifest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// skew is how far the clock of a runner may be behind that of who wrote a date.
const skew = 5 * time.Minute

// firstYear keeps a year that lacks a digit from being taken for a date.
const firstYear = 2000

const (
	day  = "2006-01-02"
	hour = "2006-01-02T15:04:05Z" // takes a fraction of a second too
)

// rotated reads when a value was last rotated: a day, which begins at 00:00 in UTC,
// or a time in UTC. YAML reads most of either as a time by itself, and what it
// would make of others is not asked.
func (r *reader) rotated(at place, n *yaml.Node) *time.Time {
	if n.Kind != yaml.ScalarNode || n.Tag != textTag && n.Tag != timeTag {
		r.add(n, at, mustBeTime)
		return nil
	}
	when, why := readTime(n.Value)
	if why == "" && !r.source.Now.IsZero() && when.After(r.source.Now.Add(skew)) {
		why = "is in the future. In UTC it is now " + r.source.Now.UTC().Format(hour)
	}
	if why != "" {
		r.add(n, at, why)
		return nil
	}
	return &when
}

const mustBeTime = "must be a date or a time in UTC, as in 2026-11-01 or 2026-11-01T10:00:00Z"

func readTime(text string) (when time.Time, why string) {
	for _, layout := range []string{day, hour} {
		when, err := time.Parse(layout, text)
		switch {
		case err != nil || strings.Contains(text, ","): // which Go takes for a dot
		case when.Year() < firstYear:
			return time.Time{}, "is before the year " + strconv.Itoa(firstYear)
		default:
			return when, ""
		}
	}
	if _, err := time.Parse(time.RFC3339, text); err == nil && !strings.HasSuffix(text, "Z") {
		return time.Time{}, "must be in UTC and end in Z. Write 2026-11-01T12:00:00+02:00 as 2026-11-01T10:00:00Z"
	}
	return time.Time{}, mustBeTime
}

// Bounds of an age. The least is what a schedule can look for, and the most ten years.
const (
	minAge = time.Hour
	maxAge = 3650 * 24 * time.Hour
)

// units of an age: no month and no year, which have several lengths.
var units = map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// age reads how old a value may become; 0 if it cannot.
func (r *reader) age(at place, n *yaml.Node) time.Duration {
	word, _ := text(n)
	const maxDigits = 5
	digits := len(word) - 1
	if digits < 1 || digits > maxDigits || word[0] == '0' || units[word[digits]] == 0 {
		r.add(n, at, mustBeAge)
		return 0
	}
	number, err := strconv.ParseUint(word[:digits], 10, 32)
	age := time.Duration(number) * units[word[digits]]
	if err != nil || age < minAge || age > maxAge {
		r.add(n, at, mustBeAge)
		return 0
	}
	return age
}

const mustBeAge = "must be a whole number of hours, days or weeks, as in 12h, 90d or 2w, and at most 3650d"

func (r *reader) valueMode(at place, n *yaml.Node) string {
	word, _ := text(n)
	if !slices.Contains(ValueModes, word) {
		r.add(n, at, "must be one of "+strings.Join(ValueModes, ", "))
		return ""
	}
	return word
}
