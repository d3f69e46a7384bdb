package action

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nairi-community/vault-secret/internal/nairitest"
	"github.com/nairi-community/vault-secret/internal/problem"
	"github.com/nairi-community/vault-secret/internal/report"
)

// syncsNew are the inputs of a sync that creates so many secrets.
func (s *stage) syncsNew(n int) inputs {
	entries, values := make([]string, n), map[string]string{}
	for i := range n {
		name := fmt.Sprintf("NEW_%03d", i)
		entries[i] = name + ": {env: " + name + ", allowed_domains: [db.example.com]}"
		values[name] = value + "-" + name
	}
	with := s.syncs(entries...)
	text, _ := json.Marshal(values)
	with["env_json"] = string(text)
	return with
}

// An API that takes a few requests a second gets so many: none is given up, and
// the step takes hardly longer than it has to.
func TestASyncGoesAsFastAsTheAPIAllows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rate, secrets int
		most          time.Duration
	}{
		{2, 60, 45 * time.Second},
		{5, 120, 36 * time.Second},
		{5, 500, 2 * time.Minute},
		{40, 2000, 80 * time.Second},
	} {
		inBubble(t, fmt.Sprintf("%d secrets at %d a second", tt.secrets, tt.rate), func(s *stage) {
			s.Set(func(o *nairitest.Options) { o.Rate = tt.rate })
			began := time.Now()
			got := s.step(s.syncsNew(tt.secrets))
			took := time.Since(began)
			got.ends(s.t, report.ExitDone, "updated", "")
			same(s.t, "created", fmt.Sprint(tt.secrets), got.outputs["created_count"])
			same(s.t, "secrets with TOKEN", tt.secrets+1, len(s.stored()))
			s.t.Logf("%s, %d requests", took, len(got.requests))
			if took > tt.most || len(got.requests) > 3*tt.secrets/2 {
				s.t.Errorf("it took %s and %d requests", took, len(got.requests))
			}
		})
	}
}

// Where no limit is told there is none.
func TestASyncIsNotSlowedByALimitThatNobodyTold(t *testing.T) {
	t.Parallel()
	inBubble(t, "60 secrets", func(s *stage) {
		began := time.Now()
		s.step(s.syncsNew(60)).ends(s.t, report.ExitDone, "updated", "")
		same(s.t, "time in a bubble", 0, time.Since(began))
	})
}

// What does not fit into the time of the step is not begun, and the rest is done.
func TestASyncThatRunsOutOfTimeSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	inBubble(t, "100 secrets", func(s *stage) {
		s.Set(func(o *nairitest.Options) { o.Rate = 2 })
		with := s.syncsNew(100)
		with["timeout"] = "20s"
		began := time.Now()
		got := s.step(with)
		got.ends(s.t, report.ExitUnknown, "partial", problem.RateLimited)
		same(s.t, "secrets with TOKEN", fmt.Sprint(len(s.stored())-1), got.outputs["created_count"])
		if took := time.Since(began); took > 20*time.Second || len(s.stored()) < 25 {
			s.t.Errorf("%d are there after %s", len(s.stored()), took)
		}
		if !strings.Contains(got.log, ", and the step has ") {
			s.t.Error(got.log)
		}
	})
}

// A wait that the step has no time for ends it at once.
func TestAWaitOfTwoHoursEndsTheStepAtOnce(t *testing.T) {
	t.Parallel()
	told := func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	for name, with := range map[string]func(*stage) inputs{
		"one secret":   func(*stage) inputs { return rotation },
		"many secrets": func(s *stage) inputs { return s.syncsNew(60) },
	} {
		inBubble(t, name, func(s *stage) {
			s.Set(func(o *nairitest.Options) { o.Intercept = told })
			began := time.Now()
			got := s.step(with(s))
			got.fails(s.t, problem.RateLimited)
			got.says(s.t, "it asks to wait 2 h, and the step has 2 min left")
			same(s.t, "time", 0, time.Since(began))
		})
	}
}
