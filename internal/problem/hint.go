package problem

// Hints for errors of which more is known than their code.
const (
	// HintRefused is for what the API itself calls bad input: every check here let
	// it through.
	HintRefused = "Change what the message names. If it names nothing, compare env_key and allowed_domains with what the dashboard accepts."
	// HintForbidden is for a key that may not do what was asked of it.
	HintForbidden = "Check in the dashboard what this key may do, or use another public key (nr_…)."
	// HintCreated is for a create that may have been carried out.
	HintCreated = "Look for the secret in the dashboard. If it is not there, run the job again; if it is, use operation: update."
	// HintCredentials is for a proxy that wants to know who asks.
	HintCredentials = "Give the proxy's user name and password in HTTPS_PROXY, as in http://user:password@proxy.example.com:3128, " +
		"with special characters percent-encoded. If the server can be reached without the proxy, name the server in NO_PROXY."
	// HintProxy is for a proxy that does not connect to the server.
	HintProxy = "Ask whoever runs the proxy in HTTPS_PROXY to allow the API's host. If the server can be reached without the proxy, name the server in NO_PROXY."
	// HintClock is for a certificate that is not valid at this time.
	HintClock = "Check this runner's clock. If it is right, whoever runs the server, or the proxy that answers for it, must renew the certificate."
	// HintStale is for a drift that is nothing but values which are too old.
	HintStale = "Rotate each secret that is named: run operation: sync with a new value, or with generate in the manifest."
	// HintMirrors is for mirrors that do not have the value that the vault has by now, and
	// HintMade for those of a value that was made: nobody can read it anywhere to give it
	// to them, but in the file of HintKept.
	HintMirrors = "Fix what keeps each mirror from the value, and run the job again. It writes the vault and all mirrors once more."
	HintKept    = "Fix what keeps each mirror from the value. Then give the file that generated_file names as value_file: that value goes to the vault and to all mirrors. For another value, run the job again without that file."
	HintMade    = "Fix what keeps each mirror from the value, and run the job again. It makes another value, for the vault and for all mirrors."
	// HintForgotten is for mirrors that were changed lately, so that they seem to have it.
	HintForgotten = "Fix what keeps each mirror from the value, set the entry's rotated to the present time, and run the job again. " +
		"Without that time the next run writes nothing: each mirror was changed too recently to tell that it lacks the value."
	// HintOldName is for a secret that is kept under its old name.
	HintOldName = "Look at the secret under its new name in the dashboard, and run the job again. The old name is still there, so nothing is lost."
	// HintDeclined is for a question that was not answered with yes.
	HintDeclined = "Answer y to delete what the question names, or add --yes to delete without a question."
	// HintTwice is for a manifest's name that stands in a vault more than once: an entry
	// has no ID.
	HintTwice = "Keep one of them, and delete the others."
	// HintNear is for a name that most likely is misspelt.
	HintNear = "Correct the name."
)
