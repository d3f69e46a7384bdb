package drift_test

import (
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/drift"
)

func TestAgesInWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		age, limit time.Duration
		want       string
	}{
		{0, 0, "under an hour"},
		{time.Hour, 0, "1 hour"},
		{day - 1, 0, "23 hours"},
		{2 * day, 0, "2 days"},
		{day + time.Hour, 90 * day, "1 day"},
		{time.Hour, 90 * day, "under a day"},
		{90 * day, 90 * day, "90 days"},
		{90*day + 1, 90 * day, "more than 90 days"},
		{91 * day, 90 * day, "91 days"},
		{time.Hour + 1, time.Hour, "more than 1 hour"},
		{2 * day, 36 * time.Hour, "48 hours"},
		{4 * day, 36 * time.Hour, "4 days"},
		{3 * time.Hour, time.Hour, "3 hours"},
	} {
		if got := drift.Since(tt.age, tt.limit); got != tt.want {
			t.Errorf("%v of %v: %q, want %q", tt.age, tt.limit, got, tt.want)
		}
	}
}
