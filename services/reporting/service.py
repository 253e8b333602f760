"""The nameko edge of reporting: entrypoints only."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from services.reporting import exchange as exchanging
from services.reporting import followed as following
from services.reporting import monthly, needed, people, public, queries, retention, suggestions, yearly
from services.reporting import published as publishing
from services.reporting import register as registers
from services.reporting import search as searching
from services.reporting import what_if as trying
from services.reporting.almanac import Almanac
from services.reporting.likeness_index import INDEX
from services.reporting.listed import Listed
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.application.lists import read
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime, ensure_seen
from shared.base.caller import Caller
from shared.base.errors import NotFound
from shared.base.services import ServiceName
from shared.base.times import from_iso
from shared.messaging.calling.rpc import rpc
from shared.messaging.consuming.consumer import consume_log
from shared.messaging.publishing.relay import LogRelay
from shared.messaging.ticker import ticking
from shared.messaging.wire.health_server import HealthServer
from shared.messaging.wire.runtime_provider import UseRuntime
from shared.store.eventstore.reading import RecordedEvent
from shared.store.projection.runner import apply_batch
from shared.store.projection.share import Share

_TABLES: Final[Sequence[ServiceName]] = ("reporting",)
_MONTHLY = monthly.Monthly()
_INDEX_SECONDS = 1.0
"""Whoever looks for a person brings the index up to date first, so that it need not hurry."""
_LISTS_SECONDS = 60.0
_LISTED = Listed()


class ReportingService:
    """Recaps."""

    name = "reporting"

    runtime: Runtime = UseRuntime()
    relay = LogRelay()
    health = HealthServer()

    @consume_log("reporting", share=lambda runtime: Share(RecapProjection(Almanac(runtime.tenants)), decode))
    def project(self, events: list[RecordedEvent]) -> None:
        """Bring the cases up to date."""
        projection = RecapProjection(Almanac(self.runtime.tenants))
        apply_batch(self.runtime.database, projection, decode, events)

    @ticking(_INDEX_SECONDS)
    def index_people(self) -> bool:
        """Follow the log for the index of people; says whether there may be more."""
        return people.follow(self.runtime)

    @ticking(_INDEX_SECONDS)
    def index_likeness(self) -> bool:
        """Follow the log for what is suggested; says whether there may be more."""
        return INDEX.follow(self.runtime)

    @ticking
    def draw_up(self) -> None:
        """Draw up the months that are due."""
        _MONTHLY.tick(self.runtime)

    @ticking(_LISTS_SECONDS)
    def write_down_lists(self) -> None:
        """Write down which categories may be told in views."""
        _LISTED.tick(self.runtime)

    @rpc
    def outstanding(self, caller: dict[str, Any]) -> bool:
        """Whether a recap is to be drawn up: a simulated clock does not move on before."""
        return _MONTHLY.outstanding(self.runtime, Caller.from_dict(caller))

    @rpc
    def drawn(self, tenant: str, month: str | None, caller: dict[str, Any]) -> dict[str, Any]:
        """The months that have been drawn up, or the recap of one as it was drawn up."""
        who = Caller.from_dict(caller)
        if month is None:
            return monthly.drawn(self.runtime, who, tenant)
        return monthly.drawn_recap(self.runtime, who, tenant, month)

    @rpc
    def what_if(
        self, tenant: str, sop: str | None, calendar: str | None, months: int, most: int, caller: dict[str, Any]
    ) -> dict[str, Any]:
        """What a draft would have changed of the last months."""
        who = Caller.from_dict(caller)
        return trying.what_if(self.runtime, who, tenant, sop=sop, calendar=calendar, months=months, most=most)

    @rpc
    def lost(self, caller: dict[str, Any]) -> list[dict[str, Any]]:
        """What open dossiers need of the governments' files, and those have lost; for administrators."""
        check_administrator(Caller.from_dict(caller))
        return needed.lost(self.runtime)

    @rpc
    def ended_before(self, tenant: str, instant: str, caller: dict[str, Any]) -> list[dict[str, Any]]:
        """What has ended before an instant and was not erased; for administrators."""
        return retention.ended_before(self.runtime, Caller.from_dict(caller), tenant, from_iso(instant))

    @rpc
    def erased(self, tenant: str, caller: dict[str, Any]) -> list[dict[str, Any]]:
        """The register of what was erased; for administrators."""
        return retention.erased(self.runtime, Caller.from_dict(caller), tenant)

    @rpc
    def recap(self, tenant: str, month: str, min_position: int | None, caller: dict[str, Any]) -> dict[str, Any]:
        """The recap of a month."""
        who = Caller.from_dict(caller)
        return read(self.runtime, _TABLES, min_position, lambda at: queries.recap(at, who, tenant, month))

    @rpc
    def public_recap(self, tenant: str, month: str) -> dict[str, Any]:
        """The figures of a month that everybody may see."""
        return read(self.runtime, _TABLES, None, lambda at: public.public_recap(at, tenant, month))

    @rpc
    def year(self, tenant: str, year: str, caller: dict[str, Any]) -> dict[str, Any]:
        """The months of a year."""
        who = Caller.from_dict(caller)
        return read(self.runtime, _TABLES, None, lambda at: yearly.year(at, who, tenant, year))

    @rpc
    def public_year(self, tenant: str, year: str) -> dict[str, Any]:
        """The months of a year, as everybody may see them."""
        return read(self.runtime, _TABLES, None, lambda at: yearly.public_year(at, tenant, year))

    @rpc
    def published(self, tenant: str, wanted: dict[str, Any], after: str | None, limit: int) -> dict[str, Any]:
        """A page of what everybody may read of single complaints."""
        return read(self.runtime, _TABLES, None, lambda at: publishing.published(at, tenant, wanted, after, limit))

    @rpc
    def published_one(self, tenant: str, ticket: str) -> dict[str, Any]:
        """One of them."""
        return publishing.published_one(self.runtime, tenant, ticket)

    @rpc
    def followed(self, tenant: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Single complaints as everybody may follow them by their number."""
        return read(self.runtime, _TABLES, None, lambda at: following.followed(at, tenant, wanted))

    @rpc
    def to_publish(self, tenant: str, limit: int, caller: dict[str, Any]) -> dict[str, Any]:
        """What waits to be written or published."""
        return publishing.to_publish(self.runtime, Caller.from_dict(caller), tenant, limit)

    @rpc
    def register(
        self,
        tenant: str,
        month: str,
        register: str | None,
        after: str | None,
        limit: int | None,
        min_position: int | None,
        caller: dict[str, Any],
    ) -> dict[str, Any]:
        """A page of the complaints of a month, one line each."""
        ensure_seen(self.runtime, ["reporting"], min_position)
        who = Caller.from_dict(caller)
        return registers.register(self.runtime, who, tenant, month, register, after, limit or registers.MOST_ROWS)

    @rpc
    def search(
        self,
        tenant: str,
        wanted: dict[str, Any],
        after: str | None,
        limit: int,
        min_position: int | None,
        caller: dict[str, Any],
    ) -> dict[str, Any]:
        """A page of the complaints that fit everything asked for."""
        who = Caller.from_dict(caller)
        if searching.asks_for_somebody(wanted):  # which brings the index up to date
            ensure_seen(self.runtime, _TABLES, min_position)
            return searching.search(self.runtime, who, tenant, wanted, after, limit)
        return read(
            self.runtime, _TABLES, min_position, lambda at: searching.search(at, who, tenant, wanted, after, limit)
        )

    @rpc
    def exchange(self, tenant: str, asked: dict[str, Any], caller: dict[str, Any]) -> dict[str, Any]:
        """A page of the complaints that came from another system."""
        return exchanging.exchange(self.runtime, Caller.from_dict(caller), tenant, **asked)

    @rpc
    def suggestions(self, tenant: str, dossier_id: str, caller: dict[str, Any]) -> dict[str, Any]:
        """What may help an officer with a dossier."""
        return suggestions.suggestions(self.runtime, Caller.from_dict(caller), tenant, _dossier_id(dossier_id))


def _dossier_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("unknown_dossier") from None
