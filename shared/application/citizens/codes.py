"""One-time codes: asked for, brought by a channel, good for ten minutes and five tries.

Whoever asks for a code gets the same answer whether there is an account or not: an account begins with the first code
that was right.
"""

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from shared.application.citizens import hashing
from shared.application.citizens.contact import CitizensContact
from shared.application.identity.attempts import Attempts, Limits
from shared.application.identity.errors import TooManyAttempts, Unauthenticated
from shared.application.runtime import Runtime
from shared.base.clock import Clock, SystemClock
from shared.base.randomness import new_uuid
from shared.base.whole_numbers import in_our_digits

GOOD_FOR: Final = timedelta(minutes=10)
TRIES: Final = 5
LETTER: Final = "citizens.codes"

_DIGITS: Final = 6
_QUARTER: Final = Limits(from_one_place=3, at_one_account=5, by_one_address=60, window=timedelta(minutes=15))
_DAY: Final = timedelta(days=1)
_MOST_A_DAY: Final = 15
"""Codes for one contact: with the tries of each they leave one chance in thirteen thousand to who guesses for a day."""
_TRIED: Final = """
    UPDATE citizens.codes SET tries = tries + 1
     WHERE id = %s AND tenant = %s AND until > %s AND NOT used AND tries < %s
    RETURNING code, contact
"""
_FORGET: Final = """
    WITH blank AS (
        UPDATE citizens.codes SET contact = '', letter = '' WHERE id IN
            (SELECT id FROM citizens.codes WHERE until <= %(now)s AND contact <> '' LIMIT 100 FOR UPDATE SKIP LOCKED))
    DELETE FROM citizens.codes WHERE id IN
        (SELECT id FROM citizens.codes WHERE asked_at <= %(old)s AND contact = '' LIMIT 100 FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True)
class Codes:
    """The codes of an installation.

    :param machine: the machine's clock, as for all that lets somebody in.
    """

    runtime: Runtime
    machine: Clock = field(default_factory=SystemClock)

    def ask(self, tenant: str, contact: CitizensContact, place: str) -> UUID:
        """Have a code brought to a contact.

        :param place: where it is asked from.
        :returns: the name of what was asked for, to come back with the code.
        :raises TooManyAttempts: for this contact, from this place, or for all of them.
        """
        about = f"kode/{tenant}/{contact.kind}/{contact.value}"
        Attempts(self.runtime.database, self.machine, _QUARTER).count(about, f"kode/{place}")
        challenge = new_uuid(self.runtime.randomness)
        code = _digits(self.runtime.randomness.bytes(8))
        key = hashing.letter_key(self.runtime, challenge)
        now = self.machine.now()
        person = hashing.of_contact(self.runtime, tenant, contact)
        told = {"kind": contact.kind, "to": contact.value}
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(_FORGET, {"now": now, "old": now - _DAY})
            cursor.execute(
                "SELECT count(*) FROM citizens.codes WHERE about = %s AND asked_at > %s", (person, now - _DAY)
            )
            if (cursor.fetchone() or (0,))[0] >= _MOST_A_DAY:
                raise TooManyAttempts("too_many_attempts", {"seconds": int(_DAY.total_seconds())})
            cursor.execute(
                """
                INSERT INTO citizens.codes (id, tenant, about, code, asked_at, until, contact, letter, next_attempt_at)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
                """,
                (
                    str(challenge),
                    tenant,
                    person,
                    hashing.of_code(self.runtime, challenge, code),
                    now,
                    now + GOOD_FOR,
                    key.seal(told, LETTER),
                    key.seal({**told, "code": code}, LETTER),
                    now,
                ),
            )
        return challenge

    def redeem(self, tenant: str, challenge: UUID, code: str) -> CitizensContact:
        """The contact to which a code was brought. A code is good once.

        :raises Unauthenticated: ``wrong_code``, alike for a wrong, an old, a used and an unknown one.
        """
        now = self.machine.now()
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(_TRIED, (str(challenge), tenant, now, TRIES))
            row = cursor.fetchone()
            given = "".join(sign for sign in in_our_digits(code) if sign.isascii() and sign.isdigit())
            expected = bytes(row[0]) if row else b""
            if not hmac.compare_digest(hashing.of_code(self.runtime, challenge, given), expected):
                raise Unauthenticated("wrong_code")
            cursor.execute("UPDATE citizens.codes SET used = true WHERE id = %s AND NOT used", (str(challenge),))
            if cursor.rowcount != 1:
                raise Unauthenticated("wrong_code")  # at the same moment somebody else has used it
        told: dict[str, Any] = hashing.letter_key(self.runtime, challenge).open(row[1], LETTER) if row else {}
        return CitizensContact(told["kind"], told["to"])


def _digits(random: bytes) -> str:
    """Six digits; of 64 random bits no digit is noticeably likelier than another."""
    return f"{int.from_bytes(random) % 10**_DIGITS:0{_DIGITS}}"
