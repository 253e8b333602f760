#!/bin/sh
# Makes a server's data from a base backup and the archived log: sh restore.sh BASE WAL DATA [TIME]
#
# DATA must be empty or not there. Without TIME everything is restored that was archived; with TIME (for example
# '2026-11-26 08:00:00+00') all that was committed until then. Run it as the user that PostgreSQL runs as, then start
# the server on DATA: it reads the archive, opens a new timeline and takes writes.
#
# In the restored server no commit waits for a standby, and nothing is archived, until you set both again: a rehearsal
# must not write into the archive of the server that it copies. Before the server gets a standby, or is backed up itself,
# these settings must go, or others would stop at TIME as well: see docs/backup.md.
#
# Killed on its way, it is said again: until it is done the server does not start on DATA, which lacks PG_VERSION, and the
# next run throws away what it finds there.
#
# What lay on another disk is laid into DATA.tablespaces; move it where you want it while the server is stopped, and lead
# the links in DATA/pg_tblspc there.
set -eu
umask 077
base=$1
wal=$2
data=${3%/}
time=${4:-}
unfinished="$data/PG_VERSION.unfinished"
if [ -e "$unfinished" ]; then
    rm -rf "$data.tablespaces"
    find "$data" -mindepth 1 -maxdepth 1 ! -path "$unfinished" -exec rm -rf {} +
elif [ -e "$data" ] && [ -n "$(ls -A "$data")" ]; then
    echo "restore.sh: $data is not empty; nothing was done" >&2
    exit 1
fi
if [ -e "$data.tablespaces" ]; then
    echo "restore.sh: $data.tablespaces is there already; nothing was done" >&2
    exit 1
fi
pg_verifybackup --quiet "$base"
mkdir -p "$data"
cp -p "$base/PG_VERSION" "$unfinished"
for each in "$base"/* "$base"/.[!.]*; do
    [ ! -e "$each" ] || [ "${each##*/}" = PG_VERSION ] || cp -R -p "$each" "$data/"
done
for link in "$base"/pg_tblspc/*; do
    [ -L "$link" ] || continue
    own="$(cd "$data" && pwd).tablespaces/${link##*/}"
    mkdir -p "$own"
    cp -R -p "$link/." "$own/"
    ln -sfn "$own" "$data/pg_tblspc/${link##*/}"
done
chmod 700 "$data"
rm -f "$data/standby.signal" "$data/postmaster.pid"
{
    echo "restore_command = 'cp \"$wal/%f\" \"%p\"'"
    echo "recovery_target_action = 'promote'"
    echo "recovery_target_time = '$time'"
    echo "primary_conninfo = ''"
    echo "primary_slot_name = ''"
    echo "synchronous_standby_names = ''"
    echo "archive_mode = 'off'"
} >> "$data/postgresql.auto.conf"
: > "$data/recovery.signal"
sync
mv "$unfinished" "$data/PG_VERSION"
