#!/bin/sh
# Installs the RabbitMQ of another release of Debian into a folder, beside the machine's own. As root, on Debian:
#   tests/other_rabbitmq.sh trixie /var/tmp/trixie
#   ADUAN_TEST_RABBITMQ_ROOT=/var/tmp/trixie .venv/bin/pytest tests/messaging tests/processes
set -eu
release=$1 root=$2
export DEBIAN_FRONTEND=noninteractive

command -v debootstrap >/dev/null || { apt-get update -q; apt-get install -y -q --no-install-recommends debootstrap; }
if [ ! -x "$root/usr/lib/rabbitmq/bin/rabbitmq-server" ]; then
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
    debootstrap --variant=minbase "$release" "$root" "$mirror"
    # What it installs must not be started there.
    printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    chroot "$root" apt-get update -q
    chroot "$root" apt-get install -y -q --no-install-recommends rabbitmq-server
fi
# The tests' files lie in memory, under the same name inside and outside.
mkdir -p "$root/dev/shm"
mountpoint -q "$root/dev/shm" || mount --bind /dev/shm "$root/dev/shm"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
chroot "$root" dpkg-query --show --showformat '${Package} ${Version}\n' rabbitmq-server
