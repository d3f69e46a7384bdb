// Package memory delays garbage collection while there is room for garbage.
package memory

import (
	"math"
	"runtime"
	"runtime/debug"
)

// Most runs end before the first garbage collection; longer ones delay it until the
// memory limit, which a small container has; see docs/performance.md.
const (
	gcPercent   = 400
	memoryLimit = 72 << 20 // bytes
)

// limitFor is the limit when so much lives. In a run of 100,000 secrets that is more than
// memoryLimit, and the collector would do little else than look for garbage that is not
// there. So garbage may take three quarters of what lives: with half of it a plan of so many
// takes a tenth more of the processors, and with all of it a sync of 10,000 has more than
// 96 MiB.
func limitFor(live int64) int64 { return max(memoryLimit, live+live/4*3) }

// DelayCollection lets garbage lie while there is room.
func DelayCollection() {
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryLimit)
	afterCollection(memoryLimit)
}

// cycle is something that the next collection finds to be garbage. It has a pointer since
// small things without one are collected in groups, or never.
type cycle struct{ _ *cycle }

// afterCollection raises the limit when the next collection was, if it has to be, and so
// on after each.
func afterCollection(limit int64) {
	runtime.AddCleanup(new(cycle), func(limit int64) {
		if needed := limitFor(live(limit)); needed > limit {
			limit = needed
			debug.SetMemoryLimit(limit)
		}
		afterCollection(limit)
	}, limit)
}

// live is how many bytes the last collection left: what is collected next begins at that
// much and gcPercent of it, where no limit is in the way. Package runtime/metrics has the
// number itself, and takes a hundredth of a rotation to be prepared.
func live(limit int64) int64 {
	debug.SetMemoryLimit(math.MaxInt64)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	debug.SetMemoryLimit(limit)
	return int64(stats.NextGC / (1 + gcPercent/100))
}
