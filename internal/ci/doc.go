// Package ci is what a CI platform offers a step: masks, a log, annotations,
// outputs, a summary. It alone writes to standard output, and it alone knows
// how a platform spells what it is told; there is one file a platform.
//
// All text goes through one redactor and then one sanitizer. Standard error is
// not used: GitHub's runner reads the two streams on two threads, so a text on
// the one can overtake a mask on the other (actions/runner, ProcessInvoker.cs).
package ci
