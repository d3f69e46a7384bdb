package markdowntest

import (
	"fmt"
	"strings"

	xhtml "golang.org/x/net/html"
)

// void are the elements that have no end.
var void = map[string]bool{"br": true, "hr": true, "img": true, "input": true, "source": true, "wbr": true}

// unbalanced says which tags and comments of a text in HTML do not end, or not in order. A
// parser closes them by itself where it thinks best, and says nothing.
func unbalanced(text string) []string {
	var flaws, open []string
	tokens := xhtml.NewTokenizer(strings.NewReader(text))
	for kind := tokens.Next(); kind != xhtml.ErrorToken; kind = tokens.Next() {
		raw, token := string(tokens.Raw()), tokens.Token()
		switch {
		case kind == xhtml.CommentToken && !strings.HasSuffix(raw, "-->"):
			flaws = append(flaws, "a comment does not end")
		case kind == xhtml.StartTagToken && !void[token.Data]:
			open = append(open, token.Data)
		case kind == xhtml.EndTagToken && len(open) > 0 && open[len(open)-1] == token.Data:
			open = open[:len(open)-1]
		case kind == xhtml.EndTagToken:
			flaws = append(flaws, fmt.Sprintf("</%s> does not end what is open: %v", token.Data, open))
		}
	}
	for _, tag := range open {
		flaws = append(flaws, fmt.Sprintf("<%s> does not end", tag))
	}
	return flaws
}
