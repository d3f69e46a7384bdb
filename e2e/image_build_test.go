package e2e

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// builtVersion and builtCommit are what the image is built as.
const (
	builtVersion = "v0.0.0-e2e"
	builtCommit  = "0123456789abcdef0123456789abcdef01234567"
)

// build builds the Dockerfile as it is, from an image that stands for the one
// it names: GO_IMAGE and not that name, for a golang:… that is none would break
// the builds of others. The builder is the one that every client has. ca is
// trusted beside the public authorities.
func (e engine) build(t *testing.T, ca []byte) (image, base string) {
	t.Helper()
	image, base = e.name, e.name+"-base"
	// The stage that compiles has no name, but the label of its base.
	e.later(t, "image", "prune", "--force", "--filter", "label="+e.name)
	e.later(t, "image", "rm", "--force", image, base)
	e.importBase(t, base, ca)
	build := exec.Command("docker", "build", "--quiet", "--force-rm", "--tag", image,
		"--build-arg", "GO_IMAGE="+base, "--build-arg", "VERSION="+builtVersion, "--build-arg", "COMMIT="+builtCommit, "..")
	build.Env = append(os.Environ(), "DOCKER_BUILDKIT=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("docker build: %v\n%s", err, out)
	}
	return image, base
}

// importBase makes an image of what this machine has: Go, and bash and tail for
// the machine of a job in act. There is no network to build in, so the modules
// come from a folder.
func (e engine) importBase(t *testing.T, name string, ca []byte) {
	t.Helper()
	files := baseFiles(t)
	certificates := filepath.Join(t.TempDir(), "ca-certificates.crt")
	public, err := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	if err != nil {
		t.Logf("the image has no public authorities: %v", err)
	}
	write(t, certificates, string(public)+"\n"+string(ca), 0o644)
	files["/etc/ssl/certs/ca-certificates.crt"] = certificates

	archived, archive := io.Pipe()
	go func() { _ = archive.CloseWithError(writeArchive(archive, files)) }()
	load := exec.Command("docker", "import",
		"--change", "ENV PATH=/usr/local/go/bin:/bin GOTOOLCHAIN=local GOPROXY=file:///modules GOCACHE=/cache",
		"--change", "LABEL "+e.name+"=",
		"-", name)
	load.Stdin = archived
	out, err := load.CombinedOutput()
	_ = archived.Close()
	if err != nil {
		t.Fatalf("docker import: %v\n%s", err, out)
	}
}

// baseFiles are the files and folders of the base image, with where they are on
// this machine.
func baseFiles(t *testing.T) map[string]string {
	t.Helper()
	_, goRoot, _ := strings.Cut(goEnv(t, "GOROOT"), "=")
	files := map[string]string{"/tmp": t.TempDir(), "/modules": modules(t), "/cache": compiled(t)}
	for _, part := range []string{"bin", "go.env", "lib", "pkg", "src", "VERSION"} {
		files["/usr/local/go/"+part] = filepath.Join(goRoot, part)
	}
	for _, name := range []string{"bash", "sh", "tail"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		files["/bin/"+name] = path
	}
	for _, program := range []string{files["/bin/bash"], files["/bin/sh"], files["/bin/tail"], filepath.Join(goRoot, "bin", "go")} {
		out, _ := exec.Command("ldd", program).Output() // fails for one that needs no libraries
		for _, library := range regexp.MustCompile(`/\S+`).FindAllString(string(out), -1) {
			files[library] = library
		}
	}
	return files
}

// modules is a folder with what go.mod names, as a module proxy has it: the
// Dockerfile's own command takes it from what Go has here already.
func modules(t *testing.T) string {
	t.Helper()
	_, here, _ := strings.Cut(goEnv(t, "GOMODCACHE"), "=")
	_, proxy, _ := strings.Cut(goEnv(t, "GOPROXY"), "=")
	cache := t.TempDir()
	download := exec.Command("go", "mod", "download")
	download.Dir = ".."
	download.Env = append(os.Environ(), "GOFLAGS=-modcacherw", "GOMODCACHE="+cache,
		"GOPROXY=file://"+filepath.ToSlash(filepath.Join(here, "cache", "download"))+","+proxy)
	if out, err := download.CombinedOutput(); err != nil {
		t.Fatalf("go mod download: %v\n%s", err, out)
	}
	return filepath.Join(cache, "cache", "download")
}

// compiled is a cache of Go with what the Dockerfile compiles. It is kept for the next
// run of the tests: most of it is the standard library, which takes two processors a
// minute.
func compiled(t *testing.T) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	cache := filepath.Join(dir, "vault-secret-e2e")
	list := exec.Command("go", "list", "-export", "-deps", ".")
	list.Dir = ".."
	list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false", "GOCACHE="+cache)
	if out, err := list.CombinedOutput(); err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	return cache
}

// writeArchive writes files and folders, links followed, as root's.
func writeArchive(w io.Writer, files map[string]string) error {
	archive := tar.NewWriter(w)
	for name, path := range files {
		if err := addTo(archive, name, path); err != nil {
			return err
		}
	}
	return archive.Close()
}

func addTo(archive *tar.Writer, name, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	header := tar.Header{Name: strings.TrimPrefix(name, "/"), Mode: int64(info.Mode().Perm())}
	if info.IsDir() {
		header.Typeflag = tar.TypeDir
		entries, err := os.ReadDir(path)
		err = errors.Join(err, archive.WriteHeader(&header))
		for _, entry := range entries {
			if err == nil && !spare(name+"/"+entry.Name()) {
				err = addTo(archive, name+"/"+entry.Name(), filepath.Join(path, entry.Name()))
			}
		}
		return err
	}
	data, err := os.ReadFile(path)
	header.Size = int64(len(data))
	if err = errors.Join(err, archive.WriteHeader(&header)); err == nil {
		_, err = archive.Write(data)
	}
	return err
}

// spare reports whether a file or folder is a part of Go, half of it, that no build of a
// program reads.
func spare(name string) bool {
	return name == "/usr/local/go/src/cmd" || path.Base(name) == "testdata" || strings.HasSuffix(name, "_test.go")
}
