// Package ci is what a CI platform offers a step: masks, a log, annotations,
// outputs, a summary. It alone writes to standard output and standard error, and it
// alone knows how a platform spells what it is told; there is one file a platform.
//
// All text goes through one redactor and then one sanitizer. A step does not use
// standard error: GitHub's runner reads the two streams on two threads, so a text on
// the one can overtake a mask on the other (actions/runner, ProcessInvoker.cs). A command
// line has no masks, and its results alone on standard output.
package ci
