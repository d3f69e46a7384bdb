package input

// Of is what the input is about: "one" secret, "many", or "" for both.
func (s Spec) Of() string { return s.of }
