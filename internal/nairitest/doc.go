// Package nairitest is an emulator of the vaults and vault secrets of Nairi's
// public API, for tests and for cmd/nairi-emulator.
//
// It was written from the public documentation alone, https://nairi.ai/docs/api
// and the pages below it. What those pages state is done as stated: addresses,
// fields, statuses, the guards of deleting a vault with their texts, no-op
// updates, and that no answer ever holds a value. What they leave open is an
// assumption; those that a client could trip over are switches in Options.
// docs/emulator.md tells the two apart in a table.
//
// The emulator shares no code with the client in internal/nairi, so that the
// two cannot be wrong together.
package nairitest
