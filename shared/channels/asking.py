"""Asking a channel's providers whether all is well."""

from collections.abc import Callable

from shared.channels.carrier import Maybe, Refused
from shared.channels.kinds.open311 import API_KEYS
from shared.channels.registry import Channel
from shared.channels.secrets import SecretMissing, Secrets


def faults_of(channel: Channel) -> list[str]:
    """What is wrong with a channel, as its provider and its secrets have it. Sends nothing."""
    if channel.keys is not None:
        return _keys(channel.keys)
    if not channel.carriers and channel.polled is None:
        return ["declared, and not connected: channels.yaml names no account that can send"]
    checks: dict[str, Callable[[], list[str]]] = {name: each.check for name, each in channel.carriers.items()}
    if channel.polled is not None:
        checks[str(channel.spec.options.get("address", "mailbox"))] = channel.polled.check
    found: list[str] = []
    for account, check_it in checks.items():
        try:
            found += [f"{account}: {each}" for each in check_it()]
        except SecretMissing as missing:
            found.append(f"{account}: {missing}")
        except Refused as refused:
            found.append(f"{account}: {refused.code}")
        except Maybe:
            found.append(f"{account}: the provider does not answer")
    return found


def _keys(secrets: Secrets) -> list[str]:
    """Of a channel that programs call: whether any can."""
    try:
        secrets.get(API_KEYS)
    except SecretMissing as missing:
        return [str(missing)]
    return []
