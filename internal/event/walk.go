package event

import (
	"strconv"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// walker goes through an event, and gathers what is known of it: the texts that
// somebody typed, and the rest as far as it is short.
type walker struct {
	tree  tree
	texts [kinds]*store // nil for those that are not wanted
	// The path from the root to where it is, down to maxSteps, and its depth. Only
	// a text that was found needs its path in words.
	steps []step
	depth int
	// typed is what all texts below the level typedFrom are, if any are.
	typed     kind
	typedFrom int
	name      []byte // of the path, with [] for each index
	sought    *sought
}

// maxSteps is how much of a path is kept: more than any that is asked for.
const maxSteps = 12

// step is one level of a path.
type step struct {
	list  bool
	index int
	key   []byte
}

// sought is the n-th text of a kind, whose path is to be told.
type sought struct {
	kind kind
	left int
	path string
}

func (w *walker) stopped() bool { return w.sought != nil && w.sought.path != "" }

func (w *walker) open(bracket byte) {
	w.element()
	if w.typed == machine {
		if kind := typedTree(w.pattern()); kind != machine {
			w.typed, w.typedFrom = kind, w.depth
		}
	}
	if w.depth < maxSteps {
		if len(w.steps) == w.depth {
			w.steps = append(w.steps, step{})
		}
		at := &w.steps[w.depth]
		at.list, at.index, at.key = bracket == '[', -1, at.key[:0]
	}
	w.depth++
	w.tree.open(bracket)
}

func (w *walker) close() {
	w.depth--
	if w.typed != machine && w.depth == w.typedFrom {
		w.typed = machine
	}
	w.tree.close()
}

func (w *walker) key(name []byte) {
	if w.depth <= maxSteps {
		at := &w.steps[w.depth-1]
		at.key = append(at.key[:0], name...)
	}
	w.tree.name(name)
}

// element counts the elements of a list.
func (w *walker) element() {
	if w.depth > 0 && w.depth <= maxSteps && w.steps[w.depth-1].list {
		w.steps[w.depth-1].index++
	}
}

// pattern is the path with [] for each index, or nothing for one that is too deep
// to be asked for.
func (w *walker) pattern() []byte {
	w.name = w.name[:0]
	if w.depth > maxPattern {
		return w.name
	}
	for i, step := range w.steps[:w.depth] {
		switch {
		case step.list:
			w.name = append(w.name, "[]"...)
		case i > 0:
			w.name = append(append(w.name, '.'), step.key...)
		default:
			w.name = append(w.name, step.key...)
		}
	}
	return w.name
}

// maxPattern is the depth of the deepest path that typedText knows.
const maxPattern = 4

// kind is what the text at the path is.
func (w *walker) kind() kind {
	if w.typed == machine && typedText(w.pattern()) {
		return other
	}
	return w.typed
}

func (w *walker) text(part []byte, last bool) {
	w.tree.text(part, last)
	kind := w.kind()
	w.write(kind, part)
	if last {
		w.end(kind)
	}
}

// number is a text too if it is somebody's: a PIN, say.
func (w *walker) number(digits []byte) {
	w.tree.number(digits)
	w.write(w.typed, digits)
	w.end(w.typed)
}

func (w *walker) write(kind kind, part []byte) {
	if to := w.texts[kind]; to != nil {
		to.write(part)
	}
}

// end ends a text of some kind.
func (w *walker) end(kind kind) {
	w.element()
	if to := w.texts[kind]; to != nil {
		to.end()
	}
	if w.sought != nil && w.sought.kind == kind {
		if w.sought.left--; w.sought.left == 0 {
			w.sought.path = w.path()
		}
	}
}

func (w *walker) literal(begin byte) {
	w.element()
	w.tree.literal(begin)
}

// path is the path in words, as in commits[0].message.
func (w *walker) path() string {
	var path strings.Builder
	for i, step := range w.steps[:min(w.depth, maxSteps)] {
		switch {
		case step.list:
			path.WriteString("[" + strconv.Itoa(step.index) + "]")
		case i > 0:
			path.WriteString("." + shown(step.key))
		default:
			path.WriteString(shown(step.key))
		}
	}
	if w.depth > maxSteps {
		path.WriteString("…")
	}
	return path.String()
}

// maxKey is how much of a name is shown.
const maxKey = 64

// shown is a name for a message: as it is if it is plainly one.
func shown(key []byte) string {
	if text := string(key); text != "" && len(text) <= maxKey && ascii.Only(text, ascii.Word+"-. ") {
		return text
	}
	return "…"
}
