package nairitest

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// mislabel sends the true answer as another type; without an argument, as HTML.
func mislabel(argument string) (hit, error) {
	if argument == "" {
		argument = "text/html"
	}
	if strings.ContainsFunc(argument, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("%q is no media type in ASCII", argument)
	}
	return func(x *exchange) bool {
		x.answer.header = map[string]string{"Content-Type": argument}
		return false
	}, nil
}

// begin sends the header of an answer that surely has a body, and returns that
// body: 200 and {} stand in for 204.
func (x *exchange) begin(length func(body []byte) int) []byte {
	if x.answer.body == nil && x.answer.text == "" {
		x.answer.status, x.answer.body = http.StatusOK, struct{}{}
	}
	body := x.prepare()
	if length != nil {
		x.w.Header().Set("Content-Length", strconv.Itoa(length(body)))
	}
	x.w.WriteHeader(x.answer.status)
	return body
}

// truncate sends half of what Content-Length says; net/http then closes the
// connection.
func (x *exchange) truncate() bool {
	body := x.begin(func(body []byte) int { return len(body) })
	_, _ = x.w.Write(body[:len(body)/2])
	return true
}

// endless reads [BYTES], a bound for tests that fail.
func endless(argument string) (hit, error) {
	bound := uint64(1) << 63
	if argument != "" {
		var err error
		if bound, err = strconv.ParseUint(argument, 10, 62); err != nil {
			return nil, fmt.Errorf("%q is no number of bytes", argument)
		}
	}
	return func(x *exchange) bool {
		x.pad(bound)
		return true
	}, nil
}

// pad sends the true answer and then spaces, which a decoder of JSON skips,
// until there are bound of them or nobody is there any more.
func (x *exchange) pad(bound uint64) {
	_, err := x.w.Write(x.begin(nil))
	spaces := bytes.Repeat([]byte{' '}, 32<<10)
	for sent := uint64(0); sent < bound && err == nil && x.r.Context().Err() == nil; {
		chunk := spaces[:min(uint64(len(spaces)), bound-sent)]
		_, err = x.w.Write(chunk)
		sent += uint64(len(chunk))
	}
}

// drip reads [INTERVAL], the time from one byte to the next.
func drip(argument string) (hit, error) {
	interval, err := parseWait(argument, time.Second)
	return func(x *exchange) bool {
		x.drip(interval)
		return true
	}, err
}

func (x *exchange) drip(interval time.Duration) {
	for i, b := range x.begin(func(body []byte) int { return len(body) }) {
		if i > 0 && x.pause(interval) {
			return
		}
		if _, err := x.w.Write([]byte{b}); err != nil {
			return
		}
		_ = http.NewResponseController(x.w).Flush()
	}
}
