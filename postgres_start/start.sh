#!/usr/bin/env bash
# Starts Postgres with the values of config/postgres.config. A changed password or a new SQL file takes effect at the next
# start. No password is in an image layer, `docker inspect` or a command line.
set -euo pipefail
here=$(dirname "$0")
# In the background, because bash would handle the image's stop signal (SIGINT) only after Node has ended, and Node may wait for a fix.
exec 3< <(exec node "$here/src/print-settings.ts")
trap 'exit 130' INT TERM
wait $!
trap - INT TERM
eval "$(cat <&3)"
exec 3<&-

if [ -s "$PGDATA/PG_VERSION" ]; then
  # Not the first start: the image would not apply the SQL files again, so a server for this script alone does.
  options=''
  for word in "${@:2}" -c listen_addresses=; do options+=$(printf '%q ' "$word"); done
  pg_ctl -D "$PGDATA" -w -t 600 -s -o "$options" start
  "$here/apply.sh"
  pg_ctl -D "$PGDATA" -w -t 600 -s -m fast stop
else
  # The superuser's password is shown nowhere: inside the container the Unix socket needs none.
  POSTGRES_PASSWORD=$(head -c 32 /dev/urandom | base64)
  export POSTGRES_PASSWORD
fi
exec docker-entrypoint.sh "$@"
