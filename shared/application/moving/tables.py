"""What becomes of every table when a government is taken to another database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_OF_ACCOUNTS: Final = "account IN (SELECT id FROM identity.users WHERE tenant = %(tenant)s)"
_OF_CITIZENS: Final = "account IN (SELECT id FROM citizens.accounts WHERE tenant = %(tenant)s)"
OF_DOSSIERS: Final = "dossier IN (SELECT dossier FROM pg_temp.moving)"
"""The condition for rows of the government's dossiers, once a session knows them."""
_KEYS: Final = """(dossier IN (SELECT dossier FROM pg_temp.moving)
    OR dossier IN (SELECT id FROM citizens.accounts WHERE tenant = %(tenant)s)
    OR dossier IN (SELECT person FROM channels.persons WHERE tenant = %(tenant)s))"""
_MASTERS: Final = "id IN (SELECT master_key_id FROM vault.keys WHERE " + _KEYS + ")"  # noqa: S608 - both of ours


@dataclass(frozen=True)
class TakenTable:
    """A table of which a government's rows are taken along.

    :param name: with its schema.
    :param rows: the condition by which they are found; ``pg_temp.moving`` holds the government's dossiers.
    :param to_do: which of them are still to be worked on, by whoever comes first: they leave the former database with
        the government, so that nothing is done in both.
    :param for_ever: whether a trigger keeps rows from being deleted.
    """

    name: str
    rows: str = "tenant = %(tenant)s"
    to_do: str | None = None
    for_ever: bool = False

    @property
    def guarded(self) -> bool:
        """Whether a row tells its government, so that it can be refused where that has been taken away."""
        return self.rows == TakenTable.rows


MASTERS: Final = TakenTable("vault.masters", _MASTERS, for_ever=True)
"""The master keys by which a government's keys are wrapped: former ones, too, while keys are wrapped anew."""

TAKEN: Final = (
    TakenTable("identity.users"),
    TakenTable("identity.absences", _OF_ACCOUNTS),
    TakenTable("identity.sessions", _OF_ACCOUNTS),
    TakenTable("identity.bindings"),
    TakenTable("identity.erasures", to_do="agreed_at IS NOT NULL AND done_at IS NULL"),
    TakenTable("identity.answer_words", for_ever=True),
    TakenTable("identity.letter_words", for_ever=True),
    TakenTable("identity.calendar_drafts", for_ever=True),
    TakenTable("identity.calendar_decisions", for_ever=True),
    TakenTable("identity.procedure_drafts", for_ever=True),
    TakenTable("identity.procedure_decisions", for_ever=True),
    TakenTable("identity.office_changes"),
    TakenTable("citizens.accounts"),
    TakenTable("citizens.contacts"),
    TakenTable("citizens.codes", to_do="letter <> ''"),
    TakenTable("citizens.sessions", _OF_CITIZENS),
    TakenTable("citizens.complaints", _OF_CITIZENS),
    TakenTable("citizens.desk_numbers"),
    TakenTable("channels.persons"),
    TakenTable("channels.ids"),
    TakenTable("channels.joined"),
    TakenTable("channels.heard", to_do="state = 'new'"),
    TakenTable("channels.reported", to_do="handled_at IS NULL"),
    TakenTable("channels.talks", to_do="wake_at IS NOT NULL"),
    TakenTable("channels.outgoing", to_do="done_at IS NULL"),
    TakenTable("channels.dossiers"),
    TakenTable("channels.media"),
    TakenTable("channels.positions"),
    TakenTable("readings.readings", for_ever=True),
    TakenTable("intake.ticket_numbers"),
    TakenTable("intake.requests"),
    TakenTable("notify.planned", OF_DOSSIERS),
    TakenTable("notify.messages", to_do="NOT settled"),
    TakenTable("notify.carried"),
    TakenTable("notify.talks", to_do="state IN ('planned', 'unknown')"),
    TakenTable("notify.reach"),
    TakenTable("notify.spared"),
    TakenTable("notify.alarms"),
    TakenTable("reporting.monthly"),
    TakenTable("reporting.told_apart"),
    # After those by which its rows are found.
    TakenTable("vault.keys", _KEYS),
)
"""In the order in which they can be filled, as foreign keys want it."""

BY_ITSELF: Final[Mapping[str, str]] = {
    "vault.masters": "each database keeps its own check value of the one master key; what they took over is brought",
    "eventstore.events": "copied first, with positions and hashes as they are, while everything goes on",
    "eventstore.relay": "as it stands: others who listen are told nothing twice",
    "messaging.followers": "as they stand: positions are the same; intake and routing look back as after a lost queue",
}
"""Tables that are brought over each in a way of its own."""

_LOG: Final = "made anew from the log"
_INDEX: Final = "made anew from the log by the service's index, under the same master key"
MADE_ANEW: Final[Mapping[str, str]] = {
    **{f"{service}.applied": _LOG for service in ("intake", "routing", "sla", "notify", "reporting")},
    "reporting.data_requests": _LOG,
    **{f"{service}.low_water": _LOG for service in ("intake", "routing", "sla", "notify", "reporting")},
    "intake.tickets": _LOG,
    "routing.inbox": _LOG,
    "routing.dossiers": _LOG,
    "sla.clocks": _LOG,
    "sla.tickets": _LOG,
    "notify.notices": _LOG,
    "notify.remade": "a note of the rebuild's own",
    "reporting.cases": _LOG,
    "reporting.holdings": _LOG,
    "reporting.month_cases": _LOG,
    "reporting.month_groups": _LOG,
    "reporting.month_hands": _LOG,
    "reporting.month_public": _LOG,
    "reporting.people": _INDEX,
    "reporting.people_position": _INDEX,
    "reporting.likeness": _INDEX,
    "reporting.likeness_position": _INDEX,
    "reporting.photos": _INDEX,
    "reporting.photos_position": _INDEX,
    "reporting.past": _INDEX,
    "reporting.past_merges": _INDEX,
    "reporting.listed": "written by reporting from the governments' files when it starts",
}
"""Tables that the other database fills by itself."""

LEFT: Final[Mapping[str, str]] = {
    "eventstore.checkpoints": "signatures over the whole of one database's log; the other begins its own",
    "eventstore.moves": "says what this tells of",
    "eventstore.tracking": "of applications of the library's, of which there are none",
    "eventstore.writers": "of the database's own logins, written by `aduan migrate`",
    "identity.attempts": "how often something was tried within a day, by a hash that tells no government",
    "identity.operations": "what was done to messages of one database's queues, which stay",
    "messaging.attempts": "of the broker's queues, which stay",
    "messaging.in_hand": "of a broker within a process, which stays",
    "routing.outdated": "of the database's own upgrades",
    "sla.outdated": "of the database's own upgrades",
    "notify.outdated": "of the database's own upgrades",
    "reporting.outdated": "of the database's own upgrades",
    "migrations.steps": "of the database itself; both must be at the same",
    "migrations.columns": "of the database itself",
}
"""Tables that belong to a database, not to a government."""
