// Package markdowntest shows Markdown as GitHub does, so that tests can ask what people
// will see of a comment or a summary: not which characters were written, but which
// tables, fences, folds and links came of them, and whom they notify.
//
// The Markdown is rendered by goldmark with the extensions of GitHub
// (https://github.github.com/gfm/). What GitHub does to the HTML afterwards is done here:
// it takes out what is not allowed
// (https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/sanitization_filter.rb),
// makes alerts of quotations
// (https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts),
// colours the lines of diffs, and finds mentions in the text outside of code
// (https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/node_filter/mention_filter.rb).
// It does the last with the text that people see, so that an entity in place of the @ keeps
// nobody from being notified.
//
// Where the sources leave something open, the stricter reading counts: an @ before any letter
// or digit is a mention.
package markdowntest
