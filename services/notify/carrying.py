"""Handing words to the carriers of channels, at their pace; and when a person was last heard of."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from services.notify import alarms
from services.notify.mail_carrier import MailCarrier
from services.notify.pacing import Pace
from shared.application.runtime import Runtime
from shared.channels.carrier import PLAINEST, Carrier, Maybe, Refused, Taken, Traits, Words
from shared.channels.installed import Channels
from shared.channels.names import names_of
from shared.channels.registry import Channel
from shared.channels.secrets import SecretMissing
from shared.domain.sop.vocabulary import VIAS, Way
from shared.platform.metrics import CARRIER_SHUT
from shared.store.vault.vault import Vault

log = logging.getLogger(__name__)

PACED: Final = "paced"
"""Not a fault: an account or a person is written to again in a moment."""
_REPLY: Final = "talk"
"""Instead of a letter's template where words are part of a conversation."""
_MOST_PERSONS: Final = 10_000
"""Of so many it is remembered how often they were written to; who has been silent for long needs no remembering."""
SEALED_REACH: Final = "notify.reach"
WINDOW: Final = timedelta(hours=24) - timedelta(minutes=10)
"""For so long after a person has written free words may be sent, with a margin for clocks that differ."""


@dataclass(frozen=True)
class ReachByChannel:
    """How a person is reached by a channel.

    :param to: the address, as it was last told.
    :param heard_at: when the person last wrote by it.
    :param window_until: until when free words may be sent; none if that is over.
    """

    account: str
    to: str
    heard_at: datetime
    window_until: datetime | None


@dataclass(frozen=True)
class Carriers:
    """The carriers of a process, each account with its pace."""

    channels: Channels
    _paces: dict[tuple[str, str, str], Pace] = field(default_factory=dict, repr=False)
    _persons: dict[tuple[str, str, str], Pace] = field(default_factory=dict, repr=False)

    def find(self, tenant: str, channel: str, account: str) -> Carrier | None:
        """The carrier of an account; if that is gone, of the channel's first; none if nothing can be sent."""
        found = self._channel(tenant, channel)
        if found is None:
            return None
        if found.letters:
            return MailCarrier(self.channels, tenant)
        return found.carriers.get(account) or next(iter(found.carriers.values()), None)

    def account_of_letters(self, tenant: str, channel: str, account: str) -> str:
        """The account by which a letter goes.

        :param account: by which its reader has written.
        """
        found = self._channel(tenant, channel)
        return (found.writes_by if found is not None else None) or account

    def _channel(self, tenant: str, channel: str) -> Channel | None:
        return self.channels.find(tenant, channel) if tenant in self.channels.runtime.tenants.ids() else None

    def _account(self, tenant: str, channel: str, account: str) -> str:
        """The account by which words really go out: whichever was asked for, pace, breaker and alarm are its.

        While that is ill another one stands in, where the channel has one by which the same people are reached.
        """
        found = self._channel(tenant, channel)
        if found is None or found.letters or not found.carriers:
            return account
        wanted = account if account in found.carriers else next(iter(found.carriers))
        if not found.carriers[wanted].traits.stands_in or not self._is_ill(tenant, channel, wanted):
            return wanted
        return next((each for each in found.carriers if not self._is_ill(tenant, channel, each)), wanted)

    def _is_ill(self, tenant: str, channel: str, account: str) -> bool:
        pace = self._paces.get((tenant, channel, account))
        return pace is not None and pace.is_ill

    def send(
        self,
        tenant: str,
        channel: str,
        account: str,
        to: str,
        words: Words,
        key: UUID,
        window_until: datetime | None,
        quotes: str = "",
        begins: Callable[[], None] | None = None,
    ) -> Taken:
        """Hand words over.

        :param quotes: the id of the message that is answered.
        :param begins: called when they are really handed over, before they are; not where they have to wait.
        :raises Refused: if they are not taken; ``later`` with the seconds to wait where it is a matter of pace.
        :raises Maybe: if nobody knows.
        """
        account = self._account(tenant, channel, account)
        carrier = self.find(tenant, channel, account)
        if carrier is None:
            raise Refused("not_connected", "other_way")
        pace = self._paces.setdefault((tenant, channel, account), Pace(carrier.traits.rate))
        wait = max(self._person(tenant, channel, to, carrier.traits).waits(), pace.waits())
        if wait > 0:
            raise Refused("account_is_ill" if pace.is_ill else PACED, "later", wait)
        pace.take()
        self._person(tenant, channel, to, carrier.traits).take()
        if begins is not None:
            begins()
        try:
            taken = carrier.send(to, words, key=str(key), quotes=quotes, window_until=window_until)
        except SecretMissing as missing:
            log.error("a channel lacks a secret", extra={"tenant": tenant, "channel": channel, "what": str(missing)})  # noqa: TRY400 - its own words suffice
            pace.failed(shut=True)
            self._alarm(tenant, channel, account, "secret_missing")
            raise Refused("secret_missing", "shut") from None
        except Refused as refused:
            self._note_refusal(tenant, channel, account, refused, words.template)
            if not refused.too_often:
                raise
            pause = self._person(tenant, channel, to, carrier.traits).too_often(refused.seconds)
            raise Refused(PACED, "later", pause) from None
        except Maybe:
            pace.failed(shut=False)
            raise
        pace.went_well()
        self._person(tenant, channel, to, carrier.traits).went_well()
        return taken

    def seen(self, tenant: str, channel: str, account: str, message_id: str) -> None:
        """Show a person that what they wrote was read. They have been answered: nobody misses the mark."""
        found = self.channels.find(tenant, channel)
        seeing = found.seeing.get(account) if found is not None else None
        if seeing is None:
            return
        try:
            seeing.seen(message_id)
        except (Refused, Maybe, SecretMissing) as error:
            log.info("a message could not be marked as read", extra={"channel": channel, "code": str(error.args[0])})

    def send_somehow(
        self,
        tenant: str,
        channel: str,
        account: str,
        to: str,
        words: Words,
        key: UUID,
        window_until: datetime | None,
        begins: Callable[[], None] | None = None,
    ) -> tuple[Taken, bool]:
        """Hand words over; where other words are wanted, once more by their template, or by the plainest.

        :param begins: as :meth:`send`.
        :returns: also whether they went by a template.
        :raises Refused: as :meth:`send`.
        :raises Maybe: likewise.
        """
        carrier = self.find(tenant, channel, account)
        templated = carrier is not None and by_template(carrier, window_until)
        try:
            return self.send(tenant, channel, account, to, words, key, window_until, begins=begins), templated
        except Refused as refused:
            if refused.remedy != "other_words" or (templated and words.template == PLAINEST):
                raise
        other = replace(words, template=PLAINEST if templated else words.template, files=())
        return self.send(tenant, channel, account, to, other, key, None, begins=begins), True

    def measure(self) -> None:
        """Keep the figures on accounts that are left alone."""
        shut: dict[tuple[str, str], bool] = {}
        for (tenant, channel, _), pace in list(self._paces.items()):
            shut[tenant, channel] = shut.get((tenant, channel), False) or pace.is_ill
        for (tenant, channel), is_shut in shut.items():
            CARRIER_SHUT.labels(tenant, channel).set(int(is_shut))

    def _person(self, tenant: str, channel: str, to: str, traits: Traits) -> Pace:
        """How fast one person is written to: after a burst, one letter and then a while nothing."""
        whom = (tenant, channel, to)
        if whom not in self._persons and len(self._persons) >= _MOST_PERSONS:
            for rested in [each for each, pace in self._persons.items() if pace.is_rested]:
                del self._persons[rested]
        return self._persons.setdefault(whom, Pace(1 / traits.spacing_seconds, burst=float(traits.burst)))

    def _note_refusal(self, tenant: str, channel: str, account: str, refused: Refused, template: str) -> None:
        """Let an account rest that takes nothing, and tell the operator of what they alone can mend."""
        pace, shut = self._paces[tenant, channel, account], refused.remedy == "shut"
        if shut:
            log.error(
                "a channel's account takes nothing",
                extra={"tenant": tenant, "channel": channel, "code": refused.code},
            )
        if shut or (refused.remedy == "later" and not refused.seconds):
            pace.failed(shut=shut)
        if pace.is_ill:
            self._alarm(tenant, channel, account, refused.code)
        if refused.is_trouble:
            what = f"{refused.code}: {template or _REPLY}"
            alarms.channel_has_trouble(self.channels.runtime, tenant, channel, what)

    def _alarm(self, tenant: str, channel: str, account: str, code: str) -> None:
        operator = self.channels.book(tenant).operator
        alarms.account_is_ill(self.channels.runtime, operator, tenant, channel, account, code)


def by_template(carrier: Carrier, window_until: datetime | None) -> bool:
    """Whether words go by a template, since no free ones may be sent.

    :param window_until: until when these may be sent to a person; none if that is over.
    """
    return carrier.traits.has_window and window_until is None


def heard(runtime: Runtime, tenant: str, person: UUID, *, channel: str, account: str, to: str, at: datetime) -> None:
    """A person has written: their address is this, and the day of free words begins anew. By the provider's time."""
    key = runtime.vault.key_of(person)
    if key is None:
        return  # forgotten meanwhile
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            """
            INSERT INTO notify.reach AS reach (tenant, person, channel, account, sealed, last_heard_at)
            VALUES (%s, %s, %s, %s, %s, %s)
            ON CONFLICT (tenant, person, channel) DO UPDATE SET account = excluded.account, sealed = excluded.sealed,
                   last_heard_at = excluded.last_heard_at WHERE reach.last_heard_at < excluded.last_heard_at
            """,
            (tenant, str(person), channel, account, key.seal({"to": to}, SEALED_REACH), at),
        )


def moved(runtime: Runtime, tenant: str, person: UUID, *, channel: str, account: str, to: str) -> None:
    """A person has another address now, by their provider's word: no words of theirs, so that no day begins anew."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "SELECT person FROM notify.reach WHERE tenant = %s AND person = ANY(%s::uuid[]) AND channel = %s "
            "ORDER BY last_heard_at DESC LIMIT 1",
            (tenant, [str(name) for name in names_of(cursor, tenant, person)], channel),
        )
        row = cursor.fetchone()
        name = None if row is None else UUID(str(row[0]))
        key = None if name is None else runtime.vault.keys(cursor, [name])[name]
        if key is None:
            return  # they never wrote by it, or are forgotten
        cursor.execute(
            "UPDATE notify.reach SET account = %s, sealed = %s WHERE tenant = %s AND person = %s AND channel = %s",
            (account, key.seal({"to": to}, SEALED_REACH), tenant, str(name), channel),
        )


def reach(cursor: Any, tenant: str, person: UUID, channel: str, vault: Vault, now: datetime) -> ReachByChannel | None:
    """How a person is reached by a channel; none if they never wrote by it, or are forgotten.

    :param person: any name of theirs: what they wrote last counts, under whichever it was.
    """
    cursor.execute(
        "SELECT account, sealed, last_heard_at, person FROM notify.reach "
        "WHERE tenant = %s AND person = ANY(%s::uuid[]) AND channel = %s ORDER BY last_heard_at DESC LIMIT 1",
        (tenant, [str(name) for name in names_of(cursor, tenant, person)], channel),
    )
    row = cursor.fetchone()
    key = None if row is None else vault.keys(cursor, [UUID(str(row[3]))])[UUID(str(row[3]))]
    if row is None or key is None:
        return None
    until = row[2] + WINDOW
    return ReachByChannel(row[0], key.open(row[1], SEALED_REACH)["to"], row[2], until if now < until else None)


def way_named(channel: str) -> Way:
    """A channel as the log names a way."""
    return cast("Way", channel) if channel in VIAS else "channel"
