package problem

// Hints for errors of which more is known than their code.
const (
	// HintRefused is for what the API itself calls bad input: every check here let
	// it through.
	HintRefused = "the API refused what was sent: change what its message names; if it names nothing, compare env_key and allowed_domains with what the dashboard accepts"
	// HintCredentials is for a proxy that wants to know who asks.
	HintCredentials = "give the proxy's user name and password in HTTPS_PROXY, as in http://user:password@proxy.example.com:3128, " +
		"with the special characters in them percent-encoded; if the server can be reached without it, name the server in NO_PROXY"
	// HintProxy is for a proxy that does not connect to the server.
	HintProxy = "ask whoever runs the proxy in HTTPS_PROXY to let this runner reach the API; if the server can be reached without it, name the server in NO_PROXY"
	// HintClock is for a certificate that is not valid at this time.
	HintClock = "check the clock of this runner, whose time the error shows; if it is right, whoever runs the server, or the proxy that answers for it, must renew the certificate"
	// HintStale is for a drift that is nothing but values which are too old.
	HintStale = "rotate each secret that is named: store a new value from its source with operation: sync, which makes one by itself where the manifest says generate"
	// HintMirrors is for mirrors that do not have the value that the vault has by now, and
	// HintMade for those of a value that was made: nobody can read it anywhere to give it
	// to them, but in the file of HintKept.
	HintMirrors = "fix what keeps each mirror from the value, and run the job again: it writes to the vault and to all mirrors once more"
	HintKept    = "fix what keeps each mirror from the value, and store what is in the file that generated_file names once more, as value_file: it goes to the vault and to all mirrors; for another value, run the job again without that file"
	HintMade    = "fix what keeps each mirror from the value, and run the job again: it makes another value, for the vault and for all mirrors"
	// HintForgotten is for mirrors that were changed lately, so that they seem to have it.
	HintForgotten = "fix what keeps each mirror from the value, write the time of now into the entry as rotated, and run the job again; " +
		"without that time the next run does nothing, since each mirror was changed too lately to tell that it lacks the value"
	// HintOldName is for a secret that is kept under its old name.
	HintOldName = "look at the secret under its new name in the dashboard, and run the job again; nothing is lost, since the old name is still there"
	// HintDeclined is for a question that was not answered with yes.
	HintDeclined = "answer y to delete what the question names, or add --yes to delete without a question"
)
