"""Finding an account by a contact: by its keyed hash, which is made anew where the master key has changed."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.application.citizens import hashing
from shared.application.citizens.contact import KINDS, CitizensContact
from shared.application.runtime import Runtime

_SEALED: Final = "citizens.accounts"
_FORMER: Final = """
    SELECT account, c.tenant, kind, sealed FROM citizens.contacts c JOIN citizens.accounts a ON a.id = c.account
     WHERE key_id <> %s ORDER BY account, kind FOR UPDATE OF c
"""


@dataclass(frozen=True)
class FoundAccount:
    """An account with one of its contacts."""

    tenant: str
    account: UUID
    contact: CitizensContact


def find(runtime: Runtime, cursor: Any, tenant: str, contact: CitizensContact) -> UUID | None:
    """The account of a contact; none if there is none.

    :param cursor: in a transaction.
    """
    _under_the_present_key(runtime, cursor)
    cursor.execute(
        "SELECT account FROM citizens.contacts WHERE tenant = %s AND kind = %s AND hash = %s",
        (tenant, contact.kind, hashing.of_contact(runtime, tenant, contact)),
    )
    row = cursor.fetchone()
    if row is None:
        return None
    return row[0] if isinstance(row[0], UUID) else UUID(row[0])


def keep_contact(runtime: Runtime, cursor: Any, found: FoundAccount) -> bool:
    """Let an account be found by a contact; false if the contact is another's."""
    cursor.execute(
        """
        INSERT INTO citizens.contacts (tenant, kind, hash, key_id, account) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT DO NOTHING
        """,
        (
            found.tenant,
            found.contact.kind,
            hashing.of_contact(runtime, found.tenant, found.contact),
            hashing.key_id(runtime),
            str(found.account),
        ),
    )
    return bool(cursor.rowcount == 1)


def _under_the_present_key(runtime: Runtime, cursor: Any) -> None:
    """Hash anew what was hashed under another master key; costs one look into an index otherwise."""
    present = hashing.key_id(runtime)
    cursor.execute("SELECT EXISTS (SELECT FROM citizens.contacts WHERE key_id <> %s)", (present,))
    if not cursor.fetchone()[0]:
        return
    cursor.execute(_FORMER, (present,))
    rows = [(UUID(str(account)), tenant, kind, sealed) for account, tenant, kind, sealed in cursor.fetchall()]
    keys = runtime.vault.keys(cursor, {account for account, *_ in rows})
    for account, tenant, kind, sealed in rows:
        key = keys[account]
        value = key.open(sealed, _SEALED).get(kind) if key else None
        if value is None or kind not in KINDS:
            continue
        cursor.execute(
            "UPDATE citizens.contacts SET hash = %s, key_id = %s WHERE account = %s AND kind = %s",
            (hashing.of_contact(runtime, tenant, CitizensContact(kind, value)), present, str(account), kind),
        )
