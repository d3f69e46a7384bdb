package problem

// Code is a stable name for a class of errors: the error_code output.
type Code string

// The codes.
const (
	BadInput         Code = "bad_input"
	WrongKeyKind     Code = "wrong_key_kind"
	Unauthorized     Code = "unauthorized"
	VaultNotFound    Code = "vault_not_found"
	SecretNotFound   Code = "secret_not_found"
	AmbiguousName    Code = "ambiguous_name"
	AlreadyExists    Code = "already_exists"
	RateLimited      Code = "rate_limited"
	Blocked          Code = "blocked_by_proxy_or_waf"
	TLS              Code = "tls"
	Network          Code = "network"
	Timeout          Code = "timeout"
	ServerError      Code = "server_error"
	UnexpectedAnswer Code = "unexpected_answer"
	UnknownState     Code = "unknown_state"
	Conflict         Code = "conflict"
	TooManyDeletes   Code = "too_many_deletes"
	WiderDomains     Code = "wider_domains"
	NotBegun         Code = "not_begun"
	Unmanaged        Code = "unmanaged"
	PlanChanged      Code = "plan_changed"
	Drift            Code = "drift"
	MirrorFailed     Code = "mirror_failed"
	Cancelled        Code = "cancelled"
	InternalError    Code = "internal_error" // a mistake in this program
	NotStarted       Code = "not_started"    // set by launch.sh, where there is no program to run
)

// table has every code in the order in which they are documented, and what to do
// about it.
var table = []struct {
	code Code
	hint string
}{
	{BadInput, "correct what the error names; the README's tables say what each input takes"},
	{WrongKeyKind, "create a public key (nr_…) in the dashboard under Settings, API Key, and use it as api_key"},
	{Unauthorized, "check that api_key is a public key (nr_…) of this organization and has not been revoked; revoking takes effect at once"},
	{VaultNotFound, "check vault_id, and that api_key belongs to the organization that has this vault"},
	{SecretNotFound, "check the name or ID of the secret; only operation set, create or sync creates one, by its name, with a value and a list of domains"},
	{AmbiguousName, "keep one of the secrets that are named and delete the others, or give the secret_id of the one that you mean"},
	{AlreadyExists, "use operation set or update to change a secret that exists"},
	{RateLimited, "wait, then run the job again; spread jobs that use the same key"},
	{Blocked, "the answer is not from the API: a proxy or firewall before it refused the request; ask who runs this runner's network, and check base_url"},
	{TLS, "the server's certificate is not trusted here, or something else answers in its place; check base_url and the runner's CA certificates"},
	{Network, "the server cannot be reached from this runner; check base_url, the runner's network and its HTTPS_PROXY"},
	{Timeout, "the server did not answer in time; run the job again"},
	{ServerError, "the server failed; run the job again, and ask Nairi's support if it goes on"},
	{UnexpectedAnswer, "the answer is not what the API documents; check base_url, and that no proxy answers in the API's place"},
	{UnknownState, "the write may or may not have been done; look at the secret in the dashboard; running the job again is safe"},
	{Conflict, "somebody else changed the secret; look at it, and run the job again with its present updated_at"},
	{TooManyDeletes, "check that the manifest names what it should; nothing was changed; if so many deletes are meant, set max_deletes, and for a vault that may lose all, allow_empty: true in the manifest"},
	{WiderDomains, "nothing was changed; have the new hosts reviewed, and leave deny_widening out of the run that writes them"},
	{NotBegun, "fix the other write of this vault that failed or is unknown, and run the job again"},
	{Unmanaged, "add these secrets to the manifest, or delete them; without unmanaged: error they are only shown"},
	{PlanChanged, "look at the plan as it is now, and have it approved; nothing was changed"},
	{Drift, "run operation: sync to make the vault match the manifest, or change the manifest"},
	{MirrorFailed, "nothing was changed; fix what is named, and run the job again; github_token must be a token that may write secrets there, which a job's own never may"},
	{Cancelled, "the job was cancelled; run it again"},
	{InternalError, "this is a mistake in the action; report it, with its version and this log"},
	{NotStarted, "use a released version, on Linux, macOS or Windows"},
}

// Codes lists every code in the order in which they are documented.
func Codes() []Code {
	codes := make([]Code, len(table))
	for i, row := range table {
		codes[i] = row.code
	}
	return codes
}

// Hint says what to do about a code, in one line; "" for the empty one.
func (c Code) Hint() string {
	for _, row := range table {
		if row.code == c {
			return row.hint
		}
	}
	return ""
}
