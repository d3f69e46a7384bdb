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
	InternalError    Code = "internal_error" // a bug in this program
	NotStarted       Code = "not_started"    // set by launch.sh, where there is no program to run
)

// table has every code in the order in which they are documented, the title that an
// annotation of it has, and what to do about it. Of BadInput, each problem says that itself.
var table = []struct {
	code        Code
	title, hint string
}{
	{BadInput, "refused by Nairi", ""},
	{WrongKeyKind, "wrong kind of key", newKey + "."},
	{Unauthorized, "API key refused", newKey + ", and store it as the secret that api_key reads."},
	{VaultNotFound, "vault not found", "Check vault_id, and that the key belongs to the vault's organization."},
	{SecretNotFound, "secret not found", "Check the name or the ID of the secret, and vault_id."},
	{AmbiguousName, "name is ambiguous", "Set secret_id to the one that you mean, or delete the others."},
	{AlreadyExists, "secret exists", "Use operation: set or update."},
	{RateLimited, "rate limited", "Run the job again later, or run fewer jobs with this key at once."},
	{Blocked, "blocked by a proxy", "Ask whoever runs this runner's network to allow the API's host. If you set base_url or NAIRI_BASE_URL, check it."},
	{TLS, "certificate not trusted", "If a company proxy answers with a certificate of its own, give your network's CA certificate as ca_cert. If you set base_url or NAIRI_BASE_URL, check it."},
	{Network, "no connection", "Check the runner's network. Behind a proxy, set HTTPS_PROXY. If you set base_url or NAIRI_BASE_URL, check it."},
	{Timeout, "no answer", "Run the job again. If it keeps happening, check the runner's network, then raise timeout."},
	{ServerError, "server error", "Run the job again. If it keeps failing, contact Nairi support."},
	{UnexpectedAnswer, "unexpected answer", "Check base_url, and that no login page or proxy answers in its place."},
	{UnknownState, "outcome unknown", "Run the job again as it is. That is safe."},
	{Conflict, "conflict", "Check that change, then run again with the secret's present updated_at."},
	{TooManyDeletes, "too many deletes", "Check the manifest, and which vault it is for. If all of them should go, raise max_deletes. To empty a vault, set allow_empty: true in the manifest."},
	{WiderDomains, "more hosts", "Have the hosts reviewed, then run once without deny_widening."},
	{NotBegun, "not started yet", "Fix the write of this vault that failed, and run the job again."},
	{Unmanaged, "not in the manifest", "Add these secrets to the manifest, or delete them."},
	{PlanChanged, "plan changed", "Review the plan as it is now, and approve that."},
	{Drift, "drift", "Run operation: sync to make the vault match the manifest, or change the manifest."},
	{MirrorFailed, "mirror failed", "Fix what is named, and run the job again. github_token must be allowed to write secrets there, which a job's own token never is."},
	{Cancelled, "cancelled", "Run it again."},
	{InternalError, "bug", "Please report it at https://github.com/nairi-community/vault-secret/issues with the version and this log."},
	{NotStarted, "not started", "Use a released version, on Linux, macOS or Windows."},
}

const newKey = "Create a public key (nr_…) in the dashboard under Settings → API Key"

// Codes lists every code in the order in which they are documented.
func Codes() []Code {
	codes := make([]Code, len(table))
	for i, row := range table {
		codes[i] = row.code
	}
	return codes
}

// Hint says what to do about a code, in whole sentences; "" for the empty one.
func (c Code) Hint() string {
	for _, row := range table {
		if row.code == c {
			return row.hint
		}
	}
	return ""
}

// Title is the title of an annotation about a code; "" for the empty one. There are no
// others but these and names of inputs, since no runner masks them.
func (c Code) Title() string {
	for _, row := range table {
		if row.code == c {
			return row.title
		}
	}
	return ""
}

// Help is the address of the entry about a code.
func (c Code) Help() string {
	return "https://github.com/nairi-community/vault-secret/blob/v1/docs/troubleshooting.md#" + string(c)
}
