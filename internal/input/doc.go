// Package input reads what the step was asked to do from its environment, and
// says all that is wrong with it at once, in the user's words.
//
// It alone spells the names of inputs. No problem ever repeats what an input
// holds: a value put in the wrong place is still a secret.
package input
