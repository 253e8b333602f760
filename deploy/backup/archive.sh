#!/bin/sh
# Keeps one file of PostgreSQL's write-ahead log. For postgresql.conf:
#
#   archive_mode = on
#   archive_command = 'sh /srv/aduan/deploy/backup/archive.sh "%p" "%f" /backup/wal'
#   archive_timeout = 60
#
# It ends with 0 only when the file lies there whole and on the disk. A file of that name is never replaced by another.
set -eu
from=$1
name=$2
to=$3
if [ -e "$to/$name" ]; then
    cmp -s "$from" "$to/$name" && exit 0
    echo "archive.sh: $to/$name is there already, and is another: two servers must not share an archive" >&2
    exit 1
fi
draft="$to/.$name.$$"
trap 'rm -f "$draft"' EXIT
cp "$from" "$draft"
chmod 600 "$draft"
sync "$draft"
mv -n "$draft" "$to/$name"
cmp -s "$from" "$to/$name"
sync "$to"
