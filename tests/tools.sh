#!/bin/sh
# See to it that what the tests need from the machine is there: a RabbitMQ of which they start nodes of their own, and
# a browser with its driver. On Debian and its kin, as root, they are installed; elsewhere this says what to do. Nothing is started.
set -eu

has() {
    command -v "$1" >/dev/null 2>&1
}

missing=""
[ -n "${ADUAN_TEST_BROKER_URL:-}" ] || has rabbitmq-server || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] \
    || missing="$missing rabbitmq-server"
has chromium || has chromium-browser || has google-chrome || missing="$missing chromium"
has chromedriver || missing="$missing chromium-driver"
[ -n "$missing" ] || exit 0

if has apt-get && [ "$(id -u)" = 0 ]; then
    echo "installing$missing ..."
    # Installing must not start a server: the tests start their own, on ports of their own.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod +x /usr/sbin/policy-rc.d
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # several words on purpose
    { apt-get -qq update && apt-get -qq install --yes --no-install-recommends $missing; } >/dev/null
    exit 0
fi

cat >&2 <<END
The tests need$missing, which this machine does not have and this user cannot install.

  Debian, Ubuntu    sudo apt-get install$missing
  macOS             brew install rabbitmq && brew install --cask chromium chromedriver

Instead of an installed RabbitMQ the tests may use one that runs elsewhere, with its management plugin:

  docker run --detach --publish 5672:5672 --publish 15672:15672 rabbitmq:4-management
  export ADUAN_TEST_BROKER_URL=amqp://guest:guest@127.0.0.1:5672//

(Tests that kill the broker are then left out.)
END
case "$missing" in
    *rabbitmq*) exit 1 ;;
esac
