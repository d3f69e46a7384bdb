package mask

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
)

// An index finds the longest form that a text begins with. The automata of the
// Aho-Corasick libraries take from 0.6 s to 30 s to build for the 0.8 MB of
// forms that twenty secrets of 1 KiB have; sorting them takes a millisecond.
type index struct {
	forms    []string // sorted by bytes
	prefix   []int    // of each form, the longest other one it begins with, or -1
	filter   []uint64 // a bit for the first bytes of each form
	shift    int      // of a hash, so that what is left numbers a bit
	meetMark bool     // whether a form could be made by a Mark and what is beside it
}

// The filter has 128 to 256 bits for each beginning of a form, so that most of a
// text costs one look each byte, and at most 2 MiB.
const (
	bitsPerBegin  = 128
	minFilterBits = 10 // log2
	maxFilterBits = 24
)

// keyLen is how many bytes the filter looks at. No form is shorter.
const keyLen = minOwn

func newIndex(sets []Forms) *index {
	x := &index{}
	for _, f := range sets {
		texts := f.texts()
		x.forms = append(append(x.forms, texts.announced...), texts.local...)
	}
	slices.Sort(x.forms)
	x.forms = slices.Compact(x.forms)
	x.prefix = make([]int, len(x.forms))
	x.makeFilter()
	for i, form := range x.forms {
		x.prefix[i] = x.begun(form, i-1)
		bit := x.slot(form)
		x.filter[bit/64] |= 1 << (bit % 64)
		x.meetMark = x.meetMark || strings.Trim(form, "*") != form || strings.Contains(form, Mark)
	}
	return x
}

// makeFilter sizes the filter by how many beginnings the forms have.
func (x *index) makeFilter() {
	begins := 1
	for i, form := range x.forms {
		if i > 0 && form[:keyLen] != x.forms[i-1][:keyLen] {
			begins++
		}
	}
	size := min(max(bits.Len(uint(begins*bitsPerBegin)), minFilterBits), maxFilterBits)
	x.filter, x.shift = make([]uint64, 1<<size/64), 32-size
}

// slot is the filter's bit for what text begins with.
func (x *index) slot(text string) uint32 {
	const golden = 2654435769 // 2^32 over the golden ratio: Knuth's multiplicative hash
	return binary.LittleEndian.Uint32([]byte(text[:keyLen])) * golden >> x.shift
}

// longest returns the length of the longest form that text begins with, or 0.
func (x *index) longest(text string) int {
	if len(text) < keyLen {
		return 0
	}
	if bit := x.slot(text); x.filter[bit/64]&(1<<(bit%64)) == 0 {
		return 0
	}
	// All forms that text begins with begin the greatest form that is not
	// greater than text.
	after, found := slices.BinarySearch(x.forms, text)
	if found {
		return len(text)
	}
	if i := x.begun(text, after-1); i >= 0 {
		return len(x.forms[i])
	}
	return 0
}

// begun returns the longest form that text begins with among form i and those
// that it begins with itself, or -1.
func (x *index) begun(text string, i int) int {
	for i >= 0 && !strings.HasPrefix(text, x.forms[i]) {
		i = x.prefix[i]
	}
	return i
}
