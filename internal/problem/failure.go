package problem

// Failure is what went wrong with a run as a whole, as its log, its annotation and its
// summary show it: what happened and why, what to do, and the request.
type Failure struct {
	Code    Code
	What    string // what happened and why, in whole sentences
	Hint    string // what to do, in whole sentences; may be empty
	Request string // what was sent, and the status that came; empty if it is not about a request
}

// Sentences are what happened, what to do, and the code, as one paragraph.
func (f Failure) Sentences() string {
	text := f.What
	if f.Hint != "" {
		text += " " + f.Hint
	}
	return coded(text, f.Code)
}

// coded is a text with the code that a reader can search for behind it.
func coded(text string, code Code) string {
	if code == "" {
		return text
	}
	return text + " [" + string(code) + "]"
}

// Title is the title of an annotation: that Nairi refused what the run asked for is said
// only of what was sent.
func (f Failure) Title() string {
	if f.Code == BadInput && f.Request == "" {
		return ""
	}
	return f.Code.Title()
}

// Line is what happened, and the code, where what to do has a line of its own.
func (f Failure) Line() string { return coded(f.What, f.Code) }
