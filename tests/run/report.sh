# Runs steps and counts. A step is a function `step_NAME`; it is one test, unless it tallies the tests it ran itself.

logs=$target/test-logs
scratch=$(mktemp -d)
tally=$scratch/tally
mkdir -p "$logs"
total_passed=0 total_failed=0 total_skipped=0
failed_steps=()
reasons=()
known_steps=()
running=

# count passed|failed N
count() { printf '%s %d\n' "$1" "$2" >>"$tally"; }

# skip REASON: one test that could not be run here, and why
skip() { printf 'skipped 1 %s\n' "$*" >>"$tally"; }

sum_of() { awk -v kind="$1" '$1 == kind { n += $2 } END { print n + 0 }' "$tally"; }

is_wanted() {
  ((${#wanted[@]} == 0)) && return 0
  local each
  for each in "${wanted[@]}"; do [[ $each == "$1" ]] && return 0; done
  return 1
}

# What an interrupt does: ends the running step with everything it started, lets it tidy up, and leaves.
interrupted() {
  trap '' INT TERM
  if [[ -n $running ]]; then
    kill -TERM -- "-$running"
    wait "$running"
  fi
  exit 130
}

step() {
  local name=$1 log=$logs/$1.log start=$SECONDS status passed failed skipped reason
  known_steps+=("$name")
  is_wanted "$name" || return 0
  : >"$tally"
  printf '%-13s' "$name"
  set -m # a process group of its own, so that an interrupt ends all of it
  (set -e; "step_$name") >"$log" 2>&1 </dev/null &
  running=$!
  set +m
  wait "$running"
  status=$?
  running=
  passed=$(sum_of passed) failed=$(sum_of failed) skipped=$(sum_of skipped)
  if ((status != 0 && failed == 0)); then failed=1; fi
  if ((status == 0)) && [[ ! -s $tally ]]; then passed=1; fi
  ((total_passed += passed, total_failed += failed, total_skipped += skipped))
  printf '%5d passed %3d failed %3d skipped %5ds\n' "$passed" "$failed" "$skipped" $((SECONDS - start))
  while read -r reason; do reasons+=("$name: $reason"); done < <(sed -nE 's/^skipped [0-9]+ (.+)/\1/p' "$tally")
  if ((failed > 0)); then
    failed_steps+=("$name")
    printf -- '--- end of %s ---\n' "$log"
    tail -n 80 "$log"
    printf -- '--- %s failed ---\n' "$name"
  fi
}

report() {
  local each
  for each in ${wanted[@]+"${wanted[@]}"}; do
    [[ " ${known_steps[*]} " == *" $each "* ]] || { echo "no step named $each; there are: ${known_steps[*]}" >&2; exit 2; }
  done
  for each in ${reasons[@]+"${reasons[@]}"}; do echo "skipped: $each"; done
  for each in ${failed_steps[@]+"${failed_steps[@]}"}; do echo "failed: $each (see $logs/$each.log)"; done
  echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
  ((total_failed == 0))
}
