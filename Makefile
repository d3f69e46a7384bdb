# Needs Go, git and a POSIX shell; what else is used is built from tools/.
.POSIX:
SHELL = bash

TOOLS = .tools
# Tools are built once for each state of tools/go.sum, and Gitea's runner, which has
# the libraries of act in other versions, for each of its own.
STAMP = $(TOOLS)/$(shell cksum <tools/go.sum | cut -d ' ' -f 1).stamp
GITEA = $(TOOLS)/gitea-$(shell cksum <tools/gitea/go.sum | cut -d ' ' -f 1).stamp

# The race detector needs a C compiler; without one the tests run all the same.
RACE = $(shell test "$$(go env CGO_ENABLED)" = 1 && command -v "$$(go env CC)" >/dev/null 2>&1 && echo -race)

.PHONY: help
help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' Makefile

.PHONY: build
build: ## build ./vault-secret
	CGO_ENABLED=0 go build -trimpath -o vault-secret .

.PHONY: demo
demo: ## see the action work, offline
	@bash examples/demo/demo.sh

.PHONY: pictures
pictures: ## draw docs/img again, from runs of the program; needs Chromium; BROWSER=chromium
	@go test ./cmd/pictures -run TestTexts -count 1 -update
	@go run ./cmd/pictures -browser "$(or $(BROWSER),chromium)" docs/img

.PHONY: test
test: $(STAMP) $(GITEA) ## run everything: lint, unit tests, scripts, workflows in real runners
	@code=0 log=$$(mktemp); $(MAKE) --no-print-directory lint >"$$log" 2>&1 & \
		$(MAKE) --no-print-directory check || code=1; wait $$! || code=1; cat "$$log"; rm "$$log"; exit $$code

.PHONY: check
check: $(STAMP) $(GITEA) ## run the tests alone
	@test -n "$(RACE)" || echo "no C compiler: the tests run without the race detector"
	@ACT_BINARY="$(CURDIR)/$(TOOLS)/act" ACTIONLINT_BINARY="$(CURDIR)/$(TOOLS)/actionlint" \
		GITEA_RUNNER_BINARY="$(CURDIR)/$(TOOLS)/gitea-runner" \
		RACE="$(RACE)" $(TOOLS)/gotestsum --format pkgname-and-test-fails --format-hide-empty-pkg --raw-command -- bash scripts/test.sh

.PHONY: lint
lint: $(STAMP) ## lint the code, the workflows and the pages
	$(TOOLS)/golangci-lint run --allow-parallel-runners ./...
	$(TOOLS)/golangci-lint run --allow-parallel-runners --build-tags released ./internal/cli
	$(TOOLS)/actionlint -shellcheck= -pyflakes=
	@go run ./cmd/prose

.PHONY: links
links: ## ask for every address of another host in the pages; needs the network
	@go run ./cmd/prose -links

.PHONY: bench
bench: $(STAMP) $(GITEA) ## measure a rotation beside curl and other clients, near and far, and steps in real runners; ONLY=rotation
	@go run ./bench -act $(TOOLS)/act -gitea $(TOOLS)/gitea-runner $(if $(ONLY),-only $(ONLY))

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME, 20s by default
	@grep -rl --include='*_test.go' '^func Fuzz' . | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$$file"); do \
			echo "$$(dirname "$$file") $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime "$${FUZZTIME:-20s}" "$$(dirname "$$file")" || exit 1; \
		done; \
	done

.PHONY: dist
dist: ## build what a release holds into dist/, for every platform; with VERSION=v1.2.3 the packages as well
	@bash scripts/dist.sh

.PHONY: sbom
sbom: ## print the SBOM of the program in dist/
	@bash scripts/sbom.sh dist/vault-secret_linux_amd64 "$(or $(VERSION),devel)"

.PHONY: release-tree
release-tree: ## make the commits of a release, and tag them if TAG=1; VERSION=v1.2.3
	@bash scripts/release-tree.sh

.PHONY: vulncheck
vulncheck: ## look for known vulnerabilities in what is used; needs the network
	@"$$(GOFLAGS=-buildvcs=false go tool -C tools -n govulncheck)" ./...

.PHONY: tools
tools: $(STAMP) $(GITEA) ## build the tools

$(STAMP): tools/go.mod tools/go.sum
	@echo "building the tools, once"
	@rm -rf $(TOOLS) && mkdir -p $(TOOLS)
	cd tools && GOFLAGS=-buildvcs=false go build -o ../$(TOOLS)/ tool
	@touch $@

# Building the others empties the folder.
$(GITEA): $(STAMP) tools/gitea/go.mod tools/gitea/go.sum
	@echo "building Gitea's runner, once"
	@rm -f $(TOOLS)/gitea-*.stamp
	cd tools/gitea && GOFLAGS=-buildvcs=false go build -o ../../$(TOOLS)/gitea-runner gitea.com/gitea/runner
	@touch $@

.PHONY: clean
clean: ## remove what was built
	rm -rf $(TOOLS) dist release vault-secret vault-secret.exe
