package suspect

import (
	"slices"
	"strings"
)

// errorKeys say in a document of JSON that something failed.
var errorKeys = []string{
	"error", "errors", "error_description", "errormessage", "error_message", "errmsg", "fault", "message", "msg", "detail", "exception",
	"errorcode", "error_code",
}

// besideErrors are the other keys of answers that are errors: of GitHub, AWS,
// Azure, Google, OAuth 2, RFC 9457, Kubernetes, GraphQL and Spring.
var besideErrors = []string{
	"documentation_url", "status", "statuscode", "status_code", "code", "__type",
	"type", "title", "instance", "traceid", "trace_id", "requestid", "request_id",
	"correlation_id", "correlationid", "timestamp", "path", "error_codes", "error_uri", "reason", "details", "success", "ok", "data",
	"warnings", "warning", "info", "kind",
	"apiversion", "metadata", "resource", "meta", "help", "hint", "domain", "result", "auth", "extensions", "httpstatus", "changed", "failed", "rc",
	"errortype", "stacktrace", "trace", "recommend", "hostid",
}

// contents are those of them under which a good answer has what was asked for.
var contents = []string{"data", "result", "auth", "meta"}

// errorDocument is an object, or a list of them, that says nothing but that
// something failed.
func errorDocument(root any) bool {
	if list, ok := root.([]any); ok {
		return len(list) > 0 && !slices.ContainsFunc(list, func(element any) bool { return !errorDocument(element) })
	}
	object, _ := root.(map[string]any)
	says := false
	for key, member := range object {
		key = strings.ToLower(key)
		isError := slices.Contains(errorKeys, key)
		says = says || isError
		if !isError && !slices.Contains(besideErrors, key) || slices.Contains(contents, key) && !empty(member) {
			return false
		}
	}
	return says
}

// unresolved are keys of a map that a platform or a template resolves: of
// Woodpecker and Drone, of Kubernetes, of CloudFormation, of NixOS.
var unresolved = []string{
	"from_secret", "fromSecret", "from_env", "valueFrom", "secretKeyRef",
	"secret_key_ref", "configMapKeyRef", "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::ImportValue",
	"Fn::Join", "_secret", "$secret", "$env", "secretRef",
}

// unresolvedMap has a member with one of those keys alone: from_secret anywhere,
// the others as the whole.
func unresolvedMap(s *sample) bool {
	if object, ok := s.document.(map[string]any); ok && len(object) == 1 {
		for key := range object {
			if slices.Contains(unresolved, key) {
				return true
			}
		}
	}
	return hasFromSecret(s.document) || strings.Contains(s.core, "map[from_secret:") || strings.HasPrefix(s.core, "{from_secret:")
}

func hasFromSecret(node any) bool {
	switch node := node.(type) {
	case []any:
		return slices.ContainsFunc(node, hasFromSecret)
	case map[string]any:
		if _, found := node["from_secret"].(string); found && len(node) == 1 {
			return true
		}
		for _, element := range node {
			if hasFromSecret(element) {
				return true
			}
		}
	}
	return false
}

// envelopes are keys that together make the answer of a tool: terraform output
// -json, aws secretsmanager, vault kv get -format=json, az keyvault.
var envelopes = [][]string{
	{"sensitive", "type", "value"},
	{"ARN", "VersionId", "SecretString"},
	{"ARN", "Name", "VersionStages"},
	{"request_id", "lease_id", "data"},
	{"contentType", "id", "value", "attributes"},
}

// wholeAnswer has the keys of one of them, or a member for each output of
// Terraform.
func wholeAnswer(s *sample) bool {
	object, _ := s.document.(map[string]any)
	if len(object) == 0 {
		return false
	}
	if slices.ContainsFunc(envelopes, func(keys []string) bool { return hasKeys(object, keys) }) || isBuffer(object) || isParameter(object) {
		return true
	}
	for _, member := range object {
		output, _ := member.(map[string]any)
		if !hasKeys(output, envelopes[0]) {
			return false
		}
	}
	return true
}

func hasKeys(object map[string]any, keys []string) bool {
	return !slices.ContainsFunc(keys, func(key string) bool { _, found := object[key]; return !found })
}

func isBuffer(object map[string]any) bool {
	_, bytes := object["data"].([]any)
	return bytes && object["type"] == "Buffer" && len(object) == 2
}

// isParameter is the answer of aws ssm get-parameter.
func isParameter(object map[string]any) bool {
	parameter, _ := object["Parameter"].(map[string]any)
	return len(object) == 1 && hasKeys(parameter, []string{"Name", "Value"})
}

// ownMember is an object whose one member is the secret's own name.
func ownMember(s *sample) bool {
	object, _ := s.document.(map[string]any)
	value, found := object[s.about.EnvKey].(string)
	return found && len(object) == 1 && value != "" && s.about.EnvKey != ""
}

// emptyJSON is an object or a list without a text or a number in it.
func emptyJSON(s *sample) bool {
	return s.document != nil && !nothing(s) && empty(s.document)
}

func empty(node any) bool {
	switch node := node.(type) {
	case string:
		return node == ""
	case float64, bool:
		return false
	case []any:
		return !slices.ContainsFunc(node, func(element any) bool { return !empty(element) })
	case map[string]any:
		for _, element := range node {
			if !empty(element) {
				return false
			}
		}
	}
	return true
}
