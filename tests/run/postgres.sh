# One throw-away PostgreSQL cluster for the run: loopback, random port and password, no durability, gone at exit.

pg_dir=
pg_as=()

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

# Sets WAYMARK_TEST_POSTGRES_URL: a role that may create databases.
start_postgres() {
  local bin owner port password memory=
  # Every test makes a database of a thousand files and drops it: in memory, where there is room, that takes a tenth of the time.
  (($(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1 | grep -E '^ *[0-9]+$' || echo 0) < 2097152)) || memory=/dev/shm
  bin=$(postgres_bin) || { echo "PostgreSQL's initdb and pg_ctl were not found"; return 1; }
  pg_dir=$(mktemp -d ${memory:+-p "$memory"})
  pg_as=()
  if ((EUID == 0)); then # initdb refuses root
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    pg_as=(runuser -u "$owner" --)
  fi
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$password" >"$pg_dir/password"
  [[ -z ${owner:-} ]] || chown -R "$owner" "$pg_dir"
  in_cluster "$bin/initdb" -D "$pg_dir/data" -U waymark --pwfile="$pg_dir/password" --auth=password \
    -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions || return 1
  for _ in 1 2 3 4 5; do # another program may take the port first
    port=$(free_port)
    if in_cluster "$bin/pg_ctl" -D "$pg_dir/data" -l "$pg_dir/log" -w -s start -o "-h 127.0.0.1 -p $port -k $pg_dir \
      -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"; then
      export WAYMARK_TEST_POSTGRES_URL=postgres://waymark:$password@127.0.0.1:$port/postgres
      return 0
    fi
  done
  cat "$pg_dir/log"
  return 1
}

in_cluster() { (cd "$pg_dir" && ${pg_as[@]+"${pg_as[@]}"} "$@"); }

stop_postgres() {
  [[ -n $pg_dir ]] || return 0
  [[ ! -s $pg_dir/data/postmaster.pid ]] || in_cluster "$(postgres_bin)/pg_ctl" -D "$pg_dir/data" -m immediate -w -s stop
  rm -rf "$pg_dir"
  pg_dir=
}
