package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"time"
)

// file is one of an archive.
type file struct {
	name string // with slashes
	mode fs.FileMode
	data []byte
}

// compress writes what write writes, without the name and the time that gzip would note.
func compress(w io.Writer, write func(io.Writer) error) error {
	compressed := gzip.NewWriter(w)
	if err := write(compressed); err != nil {
		return err
	}
	return compressed.Close()
}

// writeTar writes a compressed tar, whose files belong to root.
func writeTar(w io.Writer, files []file, changed time.Time) error {
	return compress(w, func(w io.Writer) error {
		archive := tar.NewWriter(w)
		for _, f := range files {
			header := &tar.Header{Name: f.name, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: changed, Format: tar.FormatUSTAR}
			if err := archive.WriteHeader(header); err != nil {
				return err
			}
			if _, err := archive.Write(f.data); err != nil {
				return err
			}
		}
		return archive.Close()
	})
}

// writeZip writes a zip, which Windows unpacks by itself.
func writeZip(w io.Writer, files []file, changed time.Time) error {
	archive := zip.NewWriter(w)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: changed}
		header.SetMode(f.mode)
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.data); err != nil {
			return err
		}
	}
	return archive.Close()
}

// compressed is a file as gzip has it.
func compressed(text []byte) ([]byte, error) {
	var b bytes.Buffer
	err := compress(&b, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	return b.Bytes(), err
}
