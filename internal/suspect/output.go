package suspect

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// coloured holds what controls a terminal, whole or without its escape character,
// which GitHub's log and some pages take out.
func coloured(s *sample) bool {
	if strings.Contains(s.text, "\x1b[") || strings.Contains(s.text, "\x1b]") || strings.Contains(s.text, "\u009b") {
		return true
	}
	if !s.inLine() {
		return false
	}
	for _, escape := range []string{`\x1b`, `\033`, `\e`, `\u001b`, "^[", "␛"} {
		if _, code, found := strings.Cut(s.core, escape); found && colourFirst(code) {
			return true
		}
	}
	_, paste := between(s.core, "[200~", "")
	_, pasted := between(s.core, "", "[201~")
	return paste || pasted || strings.HasSuffix(s.core, "[0m") || strings.HasSuffix(s.core, "[39m") || colourFirst(s.core)
}

// colourFirst reports whether a text begins with a code such as [31m.
func colourFirst(text string) bool {
	code, rest, found := strings.Cut(strings.TrimPrefix(text, "["), "m")
	return found && strings.HasPrefix(text, "[") && rest != "" && code != "" && len(code) <= 8 && ascii.Only(code, ascii.Digits+";")
}

// lineMarks begin lines that runners and wrappers write: commands of GitHub's and
// Azure's, of GitLab's log, a trace of a shell, a package manager, a prompt.
var lineMarks = []string{
	"[command]", "::debug::", "::set-output ", "::add-mask::", "::group::",
	"::endgroup::", "::save-state ", "##[debug]", "##[command]", "##[section]",
	"##[group]", "##vso[", "section_start:", "section_end:", "yarn run v", "npm warn",
	"npm WARN", "npm notice", "> Task :", "$ /", "+ vault ", "+ terraform ",
	"+ op ", "+ aws ", "+ cat ", "+ echo ", "+ kubectl ", "++ ", "====== ", "  % Total    % Received",
}

// loggedLines holds a line that stands around a value in a log and not in it.
func loggedLines(s *sample) bool {
	if s.document != nil {
		return false
	}
	for _, line := range strings.SplitAfter(s.core, "\n") {
		if beginsWithAny(line, lineMarks) {
			return true
		}
	}
	return strings.HasPrefix(s.core, "Key ") && strings.Contains(s.core, "\n---")
}

// pages begin documents that a server sends with an error, in small letters.
var pages = []string{"<!doctype html", "<html", "<head", "<body", "<h1>", "<title>", "<center>", "<!-- html"}

// page is a page of HTML, or an error of S3 and its like.
func page(s *sample) bool {
	text := strings.ToLower(s.core[:min(len(s.core), 2000)])
	if beginsWithAny(text, pages) {
		return true
	}
	xml := strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<error")
	return xml && containsAny(text, []string{"<error>", "<errorresponse", "<html", "<error "})
}

// failures begin the messages of programs that failed, in small letters.
var failures = []string{
	"error: ", "error - ", "[error] ", "err: ", "fatal: ", "panic: ", "exception: ",
	"warning: ", "failed to ", "could not ", "cannot ", "can't ", "unable to ",
	"traceback (most recent call last)", "an error occurred ", "no outputs found",
	"no value found at ", "no value found for ", "no such ", "usage: ",
	"http/1.1 4", "http/1.1 5", "http/2 4", "http/2 5", "you must be logged in",
	"please log in", "please login", "you are not logged in", "curl: (", "jq: error",
	"uncaught ", "unhandled ", "typeerror: ", "referenceerror: ", "syntaxerror: ",
	"keyerror: ", "valueerror: ", "attributeerror: ", "filenotfounderror: ",
	"runtimeerror: ", "object reference not set to ",
}

// complaints stand anywhere in the messages of programs that failed.
var complaints = []string{
	": command not found", ": not found", ": no such file or directory",
	": permission denied", "is not recognized as an internal or external command",
	"is not recognized as the name of a cmdlet", "when calling the ",
	"unable to locate credentials", "error from server (", "segmentation fault (core dumped)",
	"resourcenotfoundexception", "accessdeniedexception", "isn't an item", "unable to find image '",
}

// reasons are such messages as a whole, or up to a colon.
var reasons = []string{
	"error", "unauthorized", "unauthorised", "forbidden", "not found", "access denied",
	"permission denied", "bad request", "bad credentials", "bad gateway",
	"internal server error", "service unavailable", "gateway timeout",
	"too many requests", "command not found", "connection refused", "segmentation fault",
	"rate limit exceeded", "not logged in", "no data", "key not found",
	"secret not found", "item not found", "requires authentication", "invalid token",
}

// failure is the message of a program or a server that failed. Messages have
// words, with spaces between them; secrets of such a form do not.
func failure(s *sample) bool {
	if s.document != nil {
		return errorDocument(s.document)
	}
	first, _, _ := strings.Cut(s.core, "\n")
	first = strings.ToLower(strings.TrimSpace(first))
	if beginsWithAny(first, []string{"╷", "│ "}) || isReason(first) || first == "error:" {
		return true
	}
	message := strings.Contains(first, " ") && messageLike(first)
	return message && (beginsWithAny(first, failures) || containsAny(first, complaints))
}

// isReason reports whether a line is a reason, with its status before it or not.
func isReason(line string) bool {
	if rest := strings.TrimLeft(line, ascii.Digits); len(line)-len(rest) == len("404") {
		line = strings.TrimLeft(rest, ": ")
	}
	reason, _, _ := strings.Cut(line, ":")
	return slices.Contains(reasons, strings.TrimRight(reason, ".! "))
}

// messageLike reports whether a line consists of words for the most part.
func messageLike(line string) bool {
	letters := strings.Count(line, " ")
	for _, r := range line {
		if r >= 'a' && r <= 'z' {
			letters++
		}
	}
	return 3*letters >= 2*len(line)
}

// pathOfFile is an absolute path in one line, of a file that is there: GitLab
// gives a variable of type File as one.
func pathOfFile(s *sample) bool {
	return s.about.IsFile != nil && !s.lines && filepath.IsAbs(s.core) && s.about.IsFile(s.core)
}

// assignments come before a name and its value: those of shells, of Windows and
// PowerShell, of a Dockerfile and of systemd.
var assignments = []string{"export ", "declare -x ", "set ", "setx ", "$env:", "setenv ", "env ", "environment="}

// assigned is a whole line with a name, and the name is the secret's own or the
// line begins as one of a shell does. Connection strings are of that form too.
func assigned(s *sample) bool {
	if s.document != nil {
		return ownMember(s)
	}
	line, rest, _ := strings.Cut(s.core, "\n")
	if own := s.about.EnvKey; own != "" && named(line, own) {
		return true
	}
	if strings.TrimSpace(rest) != "" {
		return false
	}
	lower := strings.ToLower(line)
	for _, begin := range assignments {
		if strings.HasPrefix(lower, begin) {
			return assignment(strings.Trim(line[len(begin):], ` "'`))
		}
	}
	return false
}

// assignment is NAME=value, or NAME value as setx takes it.
func assignment(text string) bool {
	at := strings.IndexAny(text, "= ")
	return at > 0 && ascii.Name(text[:at]) && strings.ToUpper(text[:at]) == text[:at] && strings.Trim(text[at:], "= ") != ""
}

// named reports whether a line gives a name its value: NAME=value, or NAME: value
// as in YAML. In other letters it may be a cookie: token=… in a secret TOKEN.
func named(line, own string) bool {
	for _, begin := range append(assignments, "- ", "-e ", "--env ") {
		cutFold(&line, begin)
	}
	line = strings.TrimLeft(line, `"'`)
	rest, found := strings.CutPrefix(line, own)
	rest = strings.TrimLeft(rest, `"' `)
	return found && (strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, ":="))
}

// fullPrecision is how many digits a double has behind the point, at least.
const fullPrecision = 14

// roundedNumber is a number as programs print one that is too long for them: one
// digit before the point, and an exponent with its sign (Go, Python, JavaScript),
// or all the digits that a double has (Java).
func roundedNumber(s *sample) bool {
	text := strings.TrimLeft(strings.ToLower(s.core), "+-")
	if text == ".inf" || text == "infinity" {
		return true
	}
	mantissa, exponent, found := strings.Cut(text, "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	power := strings.TrimLeft(exponent, "+-")
	if !found || len(whole) != 1 || power == "" || !ascii.Only(whole+fraction+power, ascii.Digits) {
		return false
	}
	return len(exponent) == len(power)+1 && len(power) >= 2 || len(fraction) >= fullPrecision
}
