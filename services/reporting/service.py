"""The nameko edge of reporting: entrypoints only."""

from collections.abc import Sequence
from typing import Any, Final

from services.reporting import exchange as exchanging
from services.reporting import followed as following
from services.reporting import hints as hinting
from services.reporting import late_data_requests as lateness
from services.reporting import monthly, needed, people, photos, public, queries, retention, suggestions, yearly
from services.reporting import published as publishing
from services.reporting import register as registers
from services.reporting import returned as returning
from services.reporting import search as searching
from services.reporting import spread as spreads
from services.reporting import twins as pairing
from services.reporting import what_if as trying
from services.reporting.almanac import Almanac
from services.reporting.keyed_index import follow_together
from services.reporting.likeness_index import INDEX
from services.reporting.listed import Listed
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.application.dossiers.ids import dossier_id_of
from shared.application.lists import read
from shared.application.reading_rights import check_administrator
from shared.application.runtime import Runtime, ensure_seen
from shared.base.caller import Caller
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
_MONTHLY_SECONDS = 1.0
_LISTS_SECONDS = 60.0
_MEASURE_SECONDS = 60.0
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
    def index_words(self) -> bool:
        """Follow the log for what complaints say, and by whom; says whether there may be more."""
        return follow_together(self.runtime, (people.INDEX, INDEX))

    @ticking(_INDEX_SECONDS)
    def index_photos(self) -> bool:
        """Follow the log for what photos look like; says whether there may be more."""
        return photos.INDEX.follow(self.runtime)

    @ticking(_MONTHLY_SECONDS)
    def draw_up(self) -> None:
        """Draw up the months that are due."""
        _MONTHLY.tick(self.runtime)

    @ticking(_LISTS_SECONDS)
    def write_down_lists(self) -> None:
        """Write down which categories may be told in views."""
        _LISTED.tick(self.runtime)

    @ticking(_MEASURE_SECONDS)
    def measure(self) -> None:
        """Keep the figures on requests about one's own data that are late."""
        lateness.measure(self.runtime)

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
        self,
        tenant: str,
        sop: str | None,
        calendar: str | None,
        months: int,
        most: int,
        caller: dict[str, Any],
        decree: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What a draft would have changed of the last months."""
        who, texts = Caller.from_dict(caller), {"sop": sop, "calendar": calendar}
        return trying.what_if(self.runtime, who, tenant, **texts, decree=decree, months=months, most=most)

    @rpc
    def lost(self, caller: dict[str, Any]) -> list[dict[str, Any]]:
        """What open dossiers need of the governments' files, and those have lost; for administrators."""
        check_administrator(Caller.from_dict(caller))
        return needed.lost(self.runtime)

    @rpc
    def running(self, tenant: str, caller: dict[str, Any]) -> dict[str, int]:
        """How many dossiers have not ended, by the version that they stay on; for administrators."""
        check_administrator(Caller.from_dict(caller))
        return needed.running(self.runtime, tenant)

    @rpc
    def ended_before(
        self, tenant: str, instant: str, caller: dict[str, Any], after: str | None = None
    ) -> dict[str, Any]:
        """A page of what has ended before an instant and was not erased; for administrators."""
        return retention.ended_before(self.runtime, Caller.from_dict(caller), tenant, from_iso(instant), after)

    @rpc
    def erased(self, tenant: str, caller: dict[str, Any], after: str | None = None) -> dict[str, Any]:
        """A page of the register of what was erased; for administrators."""
        return retention.erased(self.runtime, Caller.from_dict(caller), tenant, after)

    @rpc
    def recap(self, tenant: str, month: str, min_position: int | None, caller: dict[str, Any]) -> dict[str, Any]:
        """The recap of a month."""
        who = Caller.from_dict(caller)
        return read(self.runtime, _TABLES, min_position, lambda at: queries.recap(at, who, tenant, month))

    @rpc
    def spread(self, tenant: str, month: str, caller: dict[str, Any]) -> dict[str, Any]:
        """How the complaints of a month spread over its days, over the time to an answer and over that in each step."""
        return spreads.spread(self.runtime, Caller.from_dict(caller), tenant, month)

    @rpc
    def public_spread(self, tenant: str, month: str) -> dict[str, Any]:
        """The same for everybody."""
        return spreads.public_spread(self.runtime, tenant, month)

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
    def to_publish(self, tenant: str, limit: int, caller: dict[str, Any], after: str | None = None) -> dict[str, Any]:
        """A page of what waits to be written or published."""
        return publishing.to_publish(self.runtime, Caller.from_dict(caller), tenant, limit, after)

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
        channel: str | None = None,
    ) -> dict[str, Any]:
        """A page of the complaints of a month, one line each."""
        ensure_seen(self.runtime, ["reporting"], min_position)
        most = limit or registers.MOST_ROWS
        return registers.register(self.runtime, Caller.from_dict(caller), tenant, month, register, after, most, channel)

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
    def returned(self, tenant: str, kind: str, after: str | None, limit: int, caller: dict[str, Any]) -> dict[str, Any]:
        """A page of the complaints that came back from an office, or went to and fro."""
        who = Caller.from_dict(caller)
        return read(
            self.runtime, _TABLES, None, lambda at: returning.returned(at, who, tenant, kind, after=after, limit=limit)
        )

    @rpc
    def hints(self, tenant: str, dossiers: list[str], caller: dict[str, Any]) -> dict[str, Any]:
        """What is suggested for the rows of a list."""
        who = Caller.from_dict(caller)
        return hinting.hints(self.runtime, who, tenant, [dossier_id_of(each) for each in dossiers])

    @rpc
    def twins(self, tenant: str, after: str | None, caller: dict[str, Any]) -> dict[str, Any]:
        """Complaints that are likely one matter, two by two."""
        return pairing.twins(self.runtime, Caller.from_dict(caller), tenant, after)

    @rpc
    def tell_apart(self, tenant: str, dossiers: list[str], caller: dict[str, Any]) -> dict[str, Any]:
        """Note that two complaints are not one matter."""
        return pairing.tell_apart(
            self.runtime, Caller.from_dict(caller), tenant, [dossier_id_of(each) for each in dossiers]
        )

    @rpc
    def exchange(self, tenant: str, asked: dict[str, Any], caller: dict[str, Any]) -> dict[str, Any]:
        """A page of the complaints that came from another system."""
        return exchanging.exchange(self.runtime, Caller.from_dict(caller), tenant, **asked)

    @rpc
    def suggestions(self, tenant: str, dossier_id: str, caller: dict[str, Any]) -> dict[str, Any]:
        """What may help an officer with a dossier."""
        return suggestions.suggestions(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id))

    @rpc
    def photos_alike(self, tenant: str, dossier_id: str, caller: dict[str, Any]) -> dict[str, Any]:
        """Photos of other complaints that look like those of a dossier."""
        return photos.photos_alike(self.runtime, Caller.from_dict(caller), tenant, dossier_id_of(dossier_id))
