package report_test

import (
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/report"
)

func TestRetry(t *testing.T) {
	t.Parallel()
	r := nairi.Retry{Err: refused(503, "maintenance"), Wait: 1234567 * time.Microsecond, Attempt: 2}
	want := "PATCH /api/public/v1/vaults/vlt_01KEQ6963XS96YDP3NF9NKB7QJ/secrets/sec_01KQ27AQH800XQTQPJZ0DH14SJ: " +
		"503 Service Unavailable: maintenance; trying again in 1.2s"
	if got := report.Retry(r); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
