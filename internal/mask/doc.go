// Package mask knows by which texts a secret could show in a log, its forms,
// and takes them out of a text. It is pure: it reads and writes nothing.
//
// # Forms
//
// Of a value, leading and trailing white space left off, the forms are
//
//   - its lines, trimmed as actions/runner trims a mask, of four characters or
//     more. A character is a Unicode code point;
//   - encodings of the whole, of eight characters or more: JSON as Go, JavaScript,
//     Newtonsoft, System.Text.Json, Gson, Python and PHP spell it; percent-encoding as
//     Go, JavaScript, Python and RFC 3986 do it, in either case; hexadecimal, and the
//     lines of its dumps; base64 in both alphabets at each of the three places it can
//     have in a longer text, and in the 76 and 64 columns of base64(1) and openssl;
//     quoted for a shell, for Go and for XML;
//   - with Options.Parts, the parts that leak alone: passwords and tokens of four
//     characters or more, other secret texts of eight or more;
//   - the escapes of each line, and the encodings of each password.
//
// A platform gets fewer: none that others cover (cover.go), and none that it derives
// itself (AnnounceBut). The Redactor takes out all of them.
//
// docs/masking.md has an example of each, and a test holds this package to them.
//
// # Parts
//
// What of a structured value is secret by itself is decided for each text in it: by the
// name that it stands under (key.go), then by the names around that, and then by
// whether it is an everyday text (plainly.go). What is neither named nor everyday is
// secret. A mask too many garbles a line of a log; one too few shows a password.
//
// A text that the user says in the open, such as the host of allowed_domains, is no
// part, nor is one under a name of unmasked_parts. Neither changes what is held of the
// whole, and a password is found in a URL whatever the name of that is.
//
// A final newline inside an encoding needs no form of its own: every escape
// spells the value first and the newline after it, and in base64 the newlines
// CR and LF begin with the zero bits that the last digit is filled up with. Only
// a value under eight characters has such forms, and its base64 with the padding,
// where these make the length of a form.
//
// The Redactor also takes out what GitHub's runner masks because of a form and
// what is none: see fragment.go.
//
// # What has no form
//
// A text that a mask would cut out of every other line of a log is worse than
// none, and a mask makes runners drop job outputs that hold it
// (https://github.com/actions/runner/issues/2232). So there is no form of a
// value or line under four characters, nor of a line that is public: PEM armour
// or JSON punctuation. This holds for the Redactor too: the program's own text
// holds no value on purpose, and a value such as "1" would only garble it. The same
// is true of a value that is a plain word, such as "updated": that has forms, for what
// comes from outside and for the platform; Redactors has one without it for
// the program's own lines.
//
// # The bound
//
// Each mask makes every later line of a job cost more: GitHub's runner looks for each of
// them and eleven encodings of each in each line (SecretMasker.cs), and runners of act's
// family build a new replacer of them all (logger.go). So a platform gets at most
// one mask for each line and a hundred more (maxExtra). When these do not suffice, later
// entries of this list go without, and the Redactor has a hundred of them:
//
//  1. encodings of the whole (fewer than fifty), but for those of 3 and 4;
//  2. parts, in the order of the text. A part beyond the bound is masked where
//     it shows with the rest of its line;
//  3. base64 in columns, all lines of a width or none: 32 of base64(1), and 8 of
//     openssl. Longer values still have the form of base64 in one line, but show in
//     the output of a plain base64(1);
//  4. spellings of other languages, of a value up to 2 KiB;
//  5. escapes of lines, all lines in a spelling or none: of those that leave line ends as
//     they are while there is room, and 24 of the others, in which the whole has a form;
//  6. encodings of passwords, of four at the most.
//
// The lines of hexadecimal dumps, but for those of xxd -p, are for the Redactor alone.
//
// An encoding that leaves line ends as they are, such as XML text or a shell's
// single quotes, is a form of each line instead of the whole: no platform can
// be told of a text with line ends. The Redactor takes out such a whole too if
// it is the value itself.
//
// With the bound, a value of 64 KiB takes about 5 ms. One of 13,000 lines takes
// twice that: each is a form, and they are to be told apart and put in order.
//
// Not covered at all: a value cut, reversed, encoded twice, in UTF-16 or in
// another case, and up to four bits of a value's first and last byte where
// base64 spells them in one digit together with a neighbour's.
package mask
