#!/usr/bin/env bash
# Applies sql/ to the server on the Unix socket, with the logins of postgres.config, which start.sh has put into the
# environment. May run again at any time.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
query() { psql -X -q -v ON_ERROR_STOP=1 -U postgres -o /dev/null "$@"; }

# A first start that was cut short can leave a server without the database.
query -d postgres <<'SQL'
\getenv db POSTGRES_DB
SELECT format('CREATE DATABASE %I', :'db') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'db') \gexec
SQL

{
  cat <<'SQL'
SET client_min_messages = warning;
\getenv shop_user SHOP_USER
\getenv shop_password SHOP_PASSWORD
\getenv debezium_user DEBEZIUM_USER
\getenv debezium_password DEBEZIUM_PASSWORD
\getenv audit_user AUDIT_USER
\getenv audit_password AUDIT_PASSWORD
SELECT set_config('shop.shop_user', :'shop_user', false), set_config('shop.shop_password', :'shop_password', false),
  set_config('shop.debezium_user', :'debezium_user', false),
  set_config('shop.debezium_password', :'debezium_password', false),
  set_config('shop.audit_user', :'audit_user', false), set_config('shop.audit_password', :'audit_password', false);
SQL
  printf '\\i %s\n' "$here"/sql/*.sql
} | query -d "$POSTGRES_DB"
