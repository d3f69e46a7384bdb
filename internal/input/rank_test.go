package input

import "testing"

// A flag comes before every variable that could say the same, and without it the best of
// them counts, with NAIRI_VAULT_ID the last.
func TestAFlagComesBeforeVariables(t *testing.T) {
	t.Parallel()
	for _, spec := range Specs() {
		variables := Flags{}.variables(spec)
		given := map[string]string{}
		for _, variable := range variables {
			given[variable] = "x"
		}
		lookup := func(name string) (string, bool) { text, found := given[name]; return text, found }
		for _, tt := range []struct {
			flags Flags
			want  string
		}{{Flags{spec.Name: "y"}, Flag(spec.Name)}, {Flags{}, variables[0]}, {nil, variables[0]}} {
			if got := Read(lookup, tt.flags).sources[spec.Name]; got != tt.want {
				t.Errorf("%v: %s is from %s, want %s", tt.flags, spec.Name, got, tt.want)
			}
		}
		if last := variables[len(variables)-1]; spec.Name == "vault_id" && last != "NAIRI_VAULT_ID" {
			t.Errorf("the last place for a vault is %s", last)
		}
	}
}
