# Installs what the tests need and this machine lacks. Nothing is compiled from source; what is there already is left alone.

postgres_bin() {
  local candidate
  for candidate in "$(dirname "$(command -v initdb || echo /)")" /usr/lib/postgresql/*/bin; do
    [[ -x $candidate/initdb && -x $candidate/pg_ctl ]] && { echo "$candidate"; return 0; }
  done
  return 1
}

has_japanese_font() { command -v fc-list >/dev/null && [[ -n $(fc-list :lang=ja family) ]]; }

missing_packages() {
  command -v cc >/dev/null || echo gcc libc6-dev
  command -v node >/dev/null && command -v npm >/dev/null || echo nodejs npm
  command -v chromium >/dev/null || echo chromium
  postgres_bin >/dev/null || echo postgresql
  command -v fc-list >/dev/null || echo fontconfig
  has_japanese_font || echo fonts-noto-cjk
}

install_packages() {
  local packages become=()
  read -ra packages <<<"$(missing_packages | tr '\n' ' ')"
  ((${#packages[@]})) || { echo "Debian packages: nothing is missing"; return 0; }
  command -v apt-get >/dev/null || { echo "missing and no apt-get here; install by hand: ${packages[*]}"; return 1; }
  ((EUID == 0)) || become=(sudo -n)
  export DEBIAN_FRONTEND=noninteractive
  ${become[@]+"${become[@]}"} apt-get update -q
  ${become[@]+"${become[@]}"} apt-get install -q -y --no-install-recommends "${packages[@]}"
}

# Debian 12's own Node.js is too old for the verifiers; a newer one is the reader's to choose.
require_node() {
  node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' || { echo "Node.js 20 or newer is needed, this is $(node --version)"; return 1; }
}

# npm_packages DIR: exactly what DIR/package-lock.json says, once per lock file
npm_packages() {
  local stamp=$1/node_modules/.installed-from
  cmp -s "$1/package-lock.json" "$stamp" && { echo "npm packages of $1: nothing is missing"; return 0; }
  (cd "$1" && npm ci --no-audit --no-fund)
  cp "$1/package-lock.json" "$stamp"
}
