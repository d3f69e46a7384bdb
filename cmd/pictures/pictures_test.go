package main

import (
	"bytes"
	"flag"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder has the texts and the pictures.
const folder = "../../docs/img"

var update = flag.Bool("update", false, "write the texts of the pictures")

// What a picture shows is what the program writes.
func TestTextsOfThePicturesAreThoseOfRuns(t *testing.T) {
	t.Parallel()
	got := texts(t)
	if *update {
		for name, text := range got {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	names, err := textsIn(folder)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(got)), names); d != "" {
		t.Errorf("the texts in %s (-runs +folder): %s", folder, d)
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(text), got[name]); d != "" {
			t.Errorf("%s (-kept +run): run make pictures: %s", name, d)
		}
		for _, secret := range []string{key, "-7f3a9c", "former-value"} {
			if strings.Contains(got[name], secret) {
				t.Errorf("%s shows a secret", name)
			}
		}
	}
}

// A picture is of the text beside it, and of this look.
func TestPicturesAreOfTheTextsBesideThem(t *testing.T) {
	t.Parallel()
	names, err := textsIn(folder)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	var there []string
	size := 0
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		html, err := pageOf(name, string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range picturesOf(name) {
			file, err := os.ReadFile(filepath.Join(folder, p.name()))
			if err != nil {
				t.Fatal(err)
			}
			if config, err := png.DecodeConfig(bytes.NewReader(file)); err != nil || config.Width != p.width {
				t.Errorf("%s is %d wide: %v", p.name(), config.Width, err)
			}
			want.WriteString(madeFrom(html, file, p))
			there, size = append(there, filepath.Join(folder, p.name())), size+len(file)
		}
	}
	kept, err := os.ReadFile(filepath.Join(folder, record))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(kept), want.String()); d != "" {
		t.Errorf("the pictures are of something else: run make pictures: %s", d)
	}
	files, err := filepath.Glob(folder + "/*.png")
	slices.Sort(there)
	if d := cmp.Diff(there, files); d != "" || err != nil {
		t.Errorf("pictures of no text (-texts +folder): %s %v", d, err)
	}
	if size > 600_000 {
		t.Errorf("the pictures have %d bytes", size)
	}
}
