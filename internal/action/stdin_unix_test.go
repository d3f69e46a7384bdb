//go:build unix

package action

import "testing"

// Standard input that is a terminal is not read: what is typed would show.
func TestATerminalIsNoPipe(t *testing.T) {
	t.Parallel()
	together := newCrowd(t)
	defer together.running.Wait()
	for command, says := range map[string]string{
		"vault-secret set TOKEN --value-file -":                              "--value-file is -, and standard input is a terminal. Leave --value-file out, and you are asked for the value",
		"vault-secret list --api-key-file -":                                 "--api-key-file is -, and standard input is a terminal. Pipe the key in, name a file, or set NAIRI_API_KEY",
		"vault-secret sync --secrets 'vaults: []' --values-file -":           "--values-file is -, and standard input is a terminal. Pipe the values in, or name a file",
		"vault-secret set TOKEN --value-file - --quiet </dev/tty >/dev/null": "--value-file is -, and standard input is a terminal. ",
		"vault-secret set TOKEN --value-file /dev/tty":                       "--value-file names a terminal, where what is typed would show",
		"vault-secret list --api-key-file /dev/stdin":                        "--api-key-file names a terminal, where what is typed would show",
	} {
		together.run(command, func(t *testing.T) {
			p := newStage(t).sit(command)
			p.sees(says)
			p.ends(2)
		})
	}
}
