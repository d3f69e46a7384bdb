package suspect

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// unexpanded is a variable or a command of a shell, of Windows, of Azure
// Pipelines or of a program's source. Of a script, which has several lines, it is
// a part.
func unexpanded(s *sample) bool {
	if !s.inLine() {
		return false
	}
	partly := s.anyPart(func(part string) bool { return (part == s.core || len(part) > 3) && variable(part) })
	return partly || variable(strings.TrimSpace(s.text)) || braced(s.core) || commanded(s.core) || onlyVariables(s.core)
}

// variable reports whether a part is nothing but one variable or one command.
func variable(part string) bool {
	if inner, ok := between(part, "%", "%"); ok {
		env, symfony := between(inner, "env(", ")")
		return ascii.Name(strings.Trim(inner, "%")) || symfony && ascii.Only(env, ascii.Word+":")
	}
	if inner, ok := between(part, "`", "`"); ok {
		return command(inner)
	}
	part = strings.TrimLeft(part, `\`)
	if _, ok := between(part, "$(", ")"); ok {
		return true
	}
	if inner, ok := between(part, "${", "}"); ok {
		return inner != ""
	}
	rest := strings.TrimLeft(part, "$")
	if rest != part && (upper(rest) || cutFold(&rest, "env:")) {
		return true
	}
	return inSource(part)
}

// commands are programs that print a secret.
var commands = []string{
	"cat", "echo", "printf", "printenv", "op", "vault", "bao", "aws", "gcloud",
	"az", "kubectl", "jq", "yq", "pass", "gopass", "bw", "bws", "rbw", "doppler",
	"infisical", "terraform", "tofu", "pulumi", "sops", "age", "gpg", "openssl",
	"base64", "head", "tail", "curl", "gh", "glab", "security", "secret-tool", "chamber",
}

// command reports whether a text is a command with arguments.
func command(text string) bool {
	program, _, arguments := strings.Cut(text, " ")
	return arguments && slices.Contains(commands, program)
}

// upper is a name in capitals. In other letters a $ before it is a part of many a
// password.
func upper(text string) bool { return ascii.Name(text) && strings.ToUpper(text) == text }

// sources are how programs and workflows spell a variable, before and after its
// name.
var sources = [][2]string{
	{"secrets.", ""}, {"vars.", ""}, {"env.", ""}, {"inputs.", ""}, {"var.", ""}, {"local.", ""}, {"params.", ""},
	{"process.env.", ""}, {"import.meta.env.", ""}, {"process.env[", "]"}, {"os.environ[", "]"}, {"os.environ.get(", ")"}, {"os.getenv(", ")"},
	{"os.Getenv(", ")"}, {"System.getenv(", ")"}, {"ENV[", "]"}, {"ENV.fetch(", ")"}, {"getenv(", ")"}, {"env(", ")"}, {"env!(", ")"},
	{"std::env::var(", ")"}, {"secrets[", "]"}, {"Environment.GetEnvironmentVariable(", ")"},
}

// inSource reports whether a part is a variable as a program's source has it.
func inSource(part string) bool {
	for _, around := range sources {
		inner, ok := between(part, around[0], around[1])
		switch {
		case !ok:
		case around[1] == "" && (upper(inner) || around[0] == "secrets." && ascii.Name(inner)):
			return true
		case around[1] != "" && name(strings.Trim(inner, `"'`)):
			return true
		}
	}
	return stepOutput(part) || part == "github.token"
}

// stepOutput is an output of a step or a job without the ${{ }} around it.
func stepOutput(part string) bool {
	return beginsWithAny(part, []string{"steps.", "needs.", "jobs."}) && strings.Contains(part, ".outputs.") && name(part)
}

// expansions are what may follow a name within ${ }: of a shell, and of
// serverless, Terraform, Spring and the like.
const expansions = ":-.[("

// braced reports whether ${NAME}, in one of its spellings, stands anywhere in a
// line, as in a URL with a user's name. A random password can have a short one.
func braced(text string) bool {
	return slices.ContainsFunc(insides(text, [2]string{"${", "}"}), func(inner string) bool {
		rest := strings.TrimLeft(inner, ascii.Word)
		named := inner[:len(inner)-len(rest)]
		return ascii.Name(named) && (rest == "" || len(named) > 2 && strings.Contains(expansions, rest[:1]))
	})
}

// commanded reports whether a command with arguments, or a variable as Azure
// writes it, stands anywhere in a line as $(…).
func commanded(text string) bool {
	return slices.ContainsFunc(insides(text, [2]string{"$(", ")"}), func(inner string) bool {
		command, _, arguments := strings.Cut(inner, " ")
		return arguments && name(command) || len(inner) > 2 && upper(strings.ReplaceAll(inner, ".", "_"))
	})
}

// onlyVariables reports whether a line is nothing but several variables, as
// $USER:$PASSWORD.
func onlyVariables(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(":@/|,;& ", r) })
	if len(words) < 2 {
		return false
	}
	return !slices.ContainsFunc(words, func(word string) bool {
		name, ok := strings.CutPrefix(word, "$")
		return !ok || !upper(name)
	})
}
