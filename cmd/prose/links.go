package main

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/nairi-community/vault-secret/internal/problem"
)

var (
	// ours is a file of the repository by its address, which the program prints.
	ours = regexp.MustCompile(`https://github\.com/nairi-community/vault-secret/(?:blob|tree)/v1/([\w./-]*\w)(?:#([\w-]*))?`)
	// lineOf is the line of a source, as GitHub names it.
	lineOf = regexp.MustCompile(`^L\d+(-L\d+)?$`)
)

// checkLinks says which links of pages lead nowhere, and which addresses of our own
// pages do in any file.
func checkLinks(root fs.FS, all *texts) []finding {
	var found []finding
	add := func(file string, line int, what string) {
		if what != "" {
			found = append(found, finding{file, line, what})
		}
	}
	for _, p := range all.pages {
		for _, l := range p.links {
			add(p.path, l.line, all.checkLink(root, p, l.target))
		}
	}
	for _, f := range all.files {
		for i, line := range strings.Split(f.text, "\n") {
			for _, match := range ours.FindAllStringSubmatch(line, -1) {
				add(f.path, i+1, all.checkFile(root, match[1], match[2]))
			}
		}
	}
	return found
}

// checkLink says what is wrong with a link of a page: nothing, if it is empty.
func (t *texts) checkLink(root fs.FS, p *page, target string) string {
	u, err := url.Parse(target)
	switch {
	case err != nil || target == "":
		return fmt.Sprintf("%q is not an address", target)
	case ours.MatchString(target):
		return "" // as in every file
	case u.Scheme != "" || u.Host != "":
		return checkAddress(u)
	case u.Path == "":
		return t.checkFile(root, p.path, u.Fragment)
	case strings.HasPrefix(u.Path, "/"):
		return t.checkFile(root, u.Path[1:], u.Fragment)
	}
	return t.checkFile(root, path.Join(path.Dir(p.path), u.Path), u.Fragment)
}

// checkAddress judges an address of another host by its form.
func checkAddress(u *url.URL) string {
	switch {
	case u.Scheme == "mailto":
		return ""
	case u.Scheme != "https":
		return u.String() + " is not https"
	case !strings.Contains(u.Hostname(), ".") || strings.HasSuffix(u.Hostname(), "."):
		return u.String() + " has no host"
	case strings.HasSuffix(u.String(), "."):
		return u.String() + " ends with a full stop"
	}
	return ""
}

// checkFile says whether a file, and a heading in it, is not there.
func (t *texts) checkFile(root fs.FS, name, fragment string) string {
	info, err := fs.Stat(root, path.Clean(name))
	if err != nil {
		return "there is no file " + name
	}
	if info.IsDir() {
		name = path.Join(name, "README.md")
	}
	if fragment == "" || path.Ext(name) != ".md" && lineOf.MatchString(fragment) {
		return ""
	}
	if p := t.page(name); p == nil || !p.anchors[fragment] {
		return fmt.Sprintf("%s has no heading #%s", name, fragment)
	}
	return ""
}

// missingCodes are the codes of errors whose help would lead nowhere.
func missingCodes(all *texts, codes []problem.Code) []finding {
	const help = "docs/troubleshooting.md"
	p := all.page(help)
	if p == nil {
		return nil
	}
	var found []finding
	for _, code := range codes {
		if !p.anchors[string(code)] {
			found = append(found, finding{help, 1, fmt.Sprintf("there is no heading %s", code)})
		}
	}
	return found
}

// checkIndex says which pages of docs are not in docs/README.md, and which other files
// there no page shows.
func checkIndex(all *texts) []finding {
	const index = "docs/README.md"
	linked := map[string]bool{}
	indexed := map[string]bool{index: true}
	for _, p := range all.pages {
		for _, l := range p.links {
			target, _, _ := strings.Cut(l.target, "#")
			target = path.Join(path.Dir(p.path), target)
			linked[target] = true
			indexed[target] = indexed[target] || p.path == index
		}
	}
	var found []finding
	for _, f := range all.files {
		if !strings.HasPrefix(f.path, "docs/") {
			continue
		}
		if strings.HasPrefix(f.path, "docs/img/") && (path.Ext(f.path) != ".png" || strings.HasSuffix(f.path, "-dark.png")) {
			continue // what a picture was made of, and the same one in the dark
		}
		if path.Ext(f.path) == ".md" && !indexed[f.path] {
			found = append(found, finding{index, 1, "it does not link " + f.path})
		} else if !linked[f.path] && f.path != index {
			found = append(found, finding{f.path, 1, "no page links it"})
		}
	}
	return found
}

// addresses are those of other hosts, with the first place of each.
func addresses(pages []*page) map[string]finding {
	found := map[string]finding{}
	for _, p := range pages {
		for _, l := range p.links {
			address, _, _ := strings.Cut(l.target, "#")
			if _, known := found[address]; !known && strings.HasPrefix(address, "https://") {
				found[address] = finding{p.path, l.line, address}
			}
		}
	}
	return found
}
