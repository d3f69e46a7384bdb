package input

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
	"github.com/nairi-community/vault-secret/internal/ci"
	"github.com/nairi-community/vault-secret/internal/env"
	"github.com/nairi-community/vault-secret/internal/generate"
	"github.com/nairi-community/vault-secret/internal/plan"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// The inputs about a value that is made.
const (
	generateKind    = string(generate.FieldKind)
	generateSymbols = string(generate.FieldSymbols)
	generatedFile   = "generated_file"
	generatedEnv    = "generated_env"
)

// ofMade are those that mean nothing about a value that is given.
var ofMade = []string{string(generate.FieldBytes), string(generate.FieldLength), generateSymbols, generatedFile, generatedEnv}

// generate is how the value is made; nil if it is given, or if that is not clear.
func (c *checker) generate() *generate.Spec {
	if c.Generate == "" {
		c.nothingMade()
		return nil
	}
	if c.Operation != string(plan.OpGenerate) && len(c.valueSources()) > 0 {
		c.add(generateKind, "makes a value, and another one is given. Keep one of them")
	}
	if c.ValueEncoding != encodingText {
		c.add("value_encoding", "is for a value that is given, and this one is made. Leave it out")
	}
	given := generate.Given{Kind: c.Generate, Bytes: c.GenerateBytes, Length: c.GenerateLength}
	if spec, _ := Named(generateSymbols); c.given(spec) {
		given.Symbols = c.GenerateSymbols
	}
	spec, faults := given.Parse()
	for _, fault := range faults {
		c.add(string(fault.Field), fault.Err.Error())
	}
	if len(faults) > 0 {
		return nil
	}
	c.noteBits(spec)
	return &spec
}

// nothingMade notes what was said of a value that is not made.
func (c *checker) nothingMade() {
	for _, name := range ofMade {
		if spec, _ := Named(name); c.given(spec) && !c.empty[generateKind] {
			c.add(name, "is for a value that is made. Set "+c.spelled(generateKind)+" as well, or leave it out")
		}
	}
}

// noteBits tells of the one kind that may have less than all others must.
func (c *checker) noteBits(spec generate.Spec) {
	if spec.Kind == generate.UUID && !c.toldBits {
		c.toldBits = true
		c.notes = append(c.notes, generate.FewerBits)
	}
}

// handover is where the value that is made goes beside the vault. Without one nothing goes
// anywhere.
func (c *checker) handover(config *Config) {
	if c.Generate == "" {
		return
	}
	config.GeneratedFile = c.fileToWrite(generatedFile, c.GeneratedFile)
	config.GeneratedEnv = c.variableToSet()
}

// steering are variables by which later steps find or load what they run, or where they put
// files: the value would break them, be run, or show as the name of a file. The runner itself
// refuses NODE_OPTIONS (actions/runner, FileCommandManager.cs). A name that ends in * stands
// for all that begin so.
var steering = []string{
	"PATH", "PATHEXT", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMP", "TEMP", "TMPDIR", "PWD", "OLDPWD", "SYSTEMROOT", "WINDIR",
	// The loaders (ld.so(8), dyld(1)) and the shells (bash(1), "Shell Variables").
	"LD_*", "DYLD_*", "GLIBC_TUNABLES", "GCONV_PATH", "LOCPATH",
	"BASH*", "ENV", "ZDOTDIR", "IFS", "CDPATH", "PS1", "PS2", "PS3", "PS4", "PROMPT_COMMAND", "SHELL", "SHELLOPTS", "COMSPEC", "PSMODULEPATH",
	// git(1), "Environment Variables", and ssh(1).
	"GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_EXEC_PATH", "GIT_CONFIG*", "GIT_DIR", "GIT_WORK_TREE", "GIT_TEMPLATE_DIR",
	"GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PAGER", "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_TRACE*", "EDITOR", "VISUAL", "PAGER", "BROWSER",
	// Languages, which load code by these.
	"NODE_OPTIONS", "NODE_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PERL5LIB", "PERL5OPT", "PERL5DB", "RUBYLIB", "RUBYOPT",
	"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "JAVA_HOME", "GOFLAGS", "GOPROXY", "RUSTC_WRAPPER", "RUSTFLAGS",
	"MAKEFLAGS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "NPM_CONFIG_*",
}

// steers reports whether a variable steers later steps. Windows takes names in any case.
func steers(name string) bool {
	name = strings.ToUpper(name)
	return slices.ContainsFunc(steering, func(s string) bool { return env.IsOf(name, s) })
}

// variableToSet is the variable in which later steps find the value; "" for none.
func (c *checker) variableToSet() string {
	name := c.GeneratedEnv
	reserved, why := env.Reserved(name)
	wrong := ""
	switch {
	case name == "":
	case !ascii.Name(name):
		wrong = "must be the name of a variable, as in DATABASE_PASSWORD"
	case reserved != "":
		wrong = mustNotBe(name, reserved, why)
	case steers(name):
		wrong = "must not be " + name + ", which later steps need as it is. Choose another name"
	case ci.DialectOf(c.lookup) != ci.Expressions:
		wrong = "needs GitHub, Gitea, Forgejo or act, where a step can set variables of later steps. Use generated_file here"
	}
	if wrong != "" {
		c.note(problem.Problem{Input: generatedEnv, Text: c.flags.phrased(wrong)})
		return ""
	}
	return name
}

// makeOnly is the configuration for a value that no vault gets.
func (c *checker) makeOnly(config *Config) {
	c.handover(config)
	config.Generate = c.generate()
	if c.Generate == "" && !c.empty[generateKind] {
		c.add(generateKind, "is not set. Say how the value is made: "+generate.KindsInWords())
	}
	if !c.handedOn() {
		c.add(generatedFile, "is not set, so nobody would get the value. Name a file for it, or set generated_env")
	}
}

// handedOn reports whether a later step is to get the value, or was to.
func (c *checker) handedOn() bool {
	return c.GeneratedFile != "" || c.GeneratedEnv != "" || c.empty[generatedFile] || c.empty[generatedEnv]
}
