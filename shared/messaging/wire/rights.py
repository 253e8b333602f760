"""Who may do what on the broker: RabbitMQ's definitions, as it loads them when it starts.

Two kinds of users. The *services* may do everything with exchanges and queues of ours, and nothing else. A *channel
adapter* may publish submissions of its own channel and read its own queues of answers. Nobody is an administrator.
What is not named is refused.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from shared.messaging.wire.topology import SUBMISSIONS

SERVICES_USER: Final = "aduan"

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_OURS: Final = r"^(aduan\..+|rpc[-.].+|nameko-rpc|amq\.gen-.+|amq\.default)$"
_SALT_BYTES: Final = 4
_KEPT_MS: Final = 24 * 60 * 60 * 1000
_MOST_REPLIES: Final = 100_000
_NEVER: Final = 1_000_000_000
"""After so many deliveries a message of ours is given up."""


class NotAName(ValueError):
    """An adapter's name that cannot be part of a queue's name."""


def definitions(password: str | None, adapters: Mapping[str, str | None], vhost: str = "/") -> dict[str, Any]:
    """What RabbitMQ loads by ``load_definitions``.

    :param password: of the services; None for a user who cannot log in yet.
    :param adapters: passwords by the name of the channel, likewise.
    :raises NotAName: if a channel's name is not made of small letters, digits, ``-`` and ``_``.
    """
    for name in adapters:
        if _NAME.fullmatch(name) is None:
            raise NotAName(name)
    users = {SERVICES_USER: password, **{user_of(name): given for name, given in adapters.items()}}
    return {
        "vhosts": [{"name": vhost}],
        "users": [_user(name, given) for name, given in users.items()],
        "permissions": [
            {"user": SERVICES_USER, "vhost": vhost, "configure": _OURS, "write": _OURS, "read": _OURS},
            *[_adapter(name, vhost) for name in adapters],
        ],
        "topic_permissions": [_topics(name, vhost) for name in adapters],
        "policies": [
            # RabbitMQ 4 would give up what has come back twenty times. Queues say otherwise when they are declared, but
            # those that RabbitMQ 3 has declared cannot; and RabbitMQ 3 knows no word for "never".
            {
                "vhost": vhost,
                "name": "ours",
                "pattern": r"^aduan\.(?!replies\.)",
                "apply-to": "queues",
                "definition": {"delivery-limit": _NEVER},
                "priority": 0,
            },
            # Answers that nobody fetches must not fill the broker.
            {
                "vhost": vhost,
                "name": "replies",
                "pattern": r"^aduan\.replies\.",
                "apply-to": "queues",
                "definition": {"max-length": _MOST_REPLIES, "message-ttl": _KEPT_MS, "expires": _KEPT_MS},
                "priority": 0,
            },
        ],
    }


def user_of(channel: str) -> str:
    """The user as whom a channel's adapter logs in."""
    return f"adapter-{channel}"


def _adapter(channel: str, vhost: str) -> dict[str, str]:
    replies = rf"^aduan\.replies\.{re.escape(channel)}\..+$"
    return {
        "user": user_of(channel),
        "vhost": vhost,
        "configure": replies,
        "write": f"^{re.escape(SUBMISSIONS.name)}$",
        "read": replies,
    }


def _topics(channel: str, vhost: str) -> dict[str, str]:
    return {
        "user": user_of(channel),
        "vhost": vhost,
        "exchange": SUBMISSIONS.name,
        "write": rf"^submission\.{re.escape(channel)}$",
        "read": "^$",
    }


def _user(name: str, password: str | None) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": "" if password is None else _hash(name, password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "",
    }


def _hash(name: str, password: str) -> str:
    """As RabbitMQ keeps a password; salted by name and password, so that nothing changes from run to run."""
    salt = hashlib.sha256(f"{name}\n{password}".encode()).digest()[:_SALT_BYTES]
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
