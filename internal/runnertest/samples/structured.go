package samples

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func armoured() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		body := Printable(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 400).Draw(t, "size"))
		text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte(body)}))
		switch rapid.IntRange(0, 3).Draw(t, "shape") {
		case 1:
			text = strings.ReplaceAll(text, "\n", "\r\n")
		case 2:
			text = strings.ReplaceAll(text, "\n", `\n`)
		case 3:
			text = base64.StdEncoding.EncodeToString([]byte(text))
		}
		return Sample{Text: text}
	})
}

// object draws JSON whose strings are values of the other kinds.
func object() *rapid.Generator[Sample] {
	leaf := rapid.OneOf(plainText(), mixture(), lines(), address(), connection())
	return rapid.Custom(func(t *rapid.T) Sample {
		var s Sample
		nested := map[string]any{"port": 5432, "on": true}
		all := map[string]any{"type": "service_account", "list": []any{1, nil, nested}}
		for i, part := range rapid.SliceOfN(leaf, 1, 3).Draw(t, "leaves") {
			if utf8.ValidString(part.Text) && !strings.ContainsRune(part.Text, 0) {
				s.Leaves = append(s.Leaves, part.Text)
				s.Passwords = append(s.Passwords, part.Passwords...)
				[]map[string]any{all, nested}[i%2][fmt.Sprint("key", i)] = part.Text
			}
		}
		text, err := json.Marshal(all)
		if rapid.Bool().Draw(t, "indented") {
			text, err = json.MarshalIndent(all, "", "  ")
		}
		if err != nil {
			t.Fatal(err)
		}
		s.Text = string(text)
		return s
	})
}

// word draws what stands unquoted in a dotenv text, a URL and a connection string.
func word() *rapid.Generator[string] { return rapid.StringMatching(`[A-Za-z0-9!._~-]{4,20}`) }

// phrase draws what has to be quoted or percent-encoded there.
func phrase() *rapid.Generator[string] {
	return rapid.StringMatching(`[A-Za-z0-9!@#%^&*()/?:;= +~_.{}\[\]-]{4,24}`)
}

func dotenv() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		var s Sample
		for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
			name, quote := fmt.Sprint("KEY_", i), rapid.SampledFrom([]string{"", `"`, "'"}).Draw(t, "quote")
			leaf := word().Draw(t, "value")
			if quote != "" {
				leaf = phrase().Draw(t, "value")
			}
			s.Leaves = append(s.Leaves, leaf)
			s.Text += rapid.SampledFrom([]string{"", "export "}).Draw(t, "export") + name + "=" + quote + leaf + quote + "\n"
		}
		return s
	})
}

func address() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		scheme := rapid.SampledFrom([]string{"postgresql", "https", "amqp", "mongodb+srv", "redis"}).Draw(t, "scheme")
		tail := rapid.SampledFrom([]string{"", "/db", ":5432/db?sslmode=require", "/a,b?c=d&e=f"}).Draw(t, "tail")
		password := word().Draw(t, "password")
		if rapid.Bool().Draw(t, "raw") {
			return Sample{Text: scheme + "://user:" + password + "@host.example" + tail}.has(password)
		}
		password = phrase().Draw(t, "password")
		encoded := strings.ReplaceAll(url.QueryEscape(password), "+", "%20")
		return Sample{Text: scheme + "://user:" + encoded + "@host.example" + tail}.has(password).has(encoded)
	})
}

func connection() *rapid.Generator[Sample] {
	return rapid.Custom(func(t *rapid.T) Sample {
		password := word().Draw(t, "password")
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return Sample{Text: "Server=tcp:host,1433;User ID=sa;Password=" + password + ";Encrypt=true"}.has(password)
		case 1:
			return Sample{Text: "host=localhost user=app password=" + password + " dbname=app"}.has(password)
		case 2:
			return Sample{Text: "jdbc:postgresql://host/db?user=app&password=" + password + "&ssl=true"}.has(password)
		case 3:
			password = phrase().Draw(t, "password")
			return Sample{Text: "Server=host;Pwd='" + password + "';Database=db"}.has(password)
		}
		password = phrase().Draw(t, "password")
		return Sample{Text: "host=h password='" + password + "' dbname=d"}.has(password)
	})
}
