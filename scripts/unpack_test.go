package scripts

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"
	"time"
)

// packed is a file in a package.
type packed struct {
	data    string
	mode    fs.FileMode
	owner   string // root, or empty if the format or the file names none
	changed time.Time
}

// unpack reads the files of a package, by their names.
func unpack(t *testing.T, name, text string) map[string]packed {
	t.Helper()
	switch path.Ext(name) {
	case ".zip":
		return unzip(t, text)
	case ".deb":
		return untar(t, gunzip(t, membersOf(t, text)["data.tar.gz"]))
	case ".rpm":
		return unpackRPM(t, text).files
	}
	return untar(t, gunzip(t, text))
}

func gunzip(t *testing.T, text string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// untar reads an archive of tar, without folders.
func untar(t *testing.T, text string) map[string]packed {
	t.Helper()
	files := map[string]packed{}
	archive := tar.NewReader(strings.NewReader(text))
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		if header.Uid != 0 || header.Gid != 0 {
			t.Errorf("%s belongs to %d:%d", header.Name, header.Uid, header.Gid)
		}
		if header.Typeflag != tar.TypeDir && header.Typeflag != tar.TypeXGlobalHeader {
			files[path.Clean(header.Name)] = packed{string(data), header.FileInfo().Mode(), header.Uname, header.ModTime}
		}
	}
}

func unzip(t *testing.T, text string) map[string]packed {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]packed{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = packed{string(data), f.Mode(), "", f.Modified}
	}
	return files
}

// membersOf reads what a .deb is made of: an archive of ar (deb(5)).
func membersOf(t *testing.T, text string) map[string]string {
	t.Helper()
	rest, found := strings.CutPrefix(text, "!<arch>\n")
	if !found {
		t.Fatal("this is no .deb")
	}
	members := map[string]string{}
	for len(rest) > 60 {
		size, err := strconv.Atoi(strings.TrimSpace(rest[48:58]))
		if err != nil || len(rest) < 60+size {
			t.Fatalf("a member of %d bytes: %v", size, err)
		}
		members[strings.TrimRight(rest[:16], " /")] = rest[60 : 60+size]
		rest = rest[min(60+size+size%2, len(rest)):]
	}
	return members
}

// fields of a .deb, as in Version.
func fields(t *testing.T, text string) map[string]string {
	t.Helper()
	control := untar(t, gunzip(t, membersOf(t, text)["control.tar.gz"]))["control"].data
	said := map[string]string{}
	for line := range strings.Lines(control) {
		if name, value, found := strings.Cut(line, ": "); found {
			said[name] = strings.TrimSpace(value)
		}
	}
	return said
}
