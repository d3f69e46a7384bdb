package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// release is what there is of one so far.
type release struct {
	version string // as in v1.2.3
	time    time.Time
	with    string // the folder of what is beside the program in each archive
	manual  string // where the compressed manual page goes
	source  string // a tar of the sources
	dist    string // the folder of the programs
}

// program is one of a release, and its archive once it is made.
type program struct {
	file         string // as in vault-secret_linux_amd64
	system, arch string // in Go's words
	archive, sum string
}

// pack makes everything.
func (r release) pack() error {
	beside, err := r.beside()
	if err != nil {
		return err
	}
	programs, err := r.programs()
	if err != nil {
		return err
	}
	for i := range programs {
		if err := r.archive(&programs[i], beside); err != nil {
			return err
		}
	}
	if err := r.sources(); err != nil {
		return err
	}
	formula, err := r.formula(programs)
	if err != nil {
		return err
	}
	return save(filepath.Join(r.dist, "vault-secret.rb"), formula)
}

// programs finds those in the folder.
func (r release) programs() ([]program, error) {
	paths, err := filepath.Glob(filepath.Join(r.dist, "vault-secret_*"))
	var found []program
	for _, path := range paths {
		p := program{file: filepath.Base(path)}
		platform := strings.TrimSuffix(strings.TrimPrefix(p.file, "vault-secret_"), ".exe")
		p.system, p.arch, _ = strings.Cut(platform, "_")
		found = append(found, p)
	}
	return found, err
}

// beside reads what is in each archive beside the program, and compresses the manual.
func (r release) beside() ([]file, error) {
	var files []file
	folder := os.DirFS(r.with)
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(folder, name)
		files = append(files, file{name, 0o644, data})
		return err
	})
	if err != nil {
		return nil, err
	}
	page, err := fs.ReadFile(folder, "vault-secret.1")
	if err != nil {
		return nil, err
	}
	page, err = compressed(page)
	if err != nil {
		return nil, err
	}
	return files, save(r.manual, page)
}

// archive makes the archive of a program. All that it holds is in one folder, which has
// the name of the archive.
func (r release) archive(p *program, beside []file) error {
	data, err := os.ReadFile(filepath.Join(r.dist, p.file))
	if err != nil {
		return err
	}
	name, ext, write := "vault-secret", ".tar.gz", writeTar
	if p.system == "windows" {
		name, ext, write = "vault-secret.exe", ".zip", writeZip
	}
	files := append([]file{{name, 0o755, data}}, beside...)
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	folder := "vault-secret_" + r.version + "_" + p.system + "_" + p.arch
	for i := range files {
		files[i].name = folder + "/" + files[i].name
	}
	var b bytes.Buffer
	if err := write(&b, files, r.time); err != nil {
		return err
	}
	p.archive, p.sum = folder+ext, fmt.Sprintf("%x", sha256.Sum256(b.Bytes()))
	return save(filepath.Join(r.dist, p.archive), b.Bytes())
}

// sources compresses the tar of the sources.
func (r release) sources() error {
	tar, err := os.ReadFile(r.source)
	if err != nil {
		return err
	}
	packed, err := compressed(tar)
	if err != nil {
		return err
	}
	return save(filepath.Join(r.dist, "vault-secret_"+r.version+"_source.tar.gz"), packed)
}

// save writes a file, with the permissions that files have on this machine.
func save(path string, data []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
