"""Two who turn out to be one, by a message that bears an id of each: what is kept of either is one person's."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.channels.names import became
from shared.channels.talk.state import Talk
from shared.channels.talk.uniting import united
from shared.domain.sealing import DataKey
from shared.platform.database.locks import WAIT_IN_ORDER, Lock
from shared.store.vault.vault import Vault

_TABLES = (("heard", "message_id"), ("outgoing", "id"), ("dossiers", "dossier"))
"""Whose contents are sealed anew. Files stay under the former name, which nobody forgets while the person is known."""


@dataclass(frozen=True)
class Joining:
    """One joining, in a transaction that goes on.

    :param other: whose name becomes a former one.
    :param person: whose name stays.
    """

    cursor: Any
    vault: Vault
    tenant: str
    other: UUID
    person: UUID

    def unite(self) -> None:
        """Make one of the two. Neither's conversation takes a turn meanwhile: its rows would be left behind."""
        names = [f"{self.tenant} {name}" for name in (self.other, self.person)]
        self.cursor.execute(WAIT_IN_ORDER, {"lock": int(Lock.TALKING), "names": names})
        self.cursor.execute(
            "UPDATE channels.ids SET person = %s WHERE tenant = %s AND person = %s",
            (str(self.person), self.tenant, str(self.other)),
        )
        became(self.cursor, self.tenant, self.other, self.person)
        keys = self.vault.keys(self.cursor, [self.other, self.person])
        old, new = keys[self.other], keys[self.person]
        if old is None or new is None:
            return
        for table, row in _TABLES:
            self._seal_anew(table, row, old, new)
        self._unite_talks(old, new)

    def _seal_anew(self, table: str, row: str, old: DataKey, new: DataKey) -> None:
        self.cursor.execute(
            f"SELECT {row}, sealed FROM channels.{table} "  # noqa: S608 - names of ours
            "WHERE tenant = %s AND person = %s AND sealed <> '' FOR UPDATE",
            (self.tenant, str(self.other)),
        )
        for id_, sealed in self.cursor.fetchall():
            anew = new.seal(old.open(sealed, f"channels.{table}"), f"channels.{table}")
            self.cursor.execute(
                f"UPDATE channels.{table} SET person = %s, sealed = %s "  # noqa: S608 - names of ours
                f"WHERE tenant = %s AND person = %s AND {row} = %s",
                (str(self.person), anew, self.tenant, str(self.other), id_),
            )

    def _unite_talks(self, old: DataKey, new: DataKey) -> None:
        self.cursor.execute(
            "DELETE FROM channels.talks WHERE tenant = %s AND person = %s RETURNING channel, account, sealed",
            (self.tenant, str(self.other)),
        )
        theirs = self.cursor.fetchone()
        if theirs is None:
            return
        self.cursor.execute(
            "SELECT channel, account, sealed FROM channels.talks WHERE tenant = %s AND person = %s",
            (self.tenant, str(self.person)),
        )
        mine = self.cursor.fetchone()
        channel, account, _ = mine or theirs
        kept = old.open(theirs[2], "channels.talks")
        if mine is not None:
            ours = new.open(mine[2], "channels.talks")
            talk = united(Talk.from_dict(ours["talk"]), Talk.from_dict(kept["talk"])).to_dict()
            # Newer words about a person come with the message that has told of it; of older ones none is dropped.
            kept = {
                "talk": talk,
                "to": ours["to"],
                "name": ours["name"] or kept["name"],
                "phone": ours["phone"] or kept["phone"],
            }
        self.cursor.execute(
            """
            INSERT INTO channels.talks (tenant, person, channel, account, sealed, wake_at)
            VALUES (%s, %s, %s, %s, %s, %s)
            ON CONFLICT (tenant, person) DO UPDATE SET sealed = excluded.sealed, wake_at = excluded.wake_at
            """,
            (
                self.tenant,
                str(self.person),
                channel,
                account,
                new.seal(kept, "channels.talks"),
                Talk.from_dict(kept["talk"]).wake_at,
            ),
        )
