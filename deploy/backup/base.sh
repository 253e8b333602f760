#!/bin/sh
# A base backup of the whole server, while it runs: sh base.sh URL FOLDER
#
# Makes FOLDER/base-<time in UTC>, checks it against its manifest, and prints where it lies. What is begun and not
# finished is called .base-* and may be thrown away. The login of URL needs the right REPLICATION.
# Give an URL without a password, which the list of processes would show to everybody on the machine: the password stands
# in ~/.pgpass, or in the file that PGPASSFILE names (mode 0600).
#
# Tables that lie on another disk (docs/scale.md) come along in FOLDER/base-<time>.tablespaces, to which the backup leads:
# keep the two together, under this very path.
set -eu
umask 077
url=$1
to=$(cd "$2" && pwd)
name="base-$(date -u +%Y%m%dT%H%M%SZ)"
draft="$to/.$name.$$"
elsewhere=$(psql --quiet --no-psqlrc --no-password --tuples-only --no-align --field-separator=' ' --dbname="$url" --command="
    SELECT oid, replace(pg_tablespace_location(oid), '=', E'\\\\=') FROM pg_tablespace
     WHERE pg_tablespace_location(oid) LIKE '/%'")
set --
while read -r oid location; do
    [ -z "$oid" ] || set -- "$@" "--tablespace-mapping=$location=$to/$name.tablespaces/$oid"
done <<END
$elsewhere
END
pg_basebackup --dbname="$url" --pgdata="$draft" --wal-method=stream --checkpoint=fast --no-password "$@"
pg_verifybackup --quiet "$draft"
mv -n "$draft" "$to/$name"
sync "$to"
echo "$to/$name"
