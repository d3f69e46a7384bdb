package apply_test

import (
	"flag"
	"os"
	"testing"

	"github.com/nairi-community/vault-secret/internal/runnertest/samples"
)

func TestMain(m *testing.M) {
	flag.Parse()
	samples.SameEachTime()
	os.Exit(m.Run())
}
