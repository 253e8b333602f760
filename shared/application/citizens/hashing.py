"""Keyed hashes of what citizens' accounts are found by, and the key of a code's letter."""

import hmac
from hashlib import sha256
from uuid import UUID

from shared.application.citizens.contact import CitizensContact
from shared.application.runtime import Runtime
from shared.domain.sealing import DataKey
from shared.platform.purposes import Lasting


def key_id(runtime: Runtime) -> str:
    """Which key the hashes are made with."""
    return sha256(runtime.key(Lasting.CITIZENS)).hexdigest()[:16]


def of_contact(runtime: Runtime, tenant: str, contact: CitizensContact) -> bytes:
    """What an account is found by."""
    return _hashed(runtime, "contact", tenant, contact.kind, contact.value)


def of_code(runtime: Runtime, challenge: UUID, code: str) -> bytes:
    """A code, which is good for one challenge only."""
    return _hashed(runtime, "code", str(challenge), code)


def of_desk_number(runtime: Runtime, tenant: str, number: str) -> bytes:
    """A number that is told at a desk."""
    return _hashed(runtime, "desk", tenant, number)


def of_ticket(runtime: Runtime, tenant: str, ticket: str) -> bytes:
    """A ticket, for the desk that has it before it."""
    return _hashed(runtime, "ticket", tenant, ticket)


def marked(key: DataKey, ticket: str) -> bytes:
    """A ticket as one account knows it: under another account's key it is another."""
    return hmac.digest(key.secret, f"ticket\n{ticket}".encode(), "sha256")


def letter_key(runtime: Runtime, challenge: UUID) -> DataKey:
    """The key of a code's letter: it lives as long as the letter, so it lies in no vault."""
    secret = hmac.digest(runtime.key(Lasting.CITIZENS_LETTERS), challenge.bytes, "sha256")
    return DataKey(challenge, secret, runtime.randomness)


def _hashed(runtime: Runtime, *parts: str) -> bytes:
    return hmac.digest(runtime.key(Lasting.CITIZENS), "\n".join(parts).encode("utf-8", "replace"), "sha256")
