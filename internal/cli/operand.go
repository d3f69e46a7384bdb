package cli

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/input"
	"github.com/nairi-community/vault-secret/internal/nairi"
)

// place gives the operands their inputs, and returns what is wrong with them.
func (l *line) place() *wrong {
	v, operands := l.verb, l.operands
	switch {
	case len(operands) == 0 && v.Operand == aShell:
		return noShell()
	case len(operands) == 0:
		return nil
	case slices.Contains(operands, ""):
		return emptyOperand()
	case v.Operand == "":
		return noOperands(v)
	case len(operands) > 1 && !v.Several:
		return oneOperand(v)
	case v.Operand == aShell && !slices.Contains(Shells(), operands[0]):
		return noShell()
	case v.Operand == aName:
		return l.name(operands[0])
	case v.Operand == aVault:
		return l.list(input.VaultID)
	case v.Operand == aFile:
		return l.list(input.Manifest)
	}
	return nil
}

// name takes an operand for the name or the ID of a secret. Whatever begins like an ID is
// one: a secret of a misspelt ID must not be created.
func (l *line) name(operand string) *wrong {
	name := input.EnvKey
	switch {
	case strings.Contains(operand, "="):
		return valueOperand(l.verb)
	case nairi.LooksLikeVault(operand):
		return vaultOperand(l.verb)
	case nairi.LooksLikeSecret(operand):
		name = input.SecretID
	}
	if _, given := l.command.Flags[name]; given {
		return namedTwice(name)
	}
	l.command.add(name, operand)
	return nil
}

// list takes all operands for the texts of an input.
func (l *line) list(name string) *wrong {
	l.command.add(name, strings.Join(l.operands, "\n"))
	return nil
}
