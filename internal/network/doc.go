// Package network carries the requests of the API clients: connections, proxies
// and certificates, the addresses that a key may be sent to, and when a failed
// request is sent again.
//
// It knows neither API. The environment, the files, the clock and the random
// numbers are handed in.
package network
