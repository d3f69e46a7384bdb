package input

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nairi-community/vault-secret/internal/domains"
	"github.com/nairi-community/vault-secret/internal/nairi"
	"github.com/nairi-community/vault-secret/internal/problem"
)

// Boolean reads the text of an input that is true or false. It knows the spellings that
// actions/toolkit takes (core.getBooleanInput), and no others.
func Boolean(text string) (value, known bool) {
	switch text {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}

func isTrue(text string) bool {
	value, _ := Boolean(text)
	return value
}

// Bounds of the two times: a request that takes longer than a second is normal,
// and GitHub ends a job after six hours.
const (
	minDuration       = time.Second
	maxTimeout        = 6 * time.Hour
	maxRequestTimeout = 10 * time.Minute
)

func (c *checker) baseURL() *url.URL {
	u, err := nairi.ParseBaseURL(c.BaseURL)
	c.check("base_url", err)
	return u
}

func (c *checker) vaultID() nairi.VaultID {
	if c.VaultID == "" {
		c.noVault()
		return ""
	}
	id, err := nairi.ParseVaultID(c.VaultID)
	c.check(VaultID, err)
	return id
}

func (c *checker) noVault() {
	c.add(VaultID, "is not set. The dashboard shows it on the vault's page, as in vlt_01KEQ6963XS96YDP3NF9NKB7QJ")
}

func (c *checker) secretID() nairi.SecretID {
	if c.SecretID == "" {
		return ""
	}
	id, err := nairi.ParseSecretID(c.SecretID)
	c.check(SecretID, err)
	return id
}

func (c *checker) envKey() string {
	if c.EnvKey == "" {
		return ""
	}
	if err := nairi.CheckEnvKey(c.EnvKey); err != nil {
		c.check(EnvKey, err)
		return ""
	}
	return c.EnvKey
}

func (c *checker) oneOf(input, text string, allowed ...string) string {
	if !slices.Contains(allowed, text) {
		c.add(input, "must be one of "+strings.Join(allowed, ", "))
		return ""
	}
	return text
}

func (c *checker) boolean(input, text string) bool {
	value, ok := Boolean(text)
	if !ok {
		c.add(input, "must be true or false")
	}
	return value
}

// number reads a whole number within its bounds.
func (c *checker) number(input, text string, least, most int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		c.add(input, fmt.Sprintf("must be a whole number from %d to %d", least, most))
		return least
	}
	return n
}

// domains returns the hosts to write: nil to leave it alone, empty for any
// host, which only allow_any_domain can say.
func (c *checker) domains() *domains.List {
	anyHost := c.boolean("allow_any_domain", c.AllowAnyDomain)
	if !c.AllowedDomains.given() {
		if anyHost {
			return &domains.List{}
		}
		return nil
	}
	if anyHost {
		c.add("allow_any_domain", "Set allowed_domains or allow_any_domain, not both")
	}
	list, err := c.parseDomains(*c.AllowedDomains.text)
	for _, err := range each(err) {
		if errors.Is(err, domains.ErrAnyHost) {
			err = fmt.Errorf("%w. To allow any host, remove the list and %s", err, c.own("set allow_any_domain: true"))
		}
		c.check("allowed_domains", err)
	}
	if err != nil {
		return nil
	}
	c.doubt(problem.Problem{Input: "allowed_domains"}, list)
	return &list
}

// each are the errors that one was joined of.
func each(err error) []error {
	var joined interface{ Unwrap() []error }
	switch {
	case errors.As(err, &joined):
		return joined.Unwrap()
	case err != nil:
		return []error{err}
	}
	return nil
}

// doubt warns of what is odd about a list of hosts.
func (c *checker) doubt(at problem.Problem, list domains.List) {
	for _, doubt := range list.Doubts() {
		at.Text = doubt
		c.warn(at)
	}
}

func (c *checker) parseDomains(text string) (domains.List, error) {
	entries, err := domains.Split(text)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, c.ownError(errors.New("is empty, which would allow any host. List the hosts, remove it to keep the present ones, or set allow_any_domain: true"))
	}
	return domains.Parse(entries)
}

// duration reads a time as Go spells it, within its bounds.
func (c *checker) duration(input, text string, most time.Duration) time.Duration {
	d, err := parseDuration(text, most)
	c.check(input, err)
	return d
}

func parseDuration(text string, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < minDuration || d > most {
		return 0, fmt.Errorf("must be a duration from %s to %s, such as 90s or 5m", short(minDuration), short(most))
	}
	return d, nil
}

// short is a round time without its zero units: 6h instead of 6h0m0s.
func short(d time.Duration) string {
	return strings.NewReplacer("m0s", "m", "h0m0s", "h").Replace(d.String())
}

// timestamp reads a time as the API writes it; nil for none.
func (c *checker) timestamp(input, text string) *time.Time {
	if text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		c.add(input, "must be the updated_at of an earlier run, as in 2026-04-25T11:45:19.000Z")
		return nil
	}
	return &t
}
