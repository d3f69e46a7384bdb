package plan

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/mirror"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// Line is what the text of a plan says of one change that writes. It holds no value
// and no time, so that it is the same for a plan and for the run that carries it out.
type Line struct {
	Vault  nairi.VaultID
	Name   string
	ID     nairi.SecretID // empty for a create
	Action Action
	// Before and After are the hosts in canonical spelling; nil where there is no
	// secret, or its hosts are not known.
	Before, After domains.List
	Written       bool // whether the value is
	Made          bool // whether that is one that the run makes
	// Mirrors are where the value goes too, with who may read it there, in alphabetical order.
	Mirrors []string
	// RenamedTo is the new name of the secret that a delete is about, if it is renamed.
	RenamedTo string
}

// anyHost stands for the list that lets a secret go to any host. It is no array, as
// a server may have a list whose entry is *.
const anyHost = `"*"`

// Words for what becomes of the value.
const (
	written    = "written"
	made       = "made"
	notWritten = "not written"
)

func lineOf(c *Change) Line {
	line := Line{Vault: c.VaultID, Name: c.Name(), ID: c.SecretID(), Action: c.Action, Before: c.Hosts().Canonical(), Written: c.SendsValue(), RenamedTo: c.RenamedTo}
	line.Made = line.Written && c.Desired.Generate != nil
	for _, m := range c.Mirrors() {
		line.Mirrors = append(line.Mirrors, m.Target.Spelled())
	}
	slices.Sort(line.Mirrors)
	switch {
	case c.Action == Create && c.Desired.Domains != nil:
		line.After = c.Desired.Domains.Canonical()
	case c.Action == Update && c.Patch.AllowedDomains != nil:
		line.After = c.Patch.AllowedDomains.Canonical()
	case c.Action == Update:
		line.After = line.Before
	}
	return line
}

// compare is the order of lines: of the characters' codes, so that it is the same
// wherever it is made.
func (l *Line) compare(other *Line) int {
	return compare(place{l.Vault, l.Name, l.ID, l.Action}, place{other.Vault, other.Name, other.ID, other.Action})
}

// place is what of a line decides its place.
type place struct {
	vault  nairi.VaultID
	name   string
	id     nairi.SecretID
	action Action
}

func compare(a, b place) int {
	if order := strings.Compare(string(a.vault), string(b.vault)); order != 0 {
		return order
	}
	if order := strings.Compare(a.name, b.name); order != 0 {
		return order
	}
	return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.action, b.action))
}

// shardKey is the name by which the line belongs to a shard, as that of its Change.
func (l *Line) shardKey() string { return cmp.Or(l.RenamedTo, l.Name) }

// String is the line as the text of a plan has it, a JSON array without white space.
func (l Line) String() string { return string(l.appendTo(nil)) }

func (l *Line) appendTo(text []byte) []byte {
	for i, field := range []string{string(l.Vault), l.Name, string(l.ID), string(l.Action)} {
		text = appendQuoted(append(text, "[,,,"[i]), field)
	}
	text = appendHosts(append(text, ','), l.Before)
	text = appendHosts(append(text, ','), l.After)
	text = appendQuoted(append(text, ','), l.value())
	switch {
	case l.RenamedTo != "":
		text = appendQuoted(append(text, ','), l.RenamedTo)
	case len(l.Mirrors) > 0:
		text = appendTexts(append(text, ','), l.Mirrors)
	}
	return append(text, ']')
}

// value is the word for what becomes of the value.
func (l *Line) value() string {
	switch {
	case l.Made:
		return made
	case l.Written:
		return written
	}
	return notWritten
}

func appendHosts(text []byte, list domains.List) []byte {
	switch {
	case !list.Known():
		return append(text, "null"...)
	case list.IsAny():
		return append(text, anyHost...)
	}
	return appendTexts(text, list)
}

// appendTexts appends a JSON array of texts, of which there is at least one.
func appendTexts(text []byte, list []string) []byte {
	for i, item := range list {
		separator := byte(',')
		if i == 0 {
			separator = '['
		}
		text = appendQuoted(append(text, separator), item)
	}
	return append(text, ']')
}

// appendQuoted appends a JSON string. All that names and hosts do not have is escaped,
// as \u and four digits: nothing on the way of an output, such as a runner or a
// terminal's font, sees anything to change.
func appendQuoted(text []byte, s string) []byte {
	text = append(text, '"')
	for i := range len(s) {
		if !plain[s[i]] {
			return append(appendEscaped(text, s), '"')
		}
	}
	return append(append(text, s...), '"')
}

func appendEscaped(text []byte, s string) []byte {
	const hex = "0123456789abcdef"
	for _, unit := range utf16.Encode([]rune(s)) {
		if unit < utf8.RuneSelf && plain[unit] {
			text = append(text, byte(unit))
			continue
		}
		text = append(text, '\\', 'u', hex[unit>>12], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15])
	}
	return text
}

// plain are the characters that stand for themselves.
var plain = func() (plain [256]bool) {
	for _, c := range []byte(ascii.Word + " -.*:/") {
		plain[c] = true
	}
	return plain
}()

// errNoLine is the error of a line that no plan has.
var errNoLine = errors.New("is no line of a plan")

// parseLine reads a line as String writes it, and nothing else.
func parseLine(text string) (Line, error) {
	var line Line
	var before, after hosts
	var word string
	fields := []any{&line.Vault, &line.Name, &line.ID, &line.Action, &before, &after, &word, (*further)(&line)}
	if json.Unmarshal([]byte(text), &fields) != nil {
		return Line{}, errNoLine
	}
	line.Before, line.After, line.Written = domains.List(before).Canonical(), domains.List(after).Canonical(), word == written || word == made
	line.Made = word == made
	if line.String() != text || !line.possible() {
		return Line{}, errNoLine
	}
	return line, nil
}

// possible reports whether a plan can have the line.
func (l Line) possible() bool {
	if _, err := nairi.ParseVaultID(string(l.Vault)); err != nil {
		return false
	}
	if len(l.Mirrors) > 0 && !l.Written || !possibleMirrors(l.Mirrors) {
		return false
	}
	switch l.Action {
	case Create:
		return l.ID == "" && l.Name != "" && l.Before == nil && l.After != nil && l.RenamedTo == ""
	case Update:
		return l.ID != "" && l.RenamedTo == ""
	case Delete:
		return l.ID != "" && l.After == nil && !l.Written
	}
	return false
}

// further reads the last field, which only some lines have: the new name of what is
// renamed, or the mirrors.
type further Line

// UnmarshalJSON implements json.Unmarshaler.
func (f *further) UnmarshalJSON(text []byte) error {
	if text[0] == '[' {
		return json.Unmarshal(text, &f.Mirrors)
	}
	return json.Unmarshal(text, &f.RenamedTo)
}

// possibleMirrors reports whether texts are mirrors of one secret as a plan spells them.
func possibleMirrors(texts []string) bool {
	places := map[string]bool{}
	for _, text := range texts {
		target, err := mirror.Parse(text)
		if err != nil || target.Spelled() != text {
			return false
		}
		places[target.Place()] = true
	}
	return len(places) == len(texts) && slices.IsSorted(texts)
}

// hosts reads a list as appendHosts writes it. That it is canonical shows when the
// line is written again.
type hosts domains.List

// UnmarshalJSON implements json.Unmarshaler.
func (h *hosts) UnmarshalJSON(text []byte) error {
	if string(text) == anyHost {
		*h = hosts{}
		return nil
	}
	var list []string
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if list != nil && len(list) == 0 {
		return errNoLine
	}
	*h = hosts(list)
	return nil
}
