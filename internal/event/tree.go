package event

import (
	"encoding/json"
	"strings"
)

// tree is what other questions about an event are answered from: its objects, the
// begin of its lists, and its short texts. What anybody can make long is left out.
type tree struct {
	root    any
	parents []parent
	size    int // of what is kept, by and large
	left    int // how many containers are open that are not kept
	long    bool
}

// parent is an object or a list that is open, and the name of what comes next.
type parent struct {
	object map[string]any
	list   []any
	name   string
}

// Bounds of a tree. A pull request's event has a thousand texts in 100 KiB.
const (
	maxTree     = 2 << 20
	maxTreeList = 100
	maxTreeDeep = 32
	nodeSize    = 64 // of a node, beside its text
)

// full reports whether nothing more is kept here.
func (t *tree) full() bool {
	if len(t.parents) == 0 {
		return false
	}
	above := t.parents[len(t.parents)-1]
	return t.size > maxTree || above.object == nil && len(above.list) >= maxTreeList
}

func (t *tree) open(bracket byte) {
	if t.left > 0 || len(t.parents) >= maxTreeDeep || t.full() {
		t.left++
		return
	}
	p := parent{}
	if bracket == '{' {
		p.object = map[string]any{}
	}
	t.size += nodeSize
	t.parents = append(t.parents, p)
}

func (t *tree) close() {
	if t.left > 0 {
		t.left--
		return
	}
	p := t.parents[len(t.parents)-1]
	t.parents = t.parents[:len(t.parents)-1]
	if p.object != nil {
		t.put(p.object)
	} else {
		t.put(p.list)
	}
}

func (t *tree) name(name []byte) {
	if t.left == 0 && !t.full() {
		t.parents[len(t.parents)-1].name = string(name)
	}
}

// text keeps a text that came in one part.
func (t *tree) text(part []byte, last bool) {
	if last && !t.long {
		t.leaf(len(part), func() any { return strings.ToValidUTF8(string(part), "\ufffd") })
	}
	t.long = !last
}

func (t *tree) number(digits []byte) {
	t.leaf(len(digits), func() any { return json.Number(digits) })
}

func (t *tree) literal(begin byte) {
	t.leaf(0, func() any {
		if begin == 'n' {
			return nil
		}
		return begin == 't'
	})
}

func (t *tree) leaf(size int, value func() any) {
	if t.left > 0 || t.full() {
		return
	}
	t.size += nodeSize + size
	t.put(value())
}

// put puts a value where it belongs: into what is open, or at the root.
func (t *tree) put(value any) {
	if len(t.parents) == 0 {
		t.root = value
		return
	}
	p := &t.parents[len(t.parents)-1]
	if p.object != nil {
		p.object[p.name] = value
	} else {
		p.list = append(p.list, value)
	}
}
