//go:build released

package cli

// installed is for programs that no release is made of: those of a release are told their
// version by the linker, and do without the 12 KB that it takes to find one.
func installed() string { return unreleased }
