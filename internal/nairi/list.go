package nairi

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// documented are the limits of docs/usage.md. The API documents no limit, and no paging; a secret without its
// value is about 250 bytes. Read one by one they take as much memory as is kept of
// them, whatever a server sends.
var documented = limits{bytes: 128 << 20, secret: maxAnswer, secrets: 500_000}

// limits are how much there may be of a list.
type limits struct {
	bytes   int64
	secret  int64 // bytes of one secret, as where it is the whole answer
	secrets int
}

// listing is the list of a vault's secrets while it is read.
type listing struct {
	vault   VaultID
	limits  limits
	secrets []Secret
	one     answered // that is read; here it is one for all
}

// UnmarshalJSON implements json.Unmarshaler, for an answer that is no list.
func (*listing) UnmarshalJSON([]byte) error { return errUndocumented }

// atOnce is how many bytes of a list are read at a time. HTTP/2 tells the server what
// was read once it is 4 KiB (net/http, inflowMinRefresh), with a packet each time.
const atOnce = 64 << 10

// read reads a list. An answer that does not begin like one is returned as it
// came: it may say what is wrong.
func (l *listing) read(answer io.Reader) (other io.Reader, err error) {
	text := bufio.NewReaderSize(answer, atOnce)
	begin, err := l.firstOf(text)
	switch {
	case errors.Is(err, io.EOF) || err == nil && begin != '[':
		return text, nil
	case err != nil:
		return nil, err
	}
	stream := &bounded{answer: text, limits: l.limits}
	err = l.decode(json.NewDecoder(stream), stream)
	if stream.broken != nil { // of which the decoder only says that something is missing
		return nil, stream.broken
	}
	return nil, err
}

// firstOf is the first character that is no space, and leaves it to be read.
func (l *listing) firstOf(text *bufio.Reader) (byte, error) {
	for range l.limits.secret {
		next, err := text.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case next != ' ' && next != '\t' && next != '\r' && next != '\n':
			return next, text.UnreadByte()
		}
	}
	return 0, tooLong()
}

// decode reads the secrets one by one, and then the end.
func (l *listing) decode(decoder *json.Decoder, stream *bounded) error {
	stream.allow(0)
	if _, err := decoder.Token(); err != nil {
		return errUndocumented
	}
	l.secrets = []Secret{}
	for decoder.More() {
		if err := l.next(decoder); err != nil {
			return err
		}
		stream.allow(decoder.InputOffset())
	}
	_, last := decoder.Token()
	_, end := decoder.Token()
	if last != nil || !errors.Is(end, io.EOF) {
		return errUndocumented
	}
	return nil
}

// fewSecrets are as many as a list has room for at first.
const fewSecrets = 64

// next reads one more secret.
func (l *listing) next(decoder *json.Decoder) error {
	l.one = answered{}
	switch {
	case decoder.Decode(&l.one) != nil:
		return errUndocumented
	case !l.one.isOf(l.vault):
		return problem(otherVault)
	case len(l.secrets) == l.limits.secrets:
		return problem(fmt.Sprintf("the answer lists more than %d secrets", l.limits.secrets))
	}
	if len(l.secrets) == cap(l.secrets) { // append by itself takes steps of a quarter, and so twice the memory
		l.secrets = slices.Grow(l.secrets, max(len(l.secrets), fewSecrets))
	}
	l.secrets = append(l.secrets, l.one.Secret)
	return nil
}

const errUndocumented = problem("the answer is not the documented JSON")

// bounded is an answer of which each part may have so much.
type bounded struct {
	answer io.Reader
	limits limits
	read   int64
	until  int64 // how far may be read now
	broken error // how reading the answer ended
}

// allow lets the part that begins at an offset be read.
func (b *bounded) allow(offset int64) { b.until = min(offset+b.limits.secret, b.limits.bytes) }

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	left := b.until - b.read
	if left <= 0 {
		b.broken = b.tooLong()
		return 0, b.broken
	}
	n, err := b.answer.Read(p[:min(int64(len(p)), left)])
	b.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.broken = err
	}
	return n, err
}

func (b *bounded) tooLong() error {
	if b.until == b.limits.bytes {
		return problem(fmt.Sprintf("the answer is longer than %d MiB", b.limits.bytes>>20))
	}
	return problem(fmt.Sprintf("the answer lists a secret that is longer than %d MiB", b.limits.secret>>20))
}
