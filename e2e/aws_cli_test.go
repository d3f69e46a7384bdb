package e2e

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"
)

// awsEndpoint is the variable that makes this program stand for the AWS CLI, at an endpoint.
// To start the real one takes a second of the processor, and a run of the recipe starts it
// four times.
const awsEndpoint = "E2E_AWS_ENDPOINT"

// awsCLI is version 2 of the AWS CLI as far as the recipe calls it; any other call is an error.
func awsCLI(endpoint string, args []string, out io.Writer) error {
	c := awsCall{endpoint: endpoint, flags: map[string]string{}}
	for i := 2; i+1 < len(args); i += 2 {
		c.flags[args[i]] = args[i+1]
	}
	if err := c.sign(); err != nil {
		return err
	}
	switch command := strings.Join(args[:min(2, len(args))], " "); command {
	case "iam list-access-keys":
		return c.list(out)
	case "iam create-access-key":
		return c.create(out)
	case "iam update-access-key":
		_, err := c.send("UpdateAccessKey", "--user-name", "--access-key-id", "--status")
		return err
	case "iam delete-access-key":
		_, err := c.send("DeleteAccessKey", "--user-name", "--access-key-id")
		return err
	case "sts get-caller-identity":
		return c.identify(out)
	default:
		return fmt.Errorf("the stand-in does not know %q", command)
	}
}

// awsCall is one call of the CLI.
type awsCall struct {
	endpoint            string
	flags               map[string]string
	id, secret, session string // what it signs with
}

// sign takes the credentials of the profile that is named, or else those of the environment.
func (c *awsCall) sign() error {
	c.id, c.secret, c.session = os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")
	profile := c.flags["--profile"]
	if profile == "" {
		return nil
	}
	config, err := os.ReadFile(os.Getenv("AWS_CONFIG_FILE"))
	if err != nil {
		return err
	}
	_, process, found := strings.Cut(string(config), "[profile "+profile+"]\ncredential_process = ")
	if !found {
		return errors.New("the profile has no credential_process")
	}
	printed, err := exec.Command("sh", "-c", process).Output()
	var key awsCredentials
	if err := errors.Join(err, json.Unmarshal(printed, &key)); err != nil || key.Version != 1 {
		return errors.New("the process prints no credentials")
	}
	c.id, c.secret, c.session = key.AccessKeyId, key.SecretAccessKey, ""
	return nil
}

// awsAnswer is what the answers have that the recipe reads.
type awsAnswer struct {
	Keys []struct {
		UserName, Status, CreateDate string
		AccessKeyId                  string //nolint:revive // named as in the XML
	} `xml:"ListAccessKeysResult>AccessKeyMetadata>member"`
	ID     string `xml:"CreateAccessKeyResult>AccessKey>AccessKeyId"`
	Secret string `xml:"CreateAccessKeyResult>AccessKey>SecretAccessKey"`
	Arn    string `xml:"GetCallerIdentityResult>Arn"`
	Code   string `xml:"Error>Code"`
}

// parameters are those of the API, by the flags.
var parameters = map[string]string{"--user-name": "UserName", "--access-key-id": "AccessKeyId", "--status": "Status"}

// send sends an Action with what some flags say, and once more if the answer is lost.
func (c *awsCall) send(action string, flags ...string) (awsAnswer, error) {
	form := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
	for _, flag := range flags {
		form.Set(parameters[flag], c.flags[flag])
	}
	answer, err := c.post(form.Encode())
	if lost := new(url.Error); errors.As(err, &lost) {
		answer, err = c.post(form.Encode())
	}
	if err == nil && answer.Code != "" {
		err = errors.New("An error occurred (" + answer.Code + ")")
	}
	return answer, err
}

func (c *awsCall) post(body string) (answer awsAnswer, err error) {
	r, err := http.NewRequest(http.MethodPost, c.endpoint+"/", strings.NewReader(body))
	if err != nil {
		return answer, err
	}
	now := time.Now().UTC()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("X-Amz-Date", now.Format("20060102T150405Z"))
	s := signatureV4{key: c.id, scope: now.Format("20060102") + "/eu-central-1/iam/aws4_request", headers: []string{"content-type", "host", "x-amz-date"}}
	if c.session != "" {
		r.Header.Set("X-Amz-Security-Token", c.session)
		s.headers = append(s.headers, "x-amz-security-token")
	}
	s.hex = sign(r, []byte(body), s, c.secret)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+c.id+"/"+s.scope+", SignedHeaders="+strings.Join(s.headers, ";")+", Signature="+s.hex)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer, err
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	return answer, errors.Join(err, xml.NewDecoder(bytes.NewReader(data)).Decode(&answer))
}

func (c *awsCall) list(out io.Writer) error {
	answer, err := c.send("ListAccessKeys", "--user-name")
	if err != nil || c.flags["--output"] != "json" {
		return errors.Join(err, c.only("--output", "json"))
	}
	for i, key := range answer.Keys {
		answer.Keys[i].CreateDate = strings.Replace(key.CreateDate, "Z", "+00:00", 1)
	}
	return json.NewEncoder(out).Encode(map[string]any{"AccessKeyMetadata": answer.Keys})
}

// keyQuery is how the recipe asks for the two halves of a key.
const keyQuery = "AccessKey.{Version: `1`, AccessKeyId: AccessKeyId, SecretAccessKey: SecretAccessKey}"

func (c *awsCall) create(out io.Writer) error {
	if err := errors.Join(c.only("--output", "json"), c.only("--query", keyQuery)); err != nil {
		return err
	}
	answer, err := c.send("CreateAccessKey", "--user-name")
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(awsCredentials{1, answer.ID, answer.Secret})
}

func (c *awsCall) identify(out io.Writer) error {
	if err := errors.Join(c.only("--output", "text"), c.only("--query", "Arn")); err != nil {
		return err
	}
	answer, err := c.send("GetCallerIdentity")
	if err == nil {
		_, err = fmt.Fprintln(out, answer.Arn)
	}
	return err
}

// only is an error if a flag says anything else.
func (c *awsCall) only(flag, text string) error {
	if c.flags[flag] != text {
		return fmt.Errorf("the stand-in does not know %s %q", flag, c.flags[flag])
	}
	return nil
}
