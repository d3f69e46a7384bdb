# Sourced by the scripts that push the tags of a release.

# push pushes to origin, all or nothing, with the deploy key if there is one. GitHub
# lets the token of a job push no commit whose workflows are other than those at the
# tip of every branch, and a release names itself in one of them; it lets deploy keys.
#
#   DEPLOY_KEY  the private key; without one, git pushes as it is set up to
push() (
	if [ -n "${DEPLOY_KEY:-}" ]; then
		folder=$(mktemp -d) # for this user alone
		trap 'rm -rf "$folder"' EXIT
		printf '%s\n' "$DEPLOY_KEY" >"$folder/key"
		chmod 600 "$folder/key"
		# https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
		echo 'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl' >"$folder/hosts"
		GIT_SSH_COMMAND="ssh -F none -i '$folder/key' -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o 'UserKnownHostsFile=$folder/hosts'"
		export GIT_SSH_COMMAND
		unset DEPLOY_KEY
	fi
	git push --quiet --atomic "$@"
)
