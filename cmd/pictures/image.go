package main

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
)

// margin is how much of what is empty below a page stays: as much as beside it.
const margin = 16

// part is a part of a picture of image/png.
func part(img image.Image, r image.Rectangle) image.Image {
	return img.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(r)
}

// trim cuts off what is empty at the lower end.
func trim(img image.Image) image.Image {
	bounds := img.Bounds()
	last := bounds.Max.Y - 1
	background := img.At(bounds.Min.X, last)
	for last > bounds.Min.Y && isPlain(img, last, background) {
		last--
	}
	bounds.Max.Y = min(bounds.Max.Y, last+1+margin)
	return part(img, bounds)
}

// isPlain reports whether a row has one colour.
func isPlain(img image.Image, row int, c color.Color) bool {
	for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
		if img.At(x, row) != c {
			return false
		}
	}
	return true
}

// encode is a picture as PNG.
func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&b, reduce(img))
	return b.Bytes(), err
}

// reduce is a picture in few colours, which takes a third of the bytes: each becomes the one
// of the palette that is nearest.
func reduce(img image.Image) *image.Paletted {
	bounds := img.Bounds()
	count := map[color.Color]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[img.At(x, y)]++
		}
	}
	reduced := image.NewPaletted(bounds, palette(count))
	index := map[color.Color]uint8{}
	for c := range count {
		index[c] = uint8(reduced.Palette.Index(c))
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			reduced.SetColorIndex(x, y, index[img.At(x, y)])
		}
	}
	return reduced
}

const (
	// colours is how many a palette has: enough for text in some colours and for a few signs.
	colours = 64
	// apart is how far the colours of a palette are from one another at least, by the sum of
	// the differences of red, green and blue, of 255 each.
	apart = 12
)

// palette chooses the most frequent colours that are not nearly the same.
func palette(count map[color.Color]int) color.Palette {
	var chosen color.Palette
	for _, c := range slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), slices.Compare(channels(a), channels(b)))
	}) {
		if len(chosen) < colours && !slices.ContainsFunc(chosen, func(other color.Color) bool { return distance(c, other) < apart }) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

func distance(a, b color.Color) int {
	sum, others := 0, channels(b)
	for i, channel := range channels(a) {
		sum += max(channel-others[i], others[i]-channel)
	}
	return sum
}

// channels are red, green and blue, from 0 to 255.
func channels(c color.Color) []int {
	r, g, b, _ := c.RGBA()
	return []int{int(r >> 8), int(g >> 8), int(b >> 8)}
}
