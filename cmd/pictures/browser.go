package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	// tallest is how high a page can be, in pixels. What it does not need is cut off.
	tallest = 4000
	// patience is how long the browser may take.
	patience = 3 * time.Minute
)

// shoot is how a page looks in each of some pictures. They are frames beside one another, so
// that the browser starts once; a frame has the colours that it is embedded with.
func shoot(browser, html string, pictures []picture) ([]image.Image, error) {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	windows, all := `<!doctype html><body style="margin: 0; white-space: nowrap">`, 0
	for _, p := range pictures {
		windows += fmt.Sprintf(`<iframe src="page.html" width="%d" height="%d" style="border: 0; color-scheme: %s"></iframe>`, p.width, tallest, p.scheme())
		all += p.width
	}
	for name, text := range map[string]string{"page.html": html, "windows.html": windows} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	shot, err := screenshot(browser, dir, all)
	if err != nil {
		return nil, err
	}
	var shots []image.Image
	left := 0
	for _, p := range pictures {
		shots = append(shots, trim(part(shot, image.Rect(left, 0, left+p.width, tallest))))
		left += p.width
	}
	return shots, nil
}

// screenshot is the picture of windows.html in a folder.
func screenshot(browser, dir string, width int) (image.Image, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	shot := filepath.Join(dir, "shot.png")
	command := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", //nolint:gosec // it is the user's
		"--user-data-dir="+filepath.Join(dir, "profile"), "--force-device-scale-factor=1", "--font-render-hinting=none", "--disable-lcd-text",
		fmt.Sprintf("--window-size=%d,%d", width, tallest), "--screenshot="+shot, "file://"+filepath.Join(dir, "windows.html"))
	if said, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	file, err := os.ReadFile(shot)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(file))
}
