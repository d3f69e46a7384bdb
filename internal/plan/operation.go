package plan

import "slices"

// Operation is what the user asks for, as the input spells it.
type Operation string

// The operations on one secret. Only OpSet and OpCreate create, and only by name.
const (
	OpSet    Operation = "set"    // update the secret, or create it if it is named and not there
	OpCreate Operation = "create" // create the secret; one that is there is an error
	OpUpdate Operation = "update" // update the secret; one that is not there is an error
	OpDelete Operation = "delete" // delete the secret; one that is not there is done
)

// The operations on whole vaults. No Desired has one of them.
const (
	OpSync   Operation = "sync"   // makes whole vaults match a manifest
	OpExport Operation = "export" // writes a manifest of what vaults hold
	OpLint   Operation = "lint"   // says what is wrong with a manifest, without the API
	OpCheck  Operation = "check"  // says how vaults differ from a manifest, and changes nothing
	OpList   Operation = "list"   // shows what vaults hold, without a manifest
)

// OpGenerate makes a value and hands it to later steps, without a vault: for whatever has
// to know it before the vault does.
const OpGenerate Operation = "generate"

// Operations lists those on one secret, OfManifest those on whole vaults, and OfNone those
// on neither, in the order in which they are documented.
var (
	Operations = []Operation{OpSet, OpCreate, OpUpdate, OpDelete}
	OfManifest = []Operation{OpSync, OpExport, OpLint, OpCheck, OpList}
	OfNone     = []Operation{OpGenerate}
)

// IsOfManifest reports whether an operation is one on whole vaults.
func (o Operation) IsOfManifest() bool { return slices.Contains(OfManifest, o) }
