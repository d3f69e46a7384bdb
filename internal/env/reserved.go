package env

import (
	"strings"
	"sync"
)

// platforms are variables that a CI sets by itself to a token, a password or what
// stands for one, and those that steer this program. A name that ends in * stands
// for all that begin so. Who may change a manifest could have them stored where an
// agent reads them.
var platforms = []struct {
	why   string // behind the name and "which"
	names []string
}{
	// Beside the names of its files the runner hands over ACTIONS_RUNTIME_TOKEN and
	// ACTIONS_ID_TOKEN_REQUEST_TOKEN (actions/runner, ActionRunner.cs and
	// ScriptHandler.cs); act does the same.
	{"is the runner's own", []string{"GITHUB_*", "ACTIONS_*", "RUNNER_*"}},
	// Gitea and Forgejo have the job's token under names of their own, too
	// (https://docs.gitea.com/usage/actions/token-permissions,
	// https://forgejo.org/docs/latest/user/actions/).
	{"is the runner's own", []string{"GITEA_TOKEN", "FORGEJO_TOKEN", "GITEA_RUNNER_*", "FORGEJO_RUNNER_*", "GITEA_ACTIONS*", "FORGEJO_ACTIONS*"}},
	// https://docs.gitlab.com/ci/variables/predefined_variables/. The URL of the
	// repository has the job's token in it. CI_BUILD_TOKEN is the name before 9.0.
	{"is GitLab's own", []string{
		"CI_JOB_TOKEN", "CI_JOB_JWT*", "CI_BUILD_TOKEN", "CI_REPOSITORY_URL", "CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD",
		"CI_DEPLOY_USER", "CI_DEPLOY_PASSWORD", "CI_DEPENDENCY_PROXY_USER", "CI_DEPENDENCY_PROXY_PASSWORD", "CI_RUNNER_*", "CI_SERVER_*",
	}},
	// woodpecker-ci/woodpecker, pipeline/frontend/metadata/environment.go and
	// pipeline/frontend/yaml/compiler: CI_NETRC_* for trusted plugins; the agent's
	// own are WOODPECKER_AGENT_SECRET and others.
	{"is Woodpecker's own", []string{"CI_NETRC_*", "WOODPECKER_*"}},
	// drone/runner-go, environ and pipeline/runtime: DRONE_NETRC_PASSWORD,
	// DRONE_NETRC_FILE, DRONE_SYSTEM_*; of the runner DRONE_RPC_SECRET.
	{"is Drone's own", []string{"DRONE_*"}},
	// https://learn.microsoft.com/azure/devops/pipelines/build/variables
	// (System.AccessToken, System.OidcRequestUri); a task's service connections and
	// secure files (microsoft/azure-pipelines-task-lib, internal.ts), and the tokens
	// for feeds (VSS_NUGET_*).
	{"is Azure Pipelines' own", []string{"SYSTEM_ACCESSTOKEN", "SYSTEM_OIDCREQUESTURI", "ENDPOINT_AUTH_*", "ENDPOINT_DATA_*", "SECUREFILE_*", "VSS_NUGET_*"}},
	// https://buildkite.com/docs/pipelines/configure/environment-variables
	// (BUILDKITE_AGENT_ACCESS_TOKEN), and the agent's job API
	// (BUILDKITE_AGENT_JOB_API_TOKEN).
	{"is Buildkite's own", []string{"BUILDKITE_AGENT_*"}},
	// https://circleci.com/docs/reference/variables/ (CIRCLE_OIDC_TOKEN_V2).
	{"is CircleCI's own", []string{"CIRCLE_*"}},
	// https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/:
	// BITBUCKET_STEP_OIDC_TOKEN; the proxy of the API has PIPELINES_JWT_TOKEN.
	{"is Bitbucket's own", []string{"BITBUCKET_*", "PIPELINES_JWT_TOKEN"}},
	// https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables;
	// HUDSON_ are the names before the fork.
	{"is Jenkins' own", []string{"JENKINS_*", "HUDSON_*"}},
	// https://docs.travis-ci.com/user/environment-variables/,
	// https://www.appveyor.com/docs/environment-variables/ (APPVEYOR_API_URL),
	// https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html (the
	// file of TEAMCITY_BUILD_PROPERTIES_FILE has TEAMCITY_AUTH_PASSWORD),
	// https://docs.semaphore.io (SEMAPHORE_OIDC_TOKEN),
	// https://cirrus-ci.org/guide/writing-tasks/ (CIRRUS_REPO_CLONE_TOKEN),
	// https://devcenter.bitrise.io (BITRISE_BUILD_API_TOKEN),
	// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html.
	{"is the CI's own", []string{"TRAVIS_*", "APPVEYOR_*", "TEAMCITY_*", "SEMAPHORE_*", "CIRRUS_*", "BITRISE_*", "CODEBUILD_*"}},
	// A proxy often has a password in its address
	// (golang.org/x/net/http/httpproxy, FromEnvironment; curl's manual).
	{"steers this program and other commands", []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY", "SSL_CERT_*", "NODE_EXTRA_CA_CERTS", "GODEBUG"}},
	// Of the inputs, ENV_JSON holds all values at once.
	{"is this program's own", []string{"INPUT_*", "PLUGIN_*", "NAIRI_*"}},
}

// Reserved returns the name, or how it begins with an *, of the variables that a
// name is one of, and what they are; "" for a name that anybody may give. Windows
// takes names in any case, and proxies are read in both.
func Reserved(variable string) (name, why string) {
	variable = strings.ToUpper(variable)
	for _, r := range reserved()[variable[:min(len(variable), 1)]] {
		if IsOf(variable, r.name) {
			return r.name, r.why
		}
	}
	return "", ""
}

// IsOf reports whether a variable has a name or, of one that ends in *, begins with it.
func IsOf(variable, name string) bool {
	begin, family := strings.CutSuffix(name, "*")
	return variable == name || family && strings.HasPrefix(variable, begin)
}

type reservedName struct{ name, why string }

// reserved are the names of all platforms by their first letter: a manifest may have a
// hundred thousand variables.
var reserved = sync.OnceValue(func() map[string][]reservedName {
	byLetter := map[string][]reservedName{}
	for _, platform := range platforms {
		for _, name := range platform.names {
			byLetter[name[:1]] = append(byLetter[name[:1]], reservedName{name, platform.why})
		}
	}
	return byLetter
})
