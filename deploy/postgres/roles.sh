#!/bin/sh
# Run once by the image of PostgreSQL, when it makes its data: the logins. Neither is a superuser.
#
#   aduan_owner    owns the tables: migrations, rebuilds, erasing, changing the master key
#   aduan_service  what the services log in as; it may act as aduan_app, and as nothing else
#
# Whoever builds dashboards gets a login in the role aduan_dashboards (docs/dashboards.md).
set -eu
owner=$(tr -d '\n' < "${SECRETS:-/run/secrets}/owner_password")
service=$(tr -d '\n' < "${SECRETS:-/run/secrets}/service_password")
database=${POSTGRES_DB:-aduan}

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname="$database" \
    --set=owner_password="$owner" --set=service_password="$service" --set=database="$database" <<'SQL'
CREATE ROLE aduan_app NOLOGIN;
CREATE ROLE aduan_dashboards NOLOGIN;
CREATE ROLE aduan_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE aduan_service LOGIN PASSWORD :'service_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;
GRANT aduan_app TO aduan_owner, aduan_service;
GRANT pg_checkpoint, pg_read_all_stats TO aduan_owner;
ALTER DATABASE :"database" OWNER TO aduan_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO aduan_service;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO aduan_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
