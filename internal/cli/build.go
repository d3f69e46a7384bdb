package cli

// Build says what the program was built from.
type Build struct{ Version, Commit string }

// unreleased is the version of a program of which the linker was told none.
const unreleased = "devel"

// BuildOf is the build of which the linker was told a version and a commit.
func BuildOf(version, commit string) Build {
	if version == unreleased {
		version = installed()
	}
	return Build{version, commit}
}
