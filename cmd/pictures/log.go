package main

import (
	"strings"
)

// log is what a step printed, as the page of a run shows it.
type log struct {
	Lines       []line
	Annotations []annotation
}

type line struct {
	Number      int
	Kind, Label string // of a command: error and Error
	Text        string
}

type annotation struct{ Kind, Title, Place, Text string }

var labels = map[string]string{"error": "Error", "warning": "Warning", "notice": "Notice"}

// readLog understands the commands that make annotations and groups, as the runner does
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
// What is in a group is folded.
func readLog(text string) *log {
	l, folded := new(log), false
	for i, printed := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		name, properties, message := command(printed)
		switch {
		case name == "group":
			l.Lines, folded = append(l.Lines, line{Number: i + 1, Text: "▸ " + message}), true
		case name == "endgroup":
			folded = false
		case folded:
		case labels[name] != "":
			l.Lines = append(l.Lines, line{Number: i + 1, Kind: name, Label: labels[name], Text: message})
			l.Annotations = append(l.Annotations, annotation{name, properties["title"], place(properties), message})
		default:
			l.Lines = append(l.Lines, line{Number: i + 1, Text: printed})
		}
	}
	return l
}

// command is the name, the properties and the message of a command; "" for any other line.
func command(printed string) (name string, properties map[string]string, message string) {
	rest, ok := strings.CutPrefix(printed, "::")
	head, message, ends := strings.Cut(rest, "::")
	if !ok || !ends {
		return "", nil, ""
	}
	name, list, _ := strings.Cut(head, " ")
	properties = map[string]string{}
	for _, property := range strings.Split(list, ",") {
		key, value, _ := strings.Cut(property, "=")
		properties[key] = unescaped.Replace(value)
	}
	return name, properties, unescaped.Replace(message)
}

var unescaped = strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")

// place is where an annotation is shown.
func place(properties map[string]string) string {
	if properties["line"] == "" {
		return properties["file"]
	}
	return properties["file"] + ", line " + properties["line"]
}
