// Package manifest reads what vaults should hold from YAML. It is bytes in, a
// structure or problems out: it opens no file and knows no environment but the
// variables that it is handed for IDs of vaults.
//
// A text is read by itself. What several say against one another is known once all
// of them are read (Conflicts).
//
// The format is a small part of YAML 1.2: one document of mappings, lists and
// plain texts. Anchors, aliases, merge keys and tags are refused, since none of
// them says anything here that a reviewer would see at a glance, and with them
// go the documents that grow when they are read.
//
// A manifest holds no values, but a value put in the wrong place is still a
// secret. So no problem ever repeats a text of the file, save keys that look
// like names. What the YAML library says is dropped, since it quotes.
package manifest
