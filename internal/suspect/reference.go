package suspect

import (
	"slices"
	"strings"

	"github.com/nairi-community/vault-secret/internal/ascii"
)

// referenceSchemes begin references to other stores, in small letters: those of
// 1Password, vals, bank-vaults and OpenBao, of the clouds' stores as the loaders
// of secrets spell them, and of other managers. A reference to a key of a KMS is
// not among them: programs such as cosign take one as it stands.
var referenceSchemes = []string{
	"op://", "1password://", "onepassword://", "ref+", "secretref+", "vault:", "bao:", "vault://", "openbao:", "hashivault://", "hcv://", "hcp://",
	"akv://", "azkv://", "azure-kv://", "azurekeyvault://", "azurekv://", "keyvault://", "keyvault:",
	"awssm://", "aws-sm://", "awssecrets://", "awssecretsmanager://", "aws-secretsmanager://", "secretsmanager://", "asm://",
	"aws-ssm://", "awsssm://", "ssm://", "parameterstore://", "resolve:ssm:", "resolve:secretsmanager:",
	"gcp-sm://", "gcpsm://", "gcp:secretmanager:", "gsm://", "sm://", "secretmanager://", "berglas://",
	"doppler://", "infisical://", "infisical:", "keeper://", "bws://",
	"bitwarden://", "bw://", "lpass://", "lastpass://", "pass://", "protonpass://",
	"dashlane://", "dl://", "conjur://", "conjur:", "akeyless://", "akeyless:",
	"chamber://", "gopass://", "passbolt://", "delinea://", "tss://", "dsv://",
	"secret://", "secrets://", "secretref:", "keyring://", "keychain://", "k8s://", "kubernetes://",
	"env://", "sops://", "teller://", "aws:secretsmanager:", "ssm:/", "azure:keyvault:", "dotenv://",
	"arn:aws:secretsmanager:", "arn:aws-cn:secretsmanager:", "arn:aws-us-gov:secretsmanager:",
	"arn:aws:ssm:", "arn:aws-cn:ssm:", "arn:aws-us-gov:ssm:",
	"//secretmanager.googleapis.com/", "https://secretmanager.googleapis.com/",
	"@microsoft.keyvault(", "@microsoft.appconfiguration(",
	"!vault", "!secret ", "!ref ", "!sub ", "!getatt ", "!importvalue ", "!reference ", "!env ", "!env_var ", "!var ", "!cipher", "!encrypted",
	">>vault:", "from_secret:", "from_secret=",
}

// users are those of them that are a user's name as well, before a password, if no
// path follows.
var users = []string{"vault:", "bao:", "openbao:", "infisical:", "conjur:", "akeyless:"}

// reference is the address of a secret in another store. What follows the scheme
// must be there, and be no ciphertext of it.
func reference(s *sample) bool {
	if s.lines || s.document != nil {
		return false
	}
	text := strings.ToLower(s.core)
	for _, scheme := range referenceSchemes {
		if rest, found := strings.CutPrefix(text, scheme); found {
			user := slices.Contains(users, scheme) && !strings.ContainsAny(rest, "/#")
			return rest != "" && !cipher(s) && !user
		}
	}
	scheme, _, found := strings.Cut(text, "://")
	if found && name(scheme) && containsAny(scheme, []string{"vault", "secret", "keychain", "keyring"}) {
		return true
	}
	return inSecretManager(text) || inKeyVault(text) || inVault(text)
}

// inSecretManager is the name of a secret as Google's API has it.
func inSecretManager(text string) bool {
	path := strings.Split(text, "/")
	return len(path) >= 4 && path[0] == "projects" && (path[2] == "secrets" || len(path) >= 6 && path[4] == "secrets") && ascii.Only(text, ascii.Word+"/-.")
}

// inKeyVault is the address of a secret in Azure's Key Vault.
func inKeyVault(text string) bool {
	host, path, found := strings.Cut(strings.TrimPrefix(text, "https://"), "/")
	return found && strings.HasPrefix(text, "https://") && strings.Contains(host, ".vault.") && strings.HasPrefix(path, "secrets/")
}

// inVault is a path of a KV engine of Vault with a field, as loaders take it.
func inVault(text string) bool {
	path, field, found := strings.Cut(text, "#")
	return found && name(field) && beginsWithAny(path, []string{"secret/", "secrets/", "kv/", "kv-v2/"}) && ascii.Only(path, ascii.Word+"/-.")
}

// armour begins texts that are encrypted as a whole.
var armour = []string{
	"$ANSIBLE_VAULT;", "!vault |", "age-encryption.org/v1", "-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN PGP MESSAGE-----",
	"\x00GITCRYPT", "AEdJVENSWVBU", // the latter is the base64 of the former
	"JEFOU0lCTEVfVkFVTFQ7",     // of $ANSIBLE_VAULT;
	"YWdlLWVuY3J5cHRpb24ub3Jn", // of age-encryption.org
	"LS0tLS1CRUdJTiBBR0UgRU5D", // of -----BEGIN AGE ENC
	"LS0tLS1CRUdJTiBQR1AgTUVT", // of -----BEGIN PGP MES
}

// marksOfEncryption stand somewhere in texts that are encrypted leaf by leaf: by
// sops, hiera-eyaml, Pulumi and Bitnami's sealed secrets.
var marksOfEncryption = []string{
	"ENC[AES256_GCM,data:", "ENC[PKCS7,", "ENC[GPG,", "4dabf18193072939515e22adb298388d",
	"kind: SealedSecret", `"kind":"SealedSecret"`, `"kind": "SealedSecret"`,
	"-----BEGIN PGP MESSAGE-----", "$ANSIBLE_VAULT;",
}

// encrypted is a text that nothing decrypted.
func encrypted(s *sample) bool {
	return beginsWithAny(s.core, armour) || containsAny(s.core, marksOfEncryption)
}

// ciphers enclose one encrypted value: those of sops and eyaml, Jasypt, Spring
// Cloud Config, WebSphere, WebLogic, ejson, dotenvx, and Vault's transit.
var ciphers = [][2]string{
	{"ENC[", "]"}, {"ENC(", ")"}, {"DEC(", ")"}, {"{cipher}", ""}, {"{xor}", ""},
	{"{AES}", ""}, {"{AES256}", ""}, {"EJ[1:", "]"}, {"encrypted:", ""},
	{"vault:v1:", ""}, {"vault:v2:", ""}, {"vault:v3:", ""}, {"vault:v4:", ""}, {"vault:v5:", ""}, {"bao:v1:", ""}, {"GPG[", "]"},
}

// cipher is one encrypted value, whole.
func cipher(s *sample) bool {
	return s.anyPart(func(part string) bool {
		for _, around := range ciphers {
			if inner, ok := between(part, around[0], around[1]); ok && len(inner) >= 2 {
				return true
			}
		}
		return bitwarden(part)
	})
}

// bitwarden is a cipher string of Bitwarden: 2.iv|data|mac, in base64.
func bitwarden(part string) bool {
	if len(part) < 40 || part[1] != '.' || part[0] < '0' || part[0] > '6' {
		return false
	}
	return strings.Count(part, "|") == 2 && ascii.Only(part, ascii.Word+"+/=|.")
}

// lfsInBase64 is the base64 of "version https://git-lfs".
const lfsInBase64 = "dmVyc2lvbiBodHRwczovL2dpdC1sZn"

// lfsPointer is by the specification of Git LFS: docs/spec.md in git-lfs/git-lfs.
func lfsPointer(s *sample) bool {
	return beginsWithAny(s.core, []string{"version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/", lfsInBase64})
}

// salts begin the base64 of what openssl enc writes (Salted__), and of what AWS
// KMS does. Some programs decrypt such a text by themselves.
var salts = []string{"U2FsdGVkX1", "AQICAH"}

func salted(s *sample) bool { return len(s.core) >= 24 && beginsWithAny(s.core, salts) }
