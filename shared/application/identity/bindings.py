"""Which of a government's own accounts (OpenID Connect) enters which officer's account, as administrators say it.

Nobody gets an account by logging in. Times are the machine's, as those of tokens: see
:mod:`shared.application.identity.tokens`.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from psycopg2.errors import UniqueViolation
from psycopg2.extensions import cursor

from shared.application.identity.attempts import Attempts, Limits
from shared.application.identity.errors import Unauthenticated
from shared.application.identity.users import LoggedIn
from shared.base.blank import trimmed
from shared.base.caller import Caller
from shared.base.clock import Clock, SystemClock
from shared.base.errors import Conflict, Invalid, NotFound
from shared.platform.database.joining import joined
from shared.platform.database.pool import Database

_LONGEST: Final = 255
"""Of a subject: OpenID Connect Core 1.0, section 2."""
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FIND: Final = """
    SELECT u.id, u.generation, u.username, u.actor, u.agency, u.admin, b.subject
      FROM identity.bindings b JOIN identity.users u ON u.id = b.account
     WHERE b.tenant = %(tenant)s AND b.issuer = %(issuer)s AND NOT u.disabled
       AND (b.subject = %(subject)s OR (b.subject IS NULL AND b.email = %(email)s))
     ORDER BY b.subject IS NULL LIMIT 1 FOR UPDATE OF b
"""


@dataclass(frozen=True, kw_only=True)
class OwnAccount:
    """Who somebody is, by the word of their government's provider.

    :param subject: the provider's name for them, never given to anybody else.
    :param email: an address that it has verified.
    """

    issuer: str
    subject: str
    email: str | None


@dataclass(frozen=True)
class Bindings:
    """The bindings of accounts in schema ``identity``.

    What changes one takes a cursor where it is to be done in a transaction that somebody has begun, or not at all.

    :param limits: how often entering may fail.
    """

    database: Database
    machine: Clock = field(default_factory=SystemClock)
    limits: Limits = field(default_factory=Limits)

    def bind(
        self,
        tenant: str,
        username: str,
        issuer: str,
        begun: cursor | None = None,
        /,
        *,
        subject: str = "",
        email: str = "",
    ) -> None:
        """Let an account be entered by one of the government's own from now on, and by no other.

        Visits and tokens of the account end: they may be somebody else's now.

        :param subject: the provider's name for the officer; or
        :param email: an address of theirs that it has verified.
        :raises Invalid: unless one of both is given, and fit.
        :raises NotFound: ``unknown_user``.
        :raises Conflict: ``binding_taken`` if another account is entered by it.
        """
        subject, email = subject.strip(), _folded(email)
        if bool(subject) == bool(email):
            raise Invalid("invalid_fields", fields={"email" if not subject else "subject": ["one_of_two"]})
        if len(subject) > _LONGEST or not subject.isprintable():
            raise Invalid("invalid_fields", fields={"subject": ["not_a_subject"]})
        if email and not (_ADDRESS.fullmatch(email) and email.isprintable() and len(email) <= _LONGEST):
            raise Invalid("invalid_fields", fields={"email": ["not_an_email"]})
        try:
            with joined(self.database, begun) as at:
                account = _held(at, tenant, username)
                _renew(at, account)
                at.execute(
                    """
                    INSERT INTO identity.bindings (account, tenant, issuer, subject, email, bound_at)
                    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (account) DO UPDATE SET
                        issuer = excluded.issuer, subject = excluded.subject, email = excluded.email,
                        bound_at = excluded.bound_at
                    """,
                    (str(account), tenant, issuer, subject or None, email or None, self.machine.now()),
                )
        except UniqueViolation:
            raise Conflict("binding_taken") from None

    def unbind(self, tenant: str, username: str, begun: cursor | None = None) -> bool:
        """Let an account be entered by its password only. Its visits and tokens end, if it was bound.

        :returns: whether it was bound.
        :raises NotFound: ``unknown_user``.
        """
        with joined(self.database, begun) as at:
            account = _held(at, tenant, username)
            at.execute("DELETE FROM identity.bindings WHERE account = %s", (str(account),))
            bound = bool(at.rowcount)
            if bound:
                _renew(at, account)
        return bound

    def of(self, tenant: str) -> dict[str, str]:
        """By which address or subject each account is entered that is bound, by the account's name."""
        with self.database.autocommit() as at:
            at.execute(
                """
                SELECT u.username, coalesce(b.email, b.subject)
                  FROM identity.bindings b JOIN identity.users u ON u.id = b.account WHERE b.tenant = %s
                """,
                (tenant,),
            )
            return dict(at.fetchall())

    def enter(self, tenant: str, who: OwnAccount, address: str) -> LoggedIn:
        """Whose account is entered, to be visited as after a password.

        :param address: where the attempt comes from.
        :raises Unauthenticated: ``login_unknown``, alike for somebody who is bound to no account, to one that is shut,
            or comes with an address that has become somebody else's.
        :raises TooManyAttempts: if too many attempts failed lately.
        """
        attempts = Attempts(self.database, self.machine, self.limits)
        account = f"{tenant}/oidc/{who.issuer}/{who.subject}"
        attempts.count(account, address)
        given = {"tenant": tenant, "issuer": who.issuer, "subject": who.subject, "email": _folded(who.email or "")}
        try:
            row = self._found(given)
        except UniqueViolation:  # bound to another account in this very moment
            row = None
        if row is None:
            raise Unauthenticated("login_unknown")
        attempts.succeeded(account, address)
        caller = Caller(tenant=tenant, actor=row[3], agency=row[4], user=row[2], admin=row[5])
        return LoggedIn(caller, session=f"{row[0]}:{row[1]}")

    def _found(self, given: dict[str, str]) -> Any:
        with self.database.transaction() as at:
            at.execute(_FIND, given)
            row = at.fetchone()
            if row is not None and row[6] is None:
                at.execute(
                    "UPDATE identity.bindings SET subject = %s WHERE account = %s", (given["subject"], str(row[0]))
                )
        return row


def _folded(email: str) -> str:
    return trimmed(email).lower()


def _renew(at: cursor, account: UUID) -> None:
    """Its visits and tokens end."""
    at.execute("UPDATE identity.users SET generation = generation + 1 WHERE id = %s", (str(account),))


def _held(at: cursor, tenant: str, username: str) -> UUID:
    """An account that nobody else changes until the transaction ends."""
    at.execute(
        "SELECT id FROM identity.users WHERE tenant = %s AND username = %s FOR NO KEY UPDATE",
        (tenant, trimmed(username).lower()),
    )
    row = at.fetchone()
    if row is None:
        raise NotFound("unknown_user", {"username": username})
    return row[0] if isinstance(row[0], UUID) else UUID(row[0])
