# The steps of ./test. Each runs in a subshell under `set -e`, with its output in target/test-logs/NAME.log.

step_install() {
  install_packages
  require_node
  npm_packages tests/interop
  npm_packages tests/browser
}

step_format() { cargo fmt --all --check; }

step_repository() { node_tests tests/repository/repository.test.mjs; }

step_dependencies() {
  local status=0
  node_tests tests/repository/dependencies.test.mjs || status=1
  if ! cargo deny --version; then
    skip "cargo-deny is not installed; the same lists were checked from Cargo's metadata, the licence texts were not"
  elif cargo deny check licenses bans sources; then
    count passed 1
  else
    count failed 1
    status=1
  fi
  return "$status"
}

step_lint() { cargo clippy --workspace --all-targets --locked -- -D warnings; }

step_rust() {
  local status=0 output=$scratch/rust
  trap stop_postgres EXIT
  start_postgres
  if cargo nextest --version; then
    cargo nextest run --workspace --locked --no-fail-fast --no-tests=pass --success-output=final \
      ${long:+--run-ignored=all} 2>&1 | tee "$output" || status=$?
    tally_nextest "$output"
  else
    cargo test --workspace --locked --no-fail-fast --lib --bins --tests -- \
      --show-output ${long:+--include-ignored} 2>&1 | tee "$output" || status=$?
    tally_libtest "$output"
  fi
  return "$status"
}

step_doctest() {
  local status=0 output=$scratch/doctest
  cargo test --workspace --locked --no-fail-fast --doc 2>&1 | tee "$output" || status=$?
  tally_libtest "$output"
  return "$status"
}

step_wasm() {
  local triple=wasm32-unknown-unknown
  if [[ ! -d $(rustc --print sysroot)/lib/rustlib/$triple/lib ]]; then
    skip "the Rust target $triple is not installed, so waymark-credential was not checked for the browser"
    return 0
  fi
  cargo check -p waymark-credential --lib --locked --target "$triple"
}

# Changes the verifier in every way that the tool knows and asks the tests whether they notice.
step_mutants() {
  if [[ -z $long ]]; then
    skip "the verifier was not mutated; ./test --long does it"
    return 0
  fi
  if ! cargo mutants --version; then
    skip "cargo-mutants is not installed, so the verifier was not mutated"
    return 0
  fi
  local status=0
  # only what asks the verifier is built and run for each change: the unit tests, `verify` and `hostile`
  env -u CARGO_TARGET_DIR cargo mutants --package waymark-credential --file 'crates/waymark-credential/src/verify/**' \
    --no-shuffle --jobs 2 --timeout 150 -C --lib -C --test=verify -C --test=hostile --output "$scratch" || status=$?
  # 2: some were missed, 3: some ran too long. How many that may be, the count decides.
  ((status == 0 || status == 2 || status == 3)) || return "$status"
  node tests/run/mutants.mjs "$scratch/mutants.out/outcomes.json" 95
}

# The Rust tests built it already, unless this step is run alone; asking for the tests keeps their choice of features, so that
# nothing is built twice. A release build takes as long as everything else together.
step_program() {
  if [[ -n $long ]]; then cargo build --release --locked --bin waymark; else cargo test --workspace --locked --no-run; fi
}

step_one_file() { node_tests tests/one-file/one_file.test.mjs; }

step_interop() { node_tests tests/interop/*.test.mjs; }

step_browser() { node_tests tests/browser/*.test.mjs; }

# node_tests FILE...: node's own runner; readable on the log, TAP to count
node_tests() {
  local status=0 tap=$scratch/tap
  node --test --test-concurrency=1 --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" "$@" || status=$?
  count passed "$(tap_total "$tap" pass)"
  count failed $(($(tap_total "$tap" fail) + $(tap_total "$tap" cancelled)))
  sed -nE 's/^ *(not )?ok [0-9]+ - (.*) # (SKIP|TODO)( (.*))?$/skipped 1 \2: \5/p' "$tap" >>"$tally"
  return "$status"
}

tap_total() { sed -nE "s/^# $2 ([0-9]+)\$/\1/p" "$1" | tail -n 1 | grep . || echo 0; }

# A Rust test that lacks its input prints `skipped: REASON` at the start of a line and returns; it counts as skipped, not passed.
tally_skips() {
  local passed=$1 output=$2 lines
  lines=$(sed -nE 's/^ *skipped: (.*)$/skipped 1 \1/p' "$output")
  [[ -z $lines ]] || { printf '%s\n' "$lines" >>"$tally"; passed=$((passed - $(wc -l <<<"$lines"))); }
  count passed "$passed"
}

tally_nextest() {
  local summary passed ignored
  summary=$(sed -nE 's/^ *Summary \[[^]]*\] //p' "$1" | tail -n 1)
  [[ -n $summary ]] || { echo "cargo nextest printed no summary"; return 1; }
  number_of() { grep -oE "[0-9]+ $1" <<<"$summary" | grep -oE '^[0-9]+' || echo 0; }
  tally_skips "$(number_of passed)" "$1"
  count failed $(($(number_of failed) + $(number_of 'timed out') + $(number_of 'exec failed')))
  ignored=$(number_of skipped)
  tally_ignored "$ignored"
}

tally_libtest() {
  local passed failed ignored
  read -r passed failed ignored < <(sed -nE 's/^test result: .* ([0-9]+) passed; ([0-9]+) failed; ([0-9]+) ignored.*/\1 \2 \3/p' "$1" |
    awk '{ p += $1; f += $2; i += $3 } END { print p + 0, f + 0, i + 0 }')
  tally_skips "$passed" "$1"
  count failed "$failed"
  tally_ignored "$ignored"
}

# Every ignored Rust test says why in its attribute; the report repeats it.
tally_ignored() {
  local reasons
  (($1 > 0)) || return 0
  reasons=$(grep -rhoE --include='*.rs' '#\[ignore = "[^"]+"\]' crates src tests | sed -E 's/^#\[ignore = "(.*)"\]$/\1/' | paste -sd ';' | sed 's/;/; /g')
  printf 'skipped %d %d Rust tests marked #[ignore] (./test --long runs them): %s\n' "$1" "$1" "$reasons" >>"$tally"
}
