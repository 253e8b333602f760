#!/bin/sh
# Makes what must be secret, each in a file of its own in secrets/: the compose file hands them out as files, so that no
# secret stands in an environment, a process list or an inspected container. What is there is kept: run it again at will.
#
#   sh deploy/secrets.sh [DIRECTORY]
#
# The master key: whoever loses it loses every reporter's name and message for good. Keep a copy apart from the
# database's backups.
set -eu
umask 077
into=${1:-$(dirname "$0")/../secrets}
mkdir -p "$into"

# Containers read the files as a user of their own; the directory keeps everybody else of this machine out.
keep() {
    [ -s "$into/$1" ] || { cat > "$into/$1.new" && mv "$into/$1.new" "$into/$1"; }
    chmod 444 "$into/$1"
}
word() {
    od -An -tx1 -N24 /dev/urandom | tr -d ' \n'
}
said() {
    tr -d '\n' < "$into/$1"
}

word | keep postgres_password
word | keep owner_password
word | keep broker_password
word | keep grafana_password
head -c 32 /dev/urandom | base64 | keep master_key
head -c 32 /dev/urandom | base64 | keep checkpoint_key
echo "postgresql://aduan_owner:$(said owner_password)@postgres:5432/aduan" | keep owner_url
for login in intake routing sla notify reporting web front back; do
    word | keep "${login}_password"
    echo "postgresql://aduan_$login:$(said "${login}_password")@postgres:5432/aduan" | keep "${login}_url"
done
echo "amqp://aduan:$(said broker_password)@rabbitmq:5672//" | keep broker_url

# To be filled in by hand; empty means: none.
#   smtp_url            where letters go out, e.g. smtp+starttls://user:password@mail.example.go.id:587
#   broker_adapters     channel adapters as channel:password with blanks between them, e.g. whatsapp:4f0c sms:9a1e
#   former_master_keys  while the master key is changed: the next one or the one before (docs/operations.md)
for each in smtp_url broker_adapters former_master_keys; do
    [ -e "$into/$each" ] || : > "$into/$each"
    chmod 444 "$into/$each"
done
