"""What is handed to a carrier: written down at once, since its provider may tell of it before all else is done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notify.carrying import way_named
from services.notify.ledger import Message
from shared.application.runtime import Runtime
from shared.domain.sop.vocabulary import CameTo, Way


@dataclass
class Handing:
    """One letter while it is being handed over: that it may have been taken is written down before it can be.

    So a process that is killed meanwhile leaves a letter that its provider's word finds, and that is not sent anew as
    if nobody had begun.

    :param account: by which it goes.
    :param id_: the key under which it goes.
    """

    runtime: Runtime
    message: Message
    channel: str
    account: str
    id_: UUID
    now: datetime
    _is_first: bool = False

    def begins(self) -> None:
        """It is handed over now."""
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                """
                INSERT INTO notify.carried (key, dossier, version, recipient, template, tenant, channel, account,
                                            state, handed_at, state_at)
                VALUES (%(key)s, %(dossier)s, %(version)s, %(recipient)s, %(template)s, %(tenant)s, %(channel)s,
                        %(account)s, 'unknown', %(now)s, %(now)s) ON CONFLICT DO NOTHING
                """,
                self._row(),
            )
            self._is_first = self._is_first or cursor.rowcount == 1

    def was_refused(self) -> None:
        """It was not taken, and may go later: nobody has to wait for a word of it. What was begun before stays."""
        if not self._is_first:
            return
        with self.runtime.database.autocommit() as cursor:
            cursor.execute("DELETE FROM notify.carried WHERE key = %s AND state = 'unknown'", (str(self.id_),))

    def ended(
        self,
        state: str,
        *,
        provider_id: str = "",
        parts: int = 1,
        code: str | None = None,
        shortened_for: UUID | None = None,
    ) -> None:
        """Write down what came of it.

        :param state: ``unknown``, ``accepted`` or ``failed``; a report that was faster is not lowered.
        :param shortened_for: the person who may read it in full once they write again, if it went as a template.
        """
        values = {
            **self._row(),
            "provider_id": provider_id,
            "state": state,
            "parts": parts,
            "code": code,
            "person": str(shortened_for) if shortened_for else None,
            "shortened": shortened_for is not None,
        }
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(
                """
                INSERT INTO notify.carried AS carried (key, dossier, version, recipient, template, tenant, channel,
                       account, provider_id, state, parts, code, handed_at, state_at, person, shortened)
                VALUES (%(key)s, %(dossier)s, %(version)s, %(recipient)s, %(template)s, %(tenant)s, %(channel)s,
                        %(account)s, nullif(%(provider_id)s, ''), %(state)s, %(parts)s, %(code)s, %(now)s, %(now)s,
                        %(person)s, %(shortened)s)
                ON CONFLICT (key) DO UPDATE SET provider_id = coalesce(excluded.provider_id, carried.provider_id),
                       parts = excluded.parts, code = excluded.code,
                       person = excluded.person, shortened = excluded.shortened,
                       state = CASE WHEN carried.state = 'unknown' THEN excluded.state ELSE carried.state END
                """,
                values,
            )

    def _row(self) -> dict[str, Any]:
        return {
            "key": str(self.id_),
            "dossier": str(self.message.dossier),
            "version": self.message.version,
            "recipient": self.message.recipient,
            "template": self.message.template,
            "tenant": self.message.tenant,
            "channel": self.channel,
            "account": self.account,
            "now": self.now,
        }


def came_to(cursor: Any, message: Message, way: Way) -> CameTo | None:
    """How far a letter had come by a way that led nowhere: whoever named it by an id of its own had taken it."""
    cursor.execute(
        """
        SELECT channel FROM notify.carried
         WHERE dossier = %s AND version = %s AND recipient = %s AND template = %s AND provider_id IS NOT NULL
        """,
        (str(message.dossier), message.version, message.recipient, message.template),
    )
    return "accepted" if any(way_named(channel) == way for (channel,) in cursor.fetchall()) else None
