package plan

// Look is how much of a vault has to be read before a plan of it can be made.
type Look int

// The looks.
const (
	LookAtAll  Look = iota // the list of its secrets
	LookAtOne              // the one secret that is addressed, by its ID
	LookAtNone             // nothing: what is sent does not depend on what is there
)

// Look is what a plan of the vault needs to know. A vault in which only one secret is
// addressed, by its ID, is not listed, unless all others will be deleted.
func (r Rules) Look(v Vault) Look {
	if r.Prune || len(v.Secrets) != 1 || v.Secrets[0].SecretID == "" {
		return LookAtAll
	}
	if r.DryRun || v.Secrets[0].compares() {
		return LookAtOne
	}
	return LookAtNone
}

// compares reports whether what is there decides if the secret is written, or what
// is. One that is given a value is written whatever is there, and its answer says
// what that is now.
func (d *Desired) compares() bool {
	writes := d.Operation == OpSet || d.Operation == OpUpdate
	always := (d.Generate != nil || !d.Value.IsZero()) && d.Rotated == nil && d.isDue(nil, false)
	guarded := d.EnvKey != "" || d.IfUpdatedAt != nil || d.DenyWidening
	return !writes || !always || guarded
}
