package scripts

import (
	"encoding/binary"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// rpm is what the header of an .rpm says, by the numbers of its tags, and the files.
type rpm struct {
	size    int // of the header
	texts   map[int][]string
	numbers map[int][]int
	files   map[string]packed
}

// The tags that the tests look at (rpmtag.h).
const (
	rpmName      = 1000
	rpmVersion   = 1001
	rpmBuildTime = 1006
	rpmBuildHost = 1007
	rpmArch      = 1022
	rpmTimes     = 1034
	rpmOwners    = 1039
)

// unpackRPM reads an .rpm: 96 bytes that say nothing, two headers, of which the first is
// of the signature and ends at a multiple of 8 bytes, and an archive of cpio. Owners
// and times are in the header alone, and those of the first file are those of all.
func unpackRPM(t *testing.T, text string) rpm {
	t.Helper()
	text = text[96:]
	text = text[(headerOf(t, text).size+7)/8*8:]
	r := headerOf(t, text)
	owners, times := slices.Compact(r.texts[rpmOwners]), slices.Compact(r.numbers[rpmTimes])
	if len(owners) != 1 || len(times) != 1 {
		t.Fatalf("the files belong to %q and were changed at %v", owners, times)
	}
	r.files = uncpio(t, gunzip(t, text[r.size:]))
	for name, file := range r.files {
		file.owner, file.changed = owners[0], time.Unix(int64(times[0]), 0)
		r.files[name] = file
	}
	return r
}

// headerOf reads a header: 16 bytes, 16 for each tag, and the values.
func headerOf(t *testing.T, text string) rpm {
	t.Helper()
	if !strings.HasPrefix(text, "\x8e\xad\xe8\x01") {
		t.Fatal("this is no header of an .rpm")
	}
	number := func(at int) int { return int(binary.BigEndian.Uint32([]byte(text[at : at+4]))) }
	values := 16 + 16*number(8)
	r := rpm{values + number(12), map[int][]string{}, map[int][]int{}, nil}
	for entry := 16; entry < values; entry += 16 {
		tag, at, count := number(entry), values+number(entry+8), number(entry+12)
		switch number(entry + 4) {
		case 4: // numbers of 32 bits
			for i := range count {
				r.numbers[tag] = append(r.numbers[tag], number(at+4*i))
			}
		case 6, 8, 9: // texts
			r.texts[tag] = strings.SplitN(text[at:], "\x00", count+1)[:count]
		}
	}
	return r
}

// uncpio reads an archive of cpio, without folders (cpio(5), new ASCII format).
func uncpio(t *testing.T, text string) map[string]packed {
	t.Helper()
	files := map[string]packed{}
	for {
		if len(text) < 110 || !strings.HasPrefix(text, "070701") {
			t.Fatal("this is no entry of cpio")
		}
		field := func(i int) int {
			n, err := strconv.ParseUint(text[6+8*i:14+8*i], 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			return int(n)
		}
		mode, size, length := field(1), field(6), field(11)
		name := text[110 : 110+length-1]
		if name == "TRAILER!!!" {
			return files
		}
		start := (110 + length + 3) / 4 * 4
		if mode&0o170000 == 0o100000 { // a file, and no folder
			files[strings.TrimPrefix(path.Clean(name), "/")] = packed{text[start : start+size], fs.FileMode(mode & 0o7777), "", time.Time{}}
		}
		text = text[(start+size+3)/4*4:]
	}
}
