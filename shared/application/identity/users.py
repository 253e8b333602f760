"""The officers' accounts.

Times here are the machine's, as those of tokens: see :mod:`shared.application.identity.tokens`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg2.extensions import cursor

from shared.application.identity import passwords
from shared.application.identity.attempts import Attempts, Limits
from shared.application.identity.errors import Unauthenticated
from shared.base.blank import trimmed
from shared.base.caller import Caller
from shared.base.clock import Clock, SystemClock
from shared.base.errors import Conflict, Invalid, NotFound
from shared.base.randomness import Randomness, SystemRandomness, new_uuid
from shared.platform.database.joining import joined
from shared.platform.database.named import named_rows
from shared.platform.database.pool import Database

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
_SHUT: Final = """
    UPDATE identity.users u SET disabled = true, generation = u.generation + 1
      FROM (SELECT id, disabled FROM identity.users WHERE tenant = %s AND username = %s FOR NO KEY UPDATE) before
     WHERE u.id = before.id RETURNING before.disabled
"""

Verify = Callable[[str | None, str], bool]
Make = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class User:
    """An account as it may be listed.

    :param seen_at: when somebody last used it, up to a minute ago; none if nobody ever has.
    """

    tenant: str
    username: str
    actor: str
    agency: str | None
    admin: bool
    disabled: bool
    created_at: datetime
    seen_at: datetime | None = None


def note_seen(at: cursor, account: UUID | str, now: datetime) -> None:
    """Note that somebody uses an account."""
    at.execute("UPDATE identity.users SET seen_at = %s WHERE id = %s", (now, str(account)))


@dataclass(frozen=True)
class LoggedIn:
    """Who has logged in.

    :param session: to put into the token, see :meth:`Users.lives`.
    """

    caller: Caller
    session: str


@dataclass(frozen=True)
class Users:
    """The accounts in schema ``identity``.

    What is to be done together with something else is done in the transaction that somebody has begun for both.

    :param verify: compares a hash and a password; slow on purpose, so a web server hands in one that runs in a thread.
    :param make: makes a hash; as slow.
    :param limits: how often logging in may fail.
    """

    database: Database
    randomness: Randomness = field(default_factory=SystemRandomness)
    machine: Clock = field(default_factory=SystemClock)
    verify: Verify = passwords.matches
    make: Make = passwords.made
    limits: Limits = field(default_factory=Limits)

    def add(self, caller: Caller, password: str) -> User:
        """A new account for an identity made by :mod:`~shared.application.identity.membership`.

        Its name is ``caller.user``.

        :raises Invalid: if the name or the password is unfit.
        :raises Conflict: if the tenant has an account of that name.
        """
        opening = self.opening(caller, password)
        with self.database.transaction() as at:
            return opening(at)

    def opening(self, caller: Caller, password: str) -> Callable[[cursor], User]:
        """Likewise, to be done in a transaction that somebody begins: its hash is made before, while nothing is held.

        :raises Invalid: if the name or the password is unfit; what is returned raises what :meth:`add` does besides.
        """
        if not _NAME.fullmatch(caller.user):
            raise Invalid("invalid_fields", fields={"username": ["not_a_slug"]})
        made, now = self._hashed(password), self.machine.now()

        def opened(at: cursor) -> User:
            at.execute(
                """
                INSERT INTO identity.users (id, tenant, username, password_hash, actor, agency, admin, created_at)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (tenant, username) DO NOTHING
                """,
                (
                    new_uuid(self.randomness),
                    caller.tenant,
                    caller.user,
                    made,
                    caller.actor,
                    caller.agency,
                    caller.admin,
                    now,
                ),
            )
            if at.rowcount == 0:
                raise Conflict("user_exists", {"username": caller.user})
            return User(
                tenant=caller.tenant,
                username=caller.user,
                actor=caller.actor,
                agency=caller.agency,
                admin=caller.admin,
                disabled=False,
                created_at=now,
            )

        return opened

    def all(self, tenant: str | None = None) -> list[User]:
        """The accounts, of one tenant or of all, by tenant and name."""
        with self.database.autocommit() as at:
            at.execute(
                """
                SELECT tenant, username, actor, agency, admin, disabled, created_at, seen_at FROM identity.users
                WHERE %(tenant)s::text IS NULL OR tenant = %(tenant)s ORDER BY tenant, username
                """,
                {"tenant": tenant},
            )
            return [User(**row) for row in named_rows(at)]

    def disable(self, tenant: str, username: str, begun: cursor | None = None) -> bool:
        """Shut an account: no more log-in, and its tokens are dead.

        :returns: whether it was open.
        :raises NotFound: if there is no such account.
        """
        with joined(self.database, begun) as at:
            at.execute(_SHUT, (tenant, username))
            row = at.fetchone()
        if row is None:
            raise NotFound("unknown_user", {"username": username})
        return not row[0]

    def set_password(self, tenant: str, username: str, password: str) -> None:
        """Give an account a new password, and open it if it was shut. Its tokens are dead.

        :raises NotFound: if there is no such account.
        :raises Invalid: if the password is unfit.
        """
        renewing = self.renewing(tenant, username, password)
        with self.database.transaction() as at:
            renewing(at)

    def renewing(self, tenant: str, username: str, password: str) -> Callable[[cursor], None]:
        """Likewise, to be done in a transaction that somebody begins: its hash is made before, while nothing is held.

        :raises Invalid: if the password is unfit; what is returned raises what :meth:`set_password` does besides.
        """
        made = self._hashed(password)

        def renewed(at: cursor) -> None:
            at.execute(
                """
                UPDATE identity.users SET disabled = false, password_hash = %s, generation = generation + 1
                WHERE tenant = %s AND username = %s
                """,
                (made, tenant, username),
            )
            if at.rowcount == 0:
                raise NotFound("unknown_user", {"username": username})

        return renewed

    def log_in(self, tenant: str, username: str, password: str, address: str) -> LoggedIn:
        """Who a name and password stand for.

        :param address: where the attempt comes from.
        :raises Unauthenticated: alike, and as slowly, for an unknown name, a wrong password and a shut account.
        :raises TooManyAttempts: if too many attempts failed lately.
        """
        name = trimmed(username).lower()
        attempts = Attempts(self.database, self.machine, self.limits)
        account = f"{tenant}/{name}"
        attempts.count(account, address)
        row = self._open_account(tenant, name) if _NAME.fullmatch(name) else None  # no database takes every sign
        if not self.verify(row[2] if row else None, password) or row is None:
            raise Unauthenticated("wrong_credentials")
        attempts.succeeded(account, address)
        with self.database.autocommit() as at:
            note_seen(at, row[0], self.machine.now())
        if passwords.outdated(row[2]):
            self._renew(row[0], row[2], password)
        caller = Caller(tenant=tenant, actor=row[3], agency=row[4], user=name, admin=row[5])
        return LoggedIn(caller, session=f"{row[0]}:{row[1]}")

    def _hashed(self, password: str) -> str:
        """The hash to keep of a new password.

        :raises Invalid: if it is unfit.
        """
        passwords.check(password)
        return self.make(password)

    def _renew(self, account: UUID | str, kept: str, password: str) -> None:
        """Keep an account's hash at today's cost, unless the password is another one by now. Its tokens live on."""
        made = self.make(password)
        with self.database.autocommit() as at:
            at.execute(
                "UPDATE identity.users SET password_hash = %s WHERE id = %s AND password_hash = %s",
                (made, str(account), kept),
            )

    def _open_account(self, tenant: str, name: str) -> tuple[Any, ...] | None:
        """What a log-in is compared with; none if there is no such account, or it is shut."""
        with self.database.autocommit() as at:
            at.execute(
                """
                SELECT id, generation, password_hash, actor, agency, admin FROM identity.users
                WHERE tenant = %s AND username = %s AND NOT disabled
                """,
                (tenant, name),
            )
            row: tuple[Any, ...] | None = at.fetchone()
        return row

    def lives(self, session: str) -> bool:
        """Whether the account of a session is open still, with the password that the session was opened with."""
        account, _, generation = session.partition(":")
        with self.database.autocommit() as at:
            at.execute(
                "SELECT 1 FROM identity.users WHERE id = %s AND generation = %s AND NOT disabled",
                (UUID(account), int(generation)),
            )
            return at.fetchone() is not None
