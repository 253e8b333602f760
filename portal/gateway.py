"""What the portal asks of the services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from shared.base.caller import Caller

Json = dict[str, Any]

OUTCOME_UNKNOWN: Final = "outcome_unknown"
"""The error of a call that was handed over and not answered: it may have been carried out."""


@dataclass(frozen=True)
class PageAsked:
    """Which page of a list.

    :param after: ``next`` of the page before; none for the first.
    :param limit: at most so many.
    :param min_position: of the log, that must be visible in it.
    """

    after: str | None
    limit: int
    min_position: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Self:
        """As a query of the API asks for it."""
        return cls(query["after"], query["limit"], query["min_position"])

    def to_dict(self) -> Json:
        """As the services take it."""
        return {"after": self.after, "limit": self.limit, "min_position": self.min_position}


class Gateway(Protocol):
    """The services' calls. Answers are JSON in the shapes of the API; expected errors are ``AduanError``.

    Every call raises ``Unavailable`` if the service does not answer in time; one that writes with the code
    :data:`OUTCOME_UNKNOWN` and its ``key``, if it may have been carried out.
    """

    def file(self, tenant: str, complaint: Json, caller: Caller | None, correlation_id: str, *, key: str) -> Json:
        """File a complaint.

        :param caller: the officer who registers it, if one does.
        :param key: by which the same request is known when it comes again.
        :returns: the receipt, ``created`` false if it had been filed before.
        """

    def file_for_program(self, tenant: str, complaint: Json, program: str, correlation_id: str) -> Json:
        """File a complaint that a program with a key has sent; known by its channel and external id.

        :param program: the channel, as the log names who filed it.
        :returns: as :meth:`file`.
        """

    def add_for_program(
        self, tenant: str, ticket: str, filed_as: str, text: str, *, correlation_id: str, key: str
    ) -> Json:
        """Add words to a complaint that a program has filed, known by how its ids begin; the log ``position``."""

    def filed(self, tenant: str, channel: str, external_id: str) -> Json:
        """The ``ticket`` of what was filed so; ``NotFound`` if nothing was."""

    def track(self, tenant: str, ticket: str, code: str, *, shown: bool = True) -> Json:
        """The public view of a ticket; ``NotFound`` alike for an unknown ticket and a wrong code.

        :param shown: whether the reporter is shown it, and so knows what stands there from now on.
        """

    def reporter_act(
        self, tenant: str, ticket: str, code: str, *, action: str, fields: Json, correlation_id: str, key: str
    ) -> Json:
        """Do one of the reporter's actions; the public view after it, with ``position``."""

    def standing(self, tenant: str, codes: Mapping[str, str]) -> Json:
        """Where complaints stand, by their ids, for who keeps their reporter's codes; at most 20. Records nothing.

        :param codes: by the complaints' ids; of one that has another code now only ``code_renewed`` is told.
        """

    def resolve(self, tenant: str, ticket: str) -> Json:
        """The ``id`` of the dossier behind a ticket."""

    def dossier(self, tenant: str, dossier_id: str, caller: Caller, why: str | None = None) -> Json:
        """A dossier for an officer; that they read it is recorded.

        :param why: what they say they open it for.
        """

    def readings(self, tenant: str, dossier_id: str | None, asked: Json, caller: Caller) -> Json:
        """A page of who opened personal data, for an administrator.

        :param dossier_id: of this dossier only.
        :param asked: ``account``, ``after`` and ``limit``.
        """

    def own_data(self, tenant: str, ticket: str, code: str) -> Json:
        """The copy of a reporter's data, once a desk has given it."""

    def readers(self, tenant: str, ticket: str, code: str) -> Json:
        """How often a reporter's personal data were opened, by role."""

    def act(
        self,
        tenant: str,
        dossier_id: str,
        *,
        action: str,
        fields: Json,
        version: int | None,
        caller: Caller,
        correlation_id: str,
        key: str,
    ) -> Json:
        """Do an officer's action; the dossier after it, with ``position``."""

    def inbox(
        self,
        tenant: str,
        agency: str | None,
        actor: str | None,
        page: PageAsked,
        caller: Caller,
        *,
        wanted: Mapping[str, Sequence[str]] | None = None,
        states: Sequence[str] | None = None,
        colleagues: bool = False,
    ) -> Json:
        """A page of open tasks.

        :param wanted: any of ``step``, ``channel``, ``category`` and ``kecamatan``, each with the words that will do.
        :param states: by the state of their time, with ``counts``: only these of them, or all if it is empty; none for
            a list by due time alone.
        :param colleagues: what lies at the other desks of the agency instead of the actor's. How much that is is told
            with ``counts``, where both are given.
        """

    def outline(self, tenant: str, *, agency: str | None, actor: str | None, caller: Caller) -> Json:
        """Which tasks an inbox holds, up to 200 by the state of their time, without what was written."""

    def latest(self, tenant: str, dossier_id: str, caller: Caller, since: int | None = None) -> Json:
        """What happened last to a dossier: its version, and who did what when.

        :param since: a version; all that came after it is told too, as ``since``.
        """

    def audit(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """The chain of one dossier, checked link by link."""

    def clocks(self, tenant: str, states: Sequence[str], page: PageAsked, caller: Caller) -> Json:
        """A page of clocks."""

    def drawn(self, tenant: str, month: str | None, caller: Caller) -> Json:
        """The months that have been drawn up, or the recap of one as it was then."""

    def register(self, tenant: str, asked: Json, caller: Caller) -> Json:
        """A page of a month's register.

        :param asked: ``month``, ``register``, ``after``, ``limit`` and ``min_position``; perhaps ``channel``.
        """

    def search(self, tenant: str, wanted: Json, page: PageAsked, caller: Caller) -> Json:
        """A page of the complaints that fit everything wanted."""

    def photos_alike(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """Photos of others that look like those of a dossier: ``file``, ``ticket``, ``agency_name``, ``at``."""

    def suggestions(self, tenant: str, dossier_id: str, caller: Caller) -> Json:
        """What may help an officer with a dossier: ``alike``, ``agencies``, ``categories`` and ``hits``."""

    def board(self, tenant: str, caller: Caller) -> Json:
        """The open tasks, counted by holder and step: ``cells`` and ``as_of``."""

    def watched(self, tenant: str, kind: str, wanted: Json, page: PageAsked, caller: Caller) -> Json:
        """A page of the tasks behind a figure of the board.

        :param kind: ``late``, ``soon`` or ``waiting`` for their reporter.
        :param wanted: any of ``actor``, ``agency`` and ``step``.
        """

    def returned(self, tenant: str, kind: str, page: PageAsked, caller: Caller) -> Json:
        """A page of the complaints that came back from an office, with how many there are.

        :param kind: ``returned``, or ``bounced`` to and fro.
        """

    def hints(self, tenant: str, dossiers: Sequence[str], caller: Caller) -> Json:
        """What is suggested for some rows of a list, by their dossiers' ids: ``twin``, ``agency`` and ``category``."""

    def twins(self, tenant: str, after: str | None, caller: Caller) -> Json:
        """A page of complaints that are likely one matter, two by two; and whether the caller may decide on them."""

    def tell_apart(self, tenant: str, dossiers: Sequence[str], caller: Caller) -> Json:
        """Note that two complaints are not one matter."""

    def what_if(self, tenant: str, asked: Json, caller: Caller) -> Json:
        """What a draft would have changed of the last months, for an administrator.

        :param asked: ``sop`` and ``calendar`` as texts or none, ``months`` and ``most``; perhaps a ``decree``.
        """

    def running(self, tenant: str, caller: Caller) -> dict[str, int]:
        """How many dossiers have not ended, by the version of the procedure that they stay on, for an administrator."""

    def moved(self, tenant: str, section: str, record: Json, caller: Caller) -> Json:
        """Which open clocks a draft for the calendar would move, for an administrator."""

    def public_recap(self, tenant: str, month: str) -> Json:
        """The statistics of a month that everybody may see."""

    def spread(self, tenant: str, month: str, caller: Caller | None) -> Json:
        """How a month spreads: ``days``, ``first_answer`` and ``steps``; without a caller, as everybody may see it."""

    def year(self, tenant: str, year: str, caller: Caller) -> Json:
        """The months of a year."""

    def public_year(self, tenant: str, year: str) -> Json:
        """The months of a year, as everybody may see them."""

    def published(self, tenant: str, wanted: Json, *, after: str | None, limit: int) -> Json:
        """A page of what everybody may read of single complaints."""

    def published_one(self, tenant: str, ticket: str) -> Json:
        """One of them; ``NotFound`` alike for what is not public and what is not there."""

    def followed(self, tenant: str, wanted: Json) -> Json:
        """Single complaints as everybody may follow them by their number."""

    def refused(self, tenant: str, channel: str, why: str) -> Json:
        """Have a channel's operator told that its deliveries are refused, at most once a day."""

    def to_publish(self, tenant: str, page: PageAsked, caller: Caller) -> Json:
        """A page of what waits to be written or published."""

    def recap(self, tenant: str, month: str, min_position: int | None, caller: Caller) -> Json:
        """The statistics of a month."""

    def files(self, service: str, method: str, tenant: str, **arguments: Any) -> Json:
        """Ask for a file to be added, handed out or made.

        :param service: ``intake`` for reporters, ``routing`` for officers.
        :param method: of that service: ``may_add_file``, ``add_file``, ``file``, ``file_of``, ``document``.
        """
