package nairitest

// For the tests, which are outside the package as its users are.
var (
	EffectNames = effectNames
	NewKey      = newKey
)
