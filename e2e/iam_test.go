package e2e

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// iam stands for AWS's IAM and STS, as far as the rotation of an access key needs them: a
// user has two keys at most, each request is signed by Signature Version 4, and only the
// session of the job's role may change keys.
//
// Sources: the IAM API Reference (CreateAccessKey, ListAccessKeys, UpdateAccessKey,
// DeleteAccessKey, Common Errors), the STS API Reference (GetCallerIdentity), and "Create a
// signed AWS API request" in the IAM User Guide.
type iam struct {
	*httptest.Server
	t testing.TB

	mu    sync.Mutex
	keys  []iamKey
	ever  []string            // the secrets of all keys that there ever were
	fails map[string]iamFault // by Action
	doubt bool                // whether new keys do not work
}

type iamKey struct {
	id, secret string
	active     bool
	created    time.Time
	refusals   int // how many requests signed with it are refused, as it is new
}

// iamFault is what goes wrong with the next request of an Action.
type iamFault int

const (
	refusedByIAM iamFault = iota + 1 // nothing is done
	lostByIAM                        // it is done, and the answer is lost
)

const (
	iamUser      = "cats-agent"
	iamKeysAUser = 2
	jobsKey      = "ASIASYNTHETICJOBROLE"
	jobsSecret   = "synthetic/secret+of/the-role-of-the-job0"
	jobsSession  = "synthetic-session-token-of-the-job"
)

func newIAM(t *testing.T) *iam {
	t.Helper()
	s := &iam{t: t, fails: map[string]iamFault{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// add makes a key that was made some days ago.
func (s *iam) add(daysAgo int) iamKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newKey(time.Now().AddDate(0, 0, -daysAgo), 0)
}

// newKey makes a key that is refused some times, as AWS may for seconds.
func (s *iam) newKey(created time.Time, refusals int) iamKey {
	key := iamKey{id: "AKIA" + rand.Text()[:16], secret: rand.Text() + rand.Text()[:13] + "/", active: true, created: created, refusals: refusals}
	s.keys = append(s.keys, key)
	s.ever = append(s.ever, key.secret)
	return key
}

// remove removes all keys.
func (s *iam) remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = nil
}

// secrets are those of all keys that there ever were.
func (s *iam) secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ever)
}

// distrust says whether keys that are made from now on do not work.
func (s *iam) distrust(doubt bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubt = doubt
}

// fail lets the next request of an Action go wrong.
func (s *iam) fail(action string, fault iamFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails[action] = fault
}

// state are the keys, oldest first.
func (s *iam) state() []iamKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.keys)
}

func (s *iam) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	form, errForm := url.ParseQuery(string(body))
	if r.Method != http.MethodPost || r.URL.RequestURI() != "/" || err != nil || errForm != nil {
		s.t.Errorf("%s %s is no request of IAM", r.Method, r.URL.Path)
		refuse(w, http.StatusBadRequest, "InvalidAction")
		return
	}
	signer, code := s.signer(r, body)
	if code != "" {
		refuse(w, http.StatusForbidden, code)
		return
	}
	action := form.Get("Action")
	fault := s.fails[action]
	delete(s.fails, action)
	if fault == refusedByIAM {
		refuse(w, http.StatusBadRequest, "ValidationError") // which no client sends again
		return
	}
	status, answer := s.answer(signer, action, form)
	if fault == lostByIAM {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, errorOfAWS(code))
}

func errorOfAWS(code string) string {
	return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + code + "</Message></Error><RequestId>0</RequestId></ErrorResponse>"
}

// answer does what an Action says.
func (s *iam) answer(signer, action string, form url.Values) (int, string) {
	denied := signer != jobsKey || form.Get("UserName") != iamUser
	at := slices.IndexFunc(s.keys, func(k iamKey) bool { return k.id == form.Get("AccessKeyId") })
	switch action {
	case "GetCallerIdentity":
		arn := "arn:aws:iam::123456789012:user/" + iamUser
		if signer == jobsKey {
			arn = "arn:aws:sts::123456789012:assumed-role/rotate/job"
		}
		return ofAWS(action, "<Arn>"+arn+"</Arn><UserId>AIDASYNTHETIC</UserId><Account>123456789012</Account>")
	case "ListAccessKeys", "CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey":
		if denied {
			return http.StatusForbidden, errorOfAWS("AccessDenied")
		}
	default:
		s.t.Errorf("the recipe asks for %q", action)
		return http.StatusBadRequest, errorOfAWS("InvalidAction")
	}
	switch {
	case action == "ListAccessKeys":
		return ofAWS(action, "<IsTruncated>false</IsTruncated><AccessKeyMetadata>"+s.listed()+"</AccessKeyMetadata>")
	case action == "CreateAccessKey" && len(s.keys) == iamKeysAUser:
		return http.StatusConflict, errorOfAWS("LimitExceeded")
	case action == "CreateAccessKey":
		refusals := 1
		if s.doubt {
			refusals = math.MaxInt
		}
		key := s.newKey(time.Now(), refusals)
		return ofAWS(action, "<AccessKey>"+key.xml()+"<SecretAccessKey>"+key.secret+"</SecretAccessKey></AccessKey>")
	case at < 0:
		return http.StatusNotFound, errorOfAWS("NoSuchEntity")
	case action == "UpdateAccessKey":
		s.keys[at].active = form.Get("Status") == "Active"
	default:
		s.keys = slices.Delete(s.keys, at, at+1)
	}
	return ofAWS(action, "")
}

// listed are the keys in an order that means nothing, as IAM documents none.
func (s *iam) listed() string {
	var b strings.Builder
	for _, key := range slices.Backward(s.keys) {
		b.WriteString("<member>" + key.xml() + "</member>")
	}
	return b.String()
}

func (k iamKey) xml() string {
	status := "Inactive"
	if k.active {
		status = "Active"
	}
	return "<UserName>" + iamUser + "</UserName><AccessKeyId>" + k.id + "</AccessKeyId><Status>" + status +
		"</Status><CreateDate>" + k.created.UTC().Format(time.RFC3339) + "</CreateDate>"
}

func ofAWS(action, result string) (int, string) {
	space := "https://iam.amazonaws.com/doc/2010-05-08/"
	if action == "GetCallerIdentity" {
		space = "https://sts.amazonaws.com/doc/2011-06-15/"
	}
	return http.StatusOK, fmt.Sprintf("<%[1]sResponse xmlns=%[2]q><%[1]sResult>%[3]s</%[1]sResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></%[1]sResponse>", action, space, result)
}

// signer is the ID of the key that a request is signed with, or the code of the error.
func (s *iam) signer(r *http.Request, body []byte) (id, code string) {
	signature, found := parseSignature(r.Header.Get("Authorization"))
	if !found {
		return "", "MissingAuthenticationToken"
	}
	var secret string
	at := slices.IndexFunc(s.keys, func(k iamKey) bool { return k.id == signature.key })
	switch {
	case signature.key == jobsKey && r.Header.Get("X-Amz-Security-Token") == jobsSession:
		secret = jobsSecret
	case at >= 0 && s.keys[at].refusals > 0:
		s.keys[at].refusals--
		return "", "InvalidClientTokenId"
	case at >= 0 && s.keys[at].active && r.Header.Get("X-Amz-Security-Token") == "":
		secret = s.keys[at].secret
	default:
		return "", "InvalidClientTokenId"
	}
	if !hmac.Equal([]byte(signature.hex), []byte(sign(r, body, signature, secret))) {
		return "", "SignatureDoesNotMatch"
	}
	return signature.key, ""
}

// signatureV4 is the Authorization header of a request.
type signatureV4 struct {
	key, scope string // the scope is date/region/service/aws4_request
	headers    []string
	hex        string
}

func parseSignature(authorization string) (signatureV4, bool) {
	rest, found := strings.CutPrefix(authorization, "AWS4-HMAC-SHA256 ")
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = text
	}
	key, scope, _ := strings.Cut(fields["Credential"], "/")
	s := signatureV4{key, scope, strings.Split(fields["SignedHeaders"], ";"), fields["Signature"]}
	signed := slices.Contains(s.headers, "host") && slices.Contains(s.headers, "x-amz-date") && slices.IsSorted(s.headers)
	return s, found && signed && strings.HasSuffix(scope, "/aws4_request") && strings.Count(scope, "/") == 3
}

// sign computes the signature that a request should have.
func sign(r *http.Request, body []byte, s signatureV4, secret string) string {
	var headers strings.Builder
	for _, name := range s.headers {
		text := strings.Join(r.Header.Values(name), ",")
		if name == "host" {
			text = r.Host
		}
		headers.WriteString(name + ":" + strings.Join(strings.Fields(text), " ") + "\n")
	}
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	canonical := strings.Join([]string{
		r.Method, cmp.Or(r.URL.EscapedPath(), "/"), query, headers.String(), strings.Join(s.headers, ";"), hexOf(body),
	}, "\n")
	toSign := strings.Join([]string{"AWS4-HMAC-SHA256", r.Header.Get("X-Amz-Date"), s.scope, hexOf([]byte(canonical))}, "\n")
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(s.scope, "/") {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, toSign))
}

func hexOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// The request and its signature are those of the examples of "Signature Version 4" in the
// AWS General Reference.
func TestTheSignatureOfAWSsExample(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("X-Amz-Date", "20150830T123600Z")
	s, found := parseSignature("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, " +
		"SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
	if !found || sign(r, nil, s, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") != s.hex {
		t.Errorf("not the signature of %+v", s)
	}
}
