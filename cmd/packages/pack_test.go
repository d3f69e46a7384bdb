package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// prepared is a release whose files have a mode and a time of their own.
func prepared(t *testing.T, mode os.FileMode, changed time.Time) release {
	t.Helper()
	r := release{version: "v1.2.3", time: time.Unix(1764500000, 0).UTC(), with: t.TempDir(), dist: t.TempDir()}
	r.manual, r.source = filepath.Join(t.TempDir(), "vault-secret.1.gz"), filepath.Join(t.TempDir(), "source.tar")
	for _, path := range []string{
		filepath.Join(r.with, "LICENSE"), filepath.Join(r.with, "vault-secret.1"), filepath.Join(r.with, "completions", "vault-secret.fish"), r.source,
		filepath.Join(r.dist, "vault-secret_linux_arm64"), filepath.Join(r.dist, "vault-secret_windows_amd64.exe"),
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("this is "+filepath.Base(path)), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.pack(); err != nil {
		t.Fatal(err)
	}
	return r
}

// made are the files of a release that packages makes.
func (r release) made(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, path := range []string{
		r.manual, filepath.Join(r.dist, "vault-secret.rb"),
		filepath.Join(r.dist, "vault-secret_v1.2.3_linux_arm64.tar.gz"), filepath.Join(r.dist, "vault-secret_v1.2.3_windows_amd64.zip"),
		filepath.Join(r.dist, "vault-secret_v1.2.3_source.tar.gz"),
	} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = string(data)
	}
	return files
}

// Nothing of the machine gets into a package: no mode and no time of a file.
func TestPackIsReproducible(t *testing.T) {
	t.Parallel()
	first := prepared(t, 0o600, time.Unix(1000000000, 0)).made(t)
	second := prepared(t, 0o755, time.Unix(1500000000, 0)).made(t)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
	if formula := first["vault-secret.rb"]; strings.Contains(formula, "on_macos") || strings.Count(formula, "sha256") != 1 {
		t.Errorf("the formula is not for linux/arm64 alone:\n%s", formula)
	}
}

// An archive is one folder, with a program that can be run on every system.
func TestArchive(t *testing.T) {
	t.Parallel()
	packed := prepared(t, 0o600, time.Unix(1000000000, 0)).made(t)["vault-secret_v1.2.3_linux_arm64.tar.gz"]
	text, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for archive := tar.NewReader(text); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := io.Copy(&b, archive); err != nil {
			t.Fatal(err)
		}
		listed = append(listed, header.FileInfo().Mode().String()+" "+header.Name+": "+b.String())
	}
	const folder = "vault-secret_v1.2.3_linux_arm64/"
	want := []string{
		"-rw-r--r-- " + folder + "LICENSE: this is LICENSE",
		"-rw-r--r-- " + folder + "completions/vault-secret.fish: this is vault-secret.fish",
		"-rwxr-xr-x " + folder + "vault-secret: this is vault-secret_linux_arm64",
		"-rw-r--r-- " + folder + "vault-secret.1: this is vault-secret.1",
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Error(diff)
	}
}
