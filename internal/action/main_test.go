package action

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

// TestMain fails if the tests leave a goroutine behind. Properties draw the same each time;
// later, the tests would read beside each other what that sets.
func TestMain(m *testing.M) {
	flag.Parse()
	samples.SameEachTime()
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		removeProgram()
		os.Exit(code)
	}))
}
