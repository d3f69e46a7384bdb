package mask

import (
	"slices"
	"strings"
	"testing"

	"github.com/nairi-community/vault-secret/internal/secret"
)

func TestParts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ value, part string }{
		"URL":                      {"postgresql://user:p4ss@host:5432/db", "p4ss"},
		"URL encoded":              {"postgresql://user:p%40ss%2Fw@host/db", "p%40ss%2Fw"},
		"URL decoded":              {"postgresql://user:p%40ss%2Fw@host/db", "p@ss/w"},
		"URL without user":         {"redis://:p4ssword@host", "p4ssword"},
		"URL with raw at":          {"amqp://user:p4@ss@host", "p4@ss"},
		"URL with raw slash":       {"amqp://user:p4/ss@host/x", "p4/ss"},
		"URL bad encoding":         {"amqp://user:p4%zz@host", "p4%zz"},
		"URL several hosts":        {"mongodb+srv://u:p4ss@h1:1,h2:2/db?x=y", "p4ss"},
		"URL token":                {"https://gh0_token123@github.com/a/b", "gh0_token123"},
		"URL in text":              {"first\nuse http://u:p4ss@h/ here", "p4ss"},
		"URL, the second":          {"http://host:80/a,http://u:p4ss@h/", "p4ss"},
		"URL encoding of password": {"amqp://user:p4+ssword@host", "p4%2Bssword"},
		"ADO":                      {"Server=h;Database=d;User Id=u;Password=p4 ss;Encrypt=True", "p4 ss"},
		"ADO case":                 {"server=h; PWD = p4ss; x=y", "p4ss"},
		"ADO quoted":               {`Server=h;Password='p4;s''s'`, "p4;s''s"},
		"ADO undoubled":            {`Server=h;Password="p4;s""s";x=y`, `p4;s"s`},
		"ODBC braces":              {"Driver={SQL Server};Pwd={p4;s}}s};x=y", "p4;s}s"},
		"Azure storage":            {"DefaultEndpointsProtocol=https;AccountName=n;AccountKey=QUJD+w==;EndpointSuffix=s", "QUJD+w=="},
		"Azure bus":                {"Endpoint=sb://h/;SharedAccessKeyName=n;SharedAccessKey=QUJD/w=", "QUJD/w="},
		"libpq":                    {"host=h password=p4ss dbname=d", "p4ss"},
		"libpq quoted":             {`host=h password='p4 \'ss\\' dbname=d`, `p4 \'ss\\`},
		"libpq unescaped":          {`host=h password='p4 \'ss\\' dbname=d`, `p4 'ss\`},
		"libpq spaced":             {"password = p4ss", "p4ss"},
		"JDBC":                     {"jdbc:postgresql://h/d?user=u&password=p4%20ss&ssl=true", "p4 ss"},
		"JDBC SQL Server":          {"jdbc:sqlserver://h:1;user=u;password=p4ss;", "p4ss"},
		"Redis":                    {"h:6379,password=p4ss,ssl=True", "p4ss"},
		"JSON leaf":                {`{"a":[1,{"b":"leaf-one"}],"c":null}`, "leaf-one"},
		"JSON array":               {`["leaf-one", "leaf-two"]`, "leaf-two"},
		"JSON string":              {`"leaf-one"`, "leaf-one"},
		"JSON decoded":             {`{"a":"say \u003cword\u003e"}`, "say <word>"},
		"JSON spelled by Go":       {`{"a":"say <word>"}`, `say \u003cword\u003e`},
		"JSON big number":          {`{"a":1e999,"b":"leaf-one"}`, "leaf-one"},
		"JSON cut":                 {`{"a":"leaf-one","b":`, "leaf-one"},
		"JSON lines":               {`{"a":"first line\nsecond line"}`, "second line"},
		"JSON in JSON":             {`{"a":"{\"b\":\"leaf-one\"}"}`, "leaf-one"},
		"JSON key file":            {`{"private_key":"-----BEGIN PRIVATE KEY-----\nQUJDREVGRw==\n-----END PRIVATE KEY-----\n"}`, "QUJDREVGRw=="},
		"URL in JSON":              {`{"a":"amqp://u:p4ss@h"}`, "p4ss"},
		"dotenv":                   {"A=leaf-one\nB=leaf-two", "leaf-two"},
		"dotenv export":            {"# words\n\nexport A.b = leaf-one # words", "leaf-one"},
		"dotenv single quotes":     {`A='leaf one\n'`, `leaf one\n`},
		"dotenv double quotes":     {`A="leaf \"one\""`, `leaf "one"`},
		"dotenv lines":             {"A=\"leaf-one\nleaf-two\"\nB=leaf-three", "leaf-two"},
		"dotenv after lines":       {"A=\"leaf-one\nleaf-two\"\nB=leaf-three", "leaf-three"},
		"dotenv unclosed":          {"A='leaf-one\nB='leaf-two", "leaf-one"},
		"dotenv unclosed, next":    {"A=\"leaf-one\nB='leaf-two'", "leaf-two"},
		"dotenv escaped line":      {`A="first line\nsecond line"`, "second line"},
		"dotenv CRLF":              {"A=leaf-one\r\nB=leaf-two\r\n", "leaf-one"},
		"URL in dotenv":            {"A=1\nDATABASE_URL='postgres://u:p4ss@h/d'", "p4ss"},
		"PEM in one line": {`-----BEGIN PRIVATE KEY-----\nQUJDREVGRw==\nSElKS0xNTg==\n-----END PRIVATE KEY-----\n`,
			"SElKS0xNTg=="},
		"PEM with spaces": {"-----BEGIN PRIVATE KEY----- QUJDREVGRw== SElKS0xNTg== -----END PRIVATE KEY-----", "QUJDREVGRw=="},
		"second PEM": {"-----BEGIN A----- QUJDREVGRw== -----END A----- -----BEGIN B----- SElKS0xNTg== -----END B-----",
			"SElKS0xNTg=="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if forms := formsIn(test.value); !slices.Contains(forms, test.part) {
				t.Errorf("%q: no form %q among %q", test.value, test.part, forms)
			}
			if forms := Of(secret.New(test.value), Options{}).Announce(); slices.Contains(forms, test.part) {
				t.Errorf("%q: form %q without Parts", test.value, test.part)
			}
		})
	}
}

func TestNoPart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ value, no string }{
		"short password":   {"postgres://user:abc@host/db", "abc"},
		"host":             {"postgres://user:p4ss@hostname/database", "hostname"},
		"port":             {"https://host:4433/path@tag", "4433/path"},
		"short leaf":       {`{"env":"prod","on":"true","n":12345678}`, "prod"},
		"number":           {`{"n":12345678}`, "12345678"},
		"key":              {`{"client_id":{"long_name":"x"}}`, "long_name"},
		"short value":      {"MODE=prod\nDEBUG=true", "prod"},
		"armour":           {`{"k":"-----BEGIN PRIVATE KEY-----\nQUJDREVGRw==\n-----END PRIVATE KEY-----"}`, "-----BEGIN PRIVATE KEY-----"},
		"longer key":       {"use_password=true;x", "true"},
		"short user":       {"ssh://git@github.com/a/b", "git"},
		"user behind port": {"http://hostname/path/to@x", "hostname/path/to"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if forms := formsIn(test.value); slices.Contains(forms, test.no) {
				t.Errorf("%q has the form %q", test.value, test.no)
			}
		})
	}
}

// Texts that make a careless reader of parts read the rest again at each step.
func TestPartsOfHostileText(t *testing.T) {
	t.Parallel()
	const size = 64 << 10
	for _, unit := range []string{"pwd={;", "://", "A='\n", "A=\"\\\n", "pwd='", `["`, "[", `{"a":`, "-----BEGIN ", "-----BEGIN A-----", "\r", "password=''"} {
		value := strings.Repeat(unit, size/len(unit))
		if n := len(formsIn(value)); n > size/len(unit)+maxExtra {
			t.Errorf("%q: %d forms", unit, n)
		}
	}
}
