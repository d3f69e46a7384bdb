// Package suspect tells values that are hardly what was meant: templates that
// nothing filled in, what a program prints when it has no value, the mask of
// another tool, a reference that nobody resolved, a placeholder.
//
// A value that merely resembles one of them passes, since to refuse a good
// secret is an outage: what is looked for is mostly the whole of a value, or the
// whole of the part of it that is the secret, such as the password of a URL. Of
// a text of several lines, and of JSON, single leaves mean nothing.
//
// testdata/values.txt has what is refused and what passes.
package suspect

import (
	"slices"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/secret"
)

// Finding is a reason to believe that a value is not what was meant.
type Finding struct {
	Kind string // in one word, for tests
	// Text says what the value looks like and what to do, and shows none of it.
	Text string
	// Refuse tells a value that is hardly ever meant from one that only might
	// not be.
	Refuse bool
}

// About is what is known of a value beside its text.
type About struct {
	EnvKey string                 // the secret's name; empty if it is not given
	IsFile func(name string) bool // whether there is a file; nil if none can be
}

// rule is one kind of value, and how it looks.
type rule struct {
	kind  string
	text  string
	looks func(s *sample) bool
}

// Check returns what is suspicious about a value: nothing for most, and at most
// one reason to refuse it, which comes first.
func Check(value secret.Value, about About) []Finding {
	s := newSample(value.Reveal(), about)
	var found []Finding
	if r := s.refusal(); r != nil {
		found = append(found, Finding{r.kind, r.text, true})
	}
	for _, r := range oddities {
		if r.looks(s) {
			found = append(found, Finding{r.kind, r.text, false})
		}
	}
	return found
}

// refusal is the first rule by which a value is refused, or nil.
func (s *sample) refusal() *rule {
	for _, rules := range [][]rule{wholes, artefacts} {
		if r := first(rules, s); r != nil {
			return r
		}
	}
	return s.refusalInside()
}

// refusalInside is why all that a value stands for would be refused: every text
// of a JSON document, or what it is the base64 of. One text that is something
// else makes a document whole.
func (s *sample) refusalInside() (why *rule) {
	for _, text := range s.inside() {
		inner := newSample(text, About{})
		r := first(artefacts, inner)
		if r == nil || s.document == nil && !inner.plainly(r.kind) {
			return nil
		}
		why = r
	}
	return why
}

// plainly reports whether what a value is the base64 of is nothing but an
// artefact: a random value can have the begin and the end of a template in it.
func (s *sample) plainly(kind string) bool {
	return slices.Contains([]string{"mask", "object", "nothing", "placeholder"}, kind) || beginsWithAny(s.core, []string{"{{", "${", "$(", "<%"})
}

func first(rules []rule, s *sample) *rule {
	for i := range rules {
		if rules[i].looks(s) {
			return &rules[i]
		}
	}
	return nil
}

// wholes are about a value as a whole.
var wholes = []rule{
	{"blank", "is only white space", blank},
	{"agent-placeholder", "is the placeholder that an agent sees instead of a value", func(s *sample) bool { return nairi.IsPlaceholder(s.text) }},
	{"nairi-key", "looks like a Nairi API key. Stored in a vault, it would hand the whole organization to agents",
		func(s *sample) bool { return nairi.LooksLikeKey(s.text) }},
	{"ciphertext", "is encrypted, as by sops, Ansible Vault, age or PGP, and was not decrypted. Decrypt it first", encrypted},
	{"pem-cut", "is a PEM text without its begin or its end, as when only one line of it was kept. Pass all of its lines", pemCut},
	{"pem-escaped", `is a PEM text whose line breaks are written as \n or another escape. Pass it with real line breaks: ` +
		`in YAML, as a block that begins with |`, pemEscaped},
	{"pem-folded", "is a PEM text whose line breaks were folded into spaces. In YAML, begin its block with |, not with >, " +
		`and in a shell, put the variable in quotes: "$NAME"`, pemFolded},
	{"pem-joined", "is a PEM text that lost its line breaks. In YAML, begin its block with |, and do not let a program such as tr delete them", pemJoined},
	{"pem-masked", "is a PEM text whose body was left out or masked. Pass the real one", pemMasked},
	{"folded", "is YAML whose line breaks were folded into spaces. Begin its block with |, not with >", foldedYAML},
	{"lfs-pointer", "is a Git LFS pointer, not the file itself. Check the repository out with lfs: true", lfsPointer},
	{"colours", "holds terminal color codes. Turn them off in the program that prints it, for example with NO_COLOR=1", coloured},
	{"log", "holds lines that a wrapper or a runner adds to what a program prints, such as [command] or ::debug::. " +
		"For setup-terraform, set terraform_wrapper: false", loggedLines},
	{"page", "is an HTML or XML page, as servers send with an error. Pass the value alone", page},
	{"unresolved", "holds a reference as a map, such as from_secret, that was not resolved. Use it where the platform resolves it", unresolvedMap},
	{"answer", "is the whole answer of a tool, of which the secret is one part. Pass that part alone, for example with jq -r or -raw", wholeAnswer},
	{"error", "is an error of a program or a server instead of a value. Fix what provides the value", failure},
	{"path", "is the path of an existing file, not its content. Give the path as value_file, or as file in a manifest", pathOfFile},
	{"assignment", "is a whole line of a .env file, with a name before the value. Pass only what follows the =", assigned},
	{"number", "looks like a long number that YAML or JSON rounded, as in 1.2e+29. Put the number in quotes where it is written", roundedNumber},
}

// artefacts are about a value, and about the parts of it that are the secret.
var artefacts = []rule{
	{"expression", "contains ${{, an expression that was not evaluated. Write it where the platform evaluates it", expression},
	{"mask", "looks like what a tool shows in place of a secret, such as *** or [MASKED]. Pass the secret itself", masked},
	{"template", "looks like a template that was not rendered, such as {{ name }}. Render it first", template},
	{"reference", "looks like a reference to a secret kept elsewhere, such as op://…, that was not resolved. Pass the secret itself", reference},
	{"variable", "looks like a variable or a command that was not expanded, such as ${NAME:-default} or %NAME%. Pass its value", unexpanded},
	{"cipher", "looks encrypted, as by sops, Jasypt or Vault's transit, and was not decrypted. Decrypt it first", cipher},
	{"object", "looks like what a program prints for an object or a list, such as [object Object]. Pass one item of it, or all of it with toJSON", printedObject},
	{"nothing", "looks like what a program prints when it has no value, such as null or undefined. Fix what provides the value", nothing},
	{"placeholder", "looks like a placeholder, such as changeme or <token>. Pass the real value", placeholder},
}

// oddities are stored with a warning.
var oddities = []rule{
	{"quotes", "begins and ends with a quote, which is stored too", quoted},
	{"space", "begins or ends with white space, which is stored too", spaced},
	{"carriage-return", "contains a carriage return, as from a file with Windows line ends", carriageReturn},
	{"bom", "begins with a byte-order mark, which is stored too", byteOrderMark},
	{"control", "contains a control character, which no key or password has", control},
	{"invisible", "contains an invisible character, such as a zero-width or a no-break space, as from a page or a chat", invisible},
	{"escaped-end", `ends with a line break written as \n, two characters that are stored too`, escapedEnd},
	{"short", "has fewer than 4 characters and cannot be masked in logs", short},
	{"dummy", "looks like a placeholder, such as changeme", dummy},
	{"own-name", "is the name of the secret itself", ownName},
	{"expression-inside", "contains ${{ in one of its lines, an expression that was not evaluated", expressionInside},
	{"part-mask", "contains a mask such as **** instead of a part of it", partMask},
	{"cut", "ends in three dots, like a text that was shortened for a page or a log", cut},
	{"salted", "looks like the output of openssl enc or of a KMS, which is encrypted", salted},
	{"pem-indented", "is a PEM text with white space before its lines, which many programs refuse", pemIndented},
	{"empty-json", "is JSON without any text or number in it", emptyJSON},
}
