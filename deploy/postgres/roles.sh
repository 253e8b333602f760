#!/bin/sh
# Run once by the image of PostgreSQL, when it makes its data: the logins. None is a superuser. It may be run again, to
# add what an older version did not have:
#
#   docker compose exec postgres sh /docker-entrypoint-initdb.d/10-roles.sh && docker compose run --rm migrate
#
#   aduan_owner      owns the tables: migrations, rebuilds, erasing, changing the master key
#   aduan_<service>  what each service logs in as. It may write its own tables and append its own types of events; which
#                    those are stands in shared/application/service_roles.py and is granted by `aduan migrate`
#   aduan_web        the process with the portal and the conversations, in the profile `apart`
#   aduan_front      the process with portal, conversations and intake; aduan_back: all others, in the profile `few`
#
# Whoever builds dashboards gets a login in the role aduan_dashboards (docs/dashboards.md).
set -eu
secrets=${SECRETS:-/run/secrets}
database=${POSTGRES_DB:-aduan}

sql() {
    psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname="$database" "$@"
}
# A role that can log in with the password of its file; one without a file cannot log in, unless it could before.
role() {
    {
        printf '%s\n' "SELECT 'CREATE ROLE aduan_$1 NOLOGIN' WHERE to_regrole('aduan_$1') IS NULL \\gexec" \
            "ALTER ROLE aduan_$1 INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE;" \
            "GRANT CONNECT ON DATABASE :\"database\" TO aduan_$1;"
        # psql reads the file itself and writes the quotes, whatever the password holds.
        [ ! -s "$secrets/$1_password" ] || printf '%s\n' "\\set password \`tr -d '\\n' < \"\$PASSWORD_FILE\"\`" \
            "ALTER ROLE aduan_$1 LOGIN PASSWORD :'password';"
    } | PASSWORD_FILE="$secrets/$1_password" sql --set=database="$database"
}

for each in app owner intake routing sla notify reporting portal channels web front back dashboards; do
    role "$each"
done
# One login for all services, as there was before each had its own: only where it is given a password.
if [ -s "$secrets/service_password" ]; then
    role service
    echo "GRANT aduan_app TO aduan_service;" | sql
fi
sql --set=database="$database" <<'SQL'
GRANT aduan_app TO aduan_owner;
GRANT aduan_portal, aduan_channels TO aduan_web;
GRANT aduan_portal, aduan_channels, aduan_intake TO aduan_front;
GRANT aduan_routing, aduan_sla, aduan_notify, aduan_reporting TO aduan_back;
GRANT pg_checkpoint, pg_read_all_stats TO aduan_owner;
ALTER DATABASE :"database" OWNER TO aduan_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO aduan_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
