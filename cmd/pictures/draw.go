package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// record is the file that says what the pictures were made from: of each, the sums of the page
// and of the picture, and its name.
const record = "made-from.txt"

// picture is one of a text.
type picture struct {
	text  string // the name of its file
	width int    // of the window, in pixels
	dark  bool
}

// scheme is that of its colours, as in CSS.
func (p picture) scheme() string {
	if p.dark {
		return "dark"
	}
	return "light"
}

// name is that of the picture's file.
func (p picture) name() string {
	return fmt.Sprintf("%s-%d-%s.png", strings.TrimSuffix(p.text, filepath.Ext(p.text)), p.width, p.scheme())
}

// kindOf is the beginning of the name of a text: comment, summary or log.
func kindOf(text string) string {
	kind, _, _ := strings.Cut(text, "-")
	return kind
}

// widths are those of the windows that a text is shown in: as wide as a phone, as a text on the
// page of a pull request, and as that page.
func widths(text string) []int {
	switch kindOf(text) {
	case "comment":
		return []int{400, 846, 1280}
	case "summary":
		return []int{400, 846}
	}
	return []int{846}
}

// picturesOf are those of a text: light, then dark.
func picturesOf(text string) []picture {
	var list []picture
	for _, dark := range []bool{false, true} {
		for _, width := range widths(text) {
			list = append(list, picture{text, width, dark})
		}
	}
	return list
}

// textsIn are the names of the texts in a folder.
func textsIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	var names []string
	for _, entry := range entries {
		if name := entry.Name(); name != record && filepath.Ext(name) != ".png" {
			names = append(names, name)
		}
	}
	return names, err
}

// draw makes the pictures of all texts in a folder, in place of those that are there.
func draw(folder, browser string) error {
	names, err := textsIn(folder)
	if err != nil {
		return err
	}
	made := ""
	for _, name := range names {
		lines, err := drawText(folder, browser, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		made += lines
	}
	if err := removeOthers(folder, made); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, record), []byte(made), 0o600)
}

// drawText makes those of one text, and returns the lines of the record about them.
func drawText(folder, browser, name string) (made string, err error) {
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return "", err
	}
	html, err := pageOf(name, string(text))
	if err != nil {
		return "", err
	}
	pictures := picturesOf(name)
	shots, err := shoot(browser, html, pictures)
	if err != nil {
		return "", err
	}
	for i, p := range pictures {
		file, err := encode(shots[i])
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, p.name()), file, 0o600)
		}
		if err != nil {
			return "", err
		}
		made += madeFrom(html, file, p)
	}
	return made, nil
}

// madeFrom is the line of the record about a picture.
func madeFrom(html string, file []byte, p picture) string {
	return fmt.Sprintf("%x %x %s\n", sha256.Sum256([]byte(html)), sha256.Sum256(file), p.name())
}

// removeOthers takes away the pictures that a record does not name.
func removeOthers(folder, made string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.png"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if strings.Contains(made, " "+filepath.Base(file)+"\n") {
			continue
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}
