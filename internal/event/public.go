package event

// Public reports whether strangers may read what the run shows. On GitHub that is so
// unless the event says that the repository is private, as it does of an internal one
// too; an event that cannot be read, or has no repository, as one on a schedule may,
// says nothing. GitLab says it in a variable
// (https://docs.gitlab.com/ci/variables/predefined_variables/). Elsewhere nobody is told.
func (e Event) Public() bool {
	_, onGitHub := e.lookup("GITHUB_ACTIONS")
	if onGitHub || e.get("GITHUB_EVENT_PATH") != "" {
		private, _ := e.at("repository", "private").(bool)
		return !private
	}
	return e.get("CI_PROJECT_VISIBILITY") == "public"
}
