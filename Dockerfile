# The image for container CIs and for `uses: docker://…`: the program, and the
# certificates of public authorities, and nothing else.
ARG GO_IMAGE=golang:1.26.8-bookworm

# The compiler runs on the machine that builds, whatever the image is for.
FROM --platform=${BUILDPLATFORM:-linux/amd64} ${GO_IMAGE} AS build
ARG VERSION=devel
ARG COMMIT=unknown
# Set by BuildKit; without them the image is for the machine that builds it.
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
COPY go.mod go.sum ./
RUN ["go", "mod", "download"]
COPY . .
ENV CGO_ENABLED=0 GOFLAGS=-trimpath
RUN GOOS=${TARGETOS} GOARCH=${TARGETARCH} go build -buildvcs=false \
    -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT}" -o /vault-secret .

# No USER line: GitHub mounts the files of outputs and summaries so that root
# alone can write them (https://docs.github.com/en/actions/reference/dockerfile-support-for-github-actions#user).
# Other CIs can give any user, as in docker run --user 65534.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /vault-secret /vault-secret
ENTRYPOINT ["/vault-secret"]
