package env

import (
	"errors"
	"fmt"
	"io"
)

// Stream hands a regular file to read piece by piece, for one that is too long to be held
// as a whole. Of one of more than limit bytes it gets the first of them, and then
// ErrTooLarge. As with ReadFile, an error never holds the name of the file.
func (e Env) Stream(name string, limit int64, read func(io.Reader) error) error {
	if err := e.mustBeRegular(name); err != nil {
		return err
	}
	f, err := e.Open(name)
	if err != nil {
		return withoutName(err)
	}
	defer func() { _ = f.Close() }()
	return read(&bounded{file: f, left: limit, limit: limit})
}

// bounded reads a file up to a limit.
type bounded struct {
	file        io.Reader
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.file.Read(p)
	if int64(n) > b.left {
		n, b.left = int(b.left), 0
		return n, fmt.Errorf("%w: more than %s", ErrTooLarge, size(b.limit))
	}
	b.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = withoutName(err)
	}
	return n, err
}
