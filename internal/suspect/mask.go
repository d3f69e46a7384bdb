package suspect

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// maskCharacters are what masks are made of.
const maskCharacters = "*•●∙◦⬤■▪▇█░▒▓⚫"

// maskWords are what tools write in brackets in place of a secret: Terraform and
// OpenTofu, Pulumi, GitLab, Travis, Sentry, Rails, Nomad, 1Password.
var maskWords = []string{
	"sensitive", "sensitive value", "sensitive content", "sensitive data", "sensitive, write-only attribute", "sensitive, known after apply",
	"write-only attribute", "known after apply", "computed", "unknown", "secret", "secure", "secured", "hidden", "hidden value", "filtered",
	"removed", "scrubbed", "obfuscated", "obscured", "concealed", "concealed by 1password", "encrypted", "protected", "private", "confidential",
	"censored", "not shown", "value hidden", "data hidden", "omitted", "value omitted", "elided", "password hidden", "secret_data", "secret data",
	"multiline", "masked", "redacted", "masked value", "redacted value", "value redacted", "value masked",
}

// bareMasks are masks without brackets too.
var bareMasks = []string{
	"masked", "redacted", "sensitive value", "known after apply", "data+omitted", "value_specified_in_no_log_parameter", "hidden_due_to_no_log",
	"redacted_value", "masked_value", "output<string>", "value redacted", "value masked", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // Pulumi's unknown text
	"74d93920-ed26-11e3-ac10-0800200c9a66", // that of Terraform's SDK
}

// saysMasked stand within what tools print in place of a secret.
var saysMasked = []string{
	"[redacted:", "[redacted ", "<redacted:", "<redacted ", "[masked:", "to reveal]", "[redacted]", "[masked]", "(sensitive value", "<sensitive>",
	"(known after apply)", "the output has been hidden due to",
}

// masked is a mask of another tool, whole, or a part of which so much is masked
// that it cannot be the secret.
func masked(s *sample) bool {
	if s.lines {
		return false
	}
	if s.core != "" && strings.Trim(s.core, maskCharacters) == "" || s.anyPart(maskedPart) {
		return true
	}
	return s.document == nil && containsAny(strings.ToLower(s.text), saysMasked)
}

func maskedPart(part string) bool {
	part = strings.ReplaceAll(part, "%2A", "*")
	if strings.Trim(part, maskCharacters+" -_/:.") == "" {
		return maskRun(part) >= minMask
	}
	text := strings.ToLower(strings.Trim(part, maskCharacters+" \t"))
	_, starred := between(part, "**", "**")
	return slices.Contains(bareMasks, text) || starred && slices.Contains(maskWords, text) || bracketed(text, maskWords) || sizeOnly(text) || mostlyMasked(part)
}

// brackets are those that tools put around a word that stands for something.
var brackets = []string{"[]", "<>", "()", "{}", "--", "==", "__", "##"}

// bracketed reports whether a text is one of the words, in brackets of any kind.
func bracketed(text string, words []string) bool {
	for _, pair := range brackets {
		inner, ok := between(text, pair[:1], pair[1:])
		if inner = strings.Trim(inner, pair+maskCharacters+" "); ok && slices.Contains(words, inner) {
			return true
		}
	}
	return false
}

// sizeOnly is what kubectl describe shows of a secret: 16 bytes.
func sizeOnly(text string) bool {
	number, ok := strings.CutSuffix(text, " bytes")
	return ok && number != "" && ascii.Only(number, ascii.Digits)
}

// minMask is how many make a mask of a part of a value.
const minMask = 3

// longMask is how many mask characters in a row no password has by chance.
const longMask = 4

// mostlyMasked reports whether half of a part or more is one mask, as in
// ****1234.
func mostlyMasked(part string) bool {
	run := maskRun(part)
	shown := strings.TrimRight(part, maskCharacters)
	prefixOnly := beginsWithAny(shown, keyPrefixes) && strings.ContainsAny(shown[len(shown)-1:], "_-.") && len(shown) <= 12
	return run >= longMask && 2*run >= utf8.RuneCountInString(part) || run >= minMask && prefixOnly
}

// maskRun is the length of the longest mask in a text.
func maskRun(text string) (longest int) {
	run := 0
	for _, r := range text {
		if run++; !strings.ContainsRune(maskCharacters, r) {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// partMask is a mask within a longer text, or as one leaf of a document, which
// may be what a program is to show itself.
func partMask(s *sample) bool {
	if masked(s) {
		return false
	}
	if s.document == nil {
		return maskRun(s.text) >= longMask && !s.lines
	}
	return slices.ContainsFunc(leaves(s.document), func(leaf string) bool {
		return len(leaf) > 2 && !strings.ContainsFunc(leaf, unicode.IsSpace) && maskedPart(leaf)
	})
}
