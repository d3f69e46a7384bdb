package mask

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A verdict is what the name that a part stands under says of it.
type verdict int

const (
	unsaid    verdict = iota // the text itself has to tell
	openly                   // the name of something that everyone may know
	privately                // the name of a secret
)

// judge tells by a key, as in db_password or clientSecret, what stands under it.
// What is said in no list is unsaid, and so is a secret's word before one that
// makes something else of it, as in token_type.
func judge(key string) verdict {
	words := wordsOf(key)
	if len(words) == 0 {
		return unsaid
	}
	last, whole := words[len(words)-1], strings.Join(words, "")
	switch secretive := secretWords.hasAny(words) || secretNames.has(whole) || joined(last); {
	case openNames.has(whole):
		return openly
	case secretive && len(words) > 1 && aboutWords.has(last):
		return unsaid
	case secretive:
		return privately
	case openWords.has(last):
		return openly
	}
	return unsaid
}

// secretWords make a secret of whatever name they stand in. The names are those of
// the settings of databases, clouds, registries and frameworks; a name too many here
// costs a mask, one too few shows a secret.
var secretWords = set(`password passwords passwd passphrase passcode pass pwd pw secret secrets token tokens key keys
	apikey authtoken accesstoken accountkey accesskey sharedaccesskey sharedaccesssignature sharedsecret clientsecret
	privatekey credential credentials cred creds private auth authorization sas sig signature dsn cookie bearer jwt pat pin
	otp totp seed mnemonic salt hmac webhook license licence pem pfx keystore connstr userpass sslpassword passwordhash
	truststorepassword keystorepassword storepass keypass dbpass rootpass`)

// secretNames are secret as a whole, with words that alone are not.
var secretNames = set(`connectionstring connection connectionuri secretid`)

// joined reports whether a word is one of those that often have another before them
// without a sign between, as in PGPASSWORD and accesstoken.
func joined(word string) bool {
	for _, end := range []string{"password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "secretkey", "privatekey", "masterkey", "signingkey"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// openWords end the name of something that everyone may know.
var openWords = set(`host hosts hostname server servers port ports region zone location database databases db dbname
	schema user username login uid email mail scheme protocol environment env stage type kind engine driver dialect project
	account name path file filename dir directory folder bucket namespace cluster context version mode
	level timeout ttl sslmode locale timezone tenant subscription arn issuer audience scope scopes
	domain domains org organization team role group expiry expires date created updated comment description label title
	algorithm alg kid kty crv encoding charset language url uri endpoint address addr homepage`)

// openNames are known to all as a whole, with words that would make a secret of them.
var openNames = set(`publickey sshpublickey certificateauthoritydata clientcertificatedata authprovider authproviderxcerturl
	clientxcerturl authuri authurl tokenuri tokenurl clientid projectid clientemail universedomain keyvault keyspace
	keyvaultname sharedaccesskeyname dbinstanceidentifier identitypoolid subscriptionid tenantid accountid appid applicationid
	installationid organizationid orgid userid`)

// aboutWords end a name that is about a secret and is none: what stands there has to
// tell by itself.
var aboutWords = set(`type kind uri url endpoint name file path dir region expiry expires ttl length policy algorithm enabled
	required count size mode version domain domains host hostname email user username login prefix label arn`)

// words are a set that is made when it is first asked for: most values have no
// names in them.
type words func() map[string]bool

func set(text string) words {
	return sync.OnceValue(func() map[string]bool {
		all := map[string]bool{}
		for _, word := range strings.Fields(text) {
			all[word] = true
		}
		return all
	})
}

func (w words) has(word string) bool { return w()[word] }

func (w words) hasAny(of []string) bool { return slices.ContainsFunc(of, w.has) }

// wordsOf cuts a key into its words, in lower case and without digits at their ends:
// at what is no letter, and where a small letter or digit meets a capital.
func wordsOf(key string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	small := false
	for _, r := range key[:min(len(key), maxKey)] {
		if !unicode.IsLetter(r) {
			end()
			small = false
			continue
		}
		if unicode.IsUpper(r) && small {
			end()
		}
		small = !unicode.IsUpper(r)
		word.WriteRune(unicode.ToLower(r))
	}
	end()
	return words
}

// maxKey is how many bytes of a key are looked at.
const maxKey = 200
