"""One government: what its folder says, and what counts beside that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import overload
from zoneinfo import ZoneInfo

from shared.base.errors import NotFound
from shared.base.names import canonical
from shared.domain.answer_templates import ANSWERS, SHARED, AnswerTemplate, load_answers
from shared.domain.calendar.loader import load_calendar
from shared.domain.calendar.records import Decreed, Records, nothing_else
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.colour import Colour
from shared.domain.contacts import DeskContacts, Group
from shared.domain.entries import Entries, load_entries
from shared.domain.procedures import ApprovedSop, ApprovedText, no_text
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.agencies import Agency, load_agencies
from shared.domain.sop.reading.authorities import AUTHORITIES, Authority, load_authorities
from shared.domain.sop.reading.versions import load_versions, parse_approved
from shared.wording.yaml_lines import FileError


@dataclass(frozen=True)
class Tenant:
    """One government.

    :param id: its name in tokens, events and addresses; the folder's name.
    :param name: its name as people write it.
    :param sop: the version under which complaints are filed now.
    :param sops: every version under which a dossier may still run, by number. Ask with :meth:`sop_of`.
    :param agencies: the offices that act on complaints.
    :param desks: how the actors of the government itself are reached, by actor.
    :param directory: its folder.
    :param groups: who is told together of complaints of some categories.
    :param other_authorities: those of its own list; see :attr:`authorities`.
    :param colour: of its pages; none for the usual one.
    :param decreed: what its calendar holds besides its file.
    :param approved: versions that were approved elsewhere than in its files; they stand among ``sops`` as well.
    :param unread: those of them that cannot be read any more: files of their numbers count instead.
    :param version_in_file: of its ``sop.yaml``.
    :param approved_text: looks up a version that a dossier names and that is not among ``sops`` yet.
    """

    id: str
    name: str
    sop: Sop
    sops: Mapping[int, Sop]
    agencies: tuple[Agency, ...]
    desks: Mapping[str, DeskContacts]
    directory: Path
    groups: tuple[Group, ...] = ()
    other_authorities: tuple[Authority, ...] = ()
    colour: Colour | None = None
    decreed: Decreed = field(default=nothing_else, repr=False, compare=False)
    approved: tuple[ApprovedSop, ...] = field(default=(), repr=False, compare=False)
    unread: frozenset[int] = field(default=frozenset(), repr=False, compare=False)
    version_in_file: int = 0
    approved_text: ApprovedText = field(default=no_text, repr=False, compare=False)
    _heard_of: dict[int, Sop] = field(default_factory=dict, init=False, repr=False, compare=False)
    _in_files: dict[tuple[Path, str], WorkingCalendar] = field(default_factory=dict, repr=False, compare=False)
    _latest: list[tuple[tuple[Records, ...], WorkingCalendar]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def sop_of(self, version: int) -> Sop:
        """The SOP of a version that a dossier names; a stand-in, for reading only, where its file is gone."""
        return self.sops.get(version) or self._newer(version) or self.sop.in_place_of(version)

    def _newer(self, version: int) -> Sop | None:
        """A version approved since this was made: to take it for lost would leave what the system has to do undone."""
        if version <= max(self.sops):
            return None
        if version not in self._heard_of and (text := self.approved_text(self.id, version)) is not None:
            self._heard_of[version] = parse_approved(self.directory, version, text)
        return self._heard_of.get(version)

    def sop_at(self, instant: datetime) -> Sop:
        """The SOP under which a complaint is filed at an instant, as far as was known when this was made."""
        if not self.approved:
            return self.sop
        counting = (each.version for each in self.approved if each.counts_from <= instant)
        return self.sops[max((self.version_in_file, *counting))]

    @property
    def calendar(self) -> WorkingCalendar:
        """Its working time: that of its file, read when it is first asked for, and what was decreed since.

        :raises FileError: if ``calendar.yaml`` is wrong, or in another time zone than the SOP.
        """
        more = self.decreed(self.id)
        return self._with(more) if more else self.calendar_in_file

    def _with(self, more: tuple[Records, ...]) -> WorkingCalendar:
        """Made once for the same records, since whoever asks does so for each event."""
        if not self._latest or self._latest[0][0] is not more:
            self._latest[:] = [(more, self.calendar_in_file.with_records(more))]
        return self._latest[0][1]

    @property
    def calendar_in_file(self) -> WorkingCalendar:
        """What its file alone says, and those that it refers to; read once, also for what is made of this by replacing.

        :raises FileError: as :attr:`calendar`.
        """
        known = self._in_files.get((self.directory, self.sop.timezone))
        if known is None:
            known = self._in_files[self.directory, self.sop.timezone] = self._read_calendar()
        return known

    def _read_calendar(self) -> WorkingCalendar:
        path = self.directory / "calendar.yaml"
        calendar = load_calendar(path)
        if calendar.zone.key != self.sop.timezone:
            message = f"this calendar is in {calendar.zone.key}, the SOP in {self.sop.timezone}"
            raise FileError(path, 1, message, "give `zone` here and `timezone` in sop.yaml the same value")
        return calendar

    @cached_property
    def entries(self) -> Entries:
        """The names of places and categories that may stand in clear, read when they are first asked for.

        :raises FileError: if a list cannot be read.
        """
        return load_entries(self.directory, self.id, self.sops.values(), self.agencies)

    @cached_property
    def answers(self) -> tuple[AnswerTemplate, ...]:
        """Beginnings of answers: its own, and those that all share; read when they are first asked for.

        :raises FileError: if a list cannot be read.
        """
        return self.answers_beside(load_answers(self.directory / ANSWERS, (agency.id for agency in self.agencies)))

    def answers_beside(self, own: tuple[AnswerTemplate, ...]) -> tuple[AnswerTemplate, ...]:
        """These, and those that all governments share, except where one of these is called the same.

        :raises FileError: if the shared list cannot be read.
        """
        named = {each.id for each in own}
        return (*own, *(each for each in load_answers(self.directory.parent / SHARED) if each.id not in named))

    @cached_property
    def authorities(self) -> Mapping[str, str]:
        """The other authorities to which a complaint may be handed, by id: its own, and those that all share.

        :raises FileError: if the shared list cannot be read.
        """
        shared = load_authorities(self.directory.parent / AUTHORITIES)
        return {each.id: each.name for each in (*shared, *self.other_authorities)}

    @property
    def ticket_prefixes(self) -> tuple[str, ...]:
        """What its tickets begin with, and what they have begun with: the longest first."""
        prefixes = {sop.ticket_prefix for sop in (self.sop, *self.sops.values())}
        return tuple(sorted(prefixes, key=lambda prefix: (-len(prefix), prefix)))

    @cached_property
    def messages(self) -> Path:
        """The folder of its message texts."""
        return self.directory / "messages"

    @cached_property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.sop.timezone)

    @cached_property
    def _agencies(self) -> dict[str, Agency]:
        return {agency.id: agency for agency in self.agencies}

    def agency(self, agency_id: str) -> Agency:
        """The agency of that id.

        :raises NotFound: ``unknown_agency``.
        """
        try:
            return self._agencies[agency_id]
        except KeyError:
            raise NotFound("unknown_agency", {"agency": agency_id}) from None

    def has_agency(self, agency_id: str) -> bool:
        """Whether there is such an agency."""
        return agency_id in self._agencies

    def group_for(self, category: str | None) -> Group | None:
        """The group that is told of complaints of a category; none if there is none."""
        wanted = canonical(category or "")
        return next((group for group in self.groups if wanted in map(canonical, group.categories)), None)

    @overload
    def agency_name(self, agency_id: str) -> str: ...
    @overload
    def agency_name(self, agency_id: None) -> None: ...
    def agency_name(self, agency_id: str | None) -> str | None:
        """What people call an agency; its id where the file has lost it."""
        if agency_id is None:
            return None
        return self._agencies[agency_id].name if agency_id in self._agencies else agency_id

    def agency_for(self, category: str | None) -> Agency | None:
        """The agency that handles a category; none if no agency claims it."""
        wanted = canonical(category or "")
        return next((agency for agency in self.agencies if wanted in agency.categories_folded), None)

    @overload
    def local(self, instant: datetime) -> str: ...
    @overload
    def local(self, instant: None) -> None: ...
    def local(self, instant: datetime | None) -> str | None:
        """An instant as its people write it: ISO 8601 with the government's own offset."""
        return instant.astimezone(self.zone).isoformat() if instant is not None else None


def load_tenant(directory: Path) -> Tenant:
    """Read one government's folder, but for its calendar.

    :raises FileError: if a file is wrong, or two files describe the same version of the SOP.
    """
    sops = load_versions(directory)
    current = sops[max(sops)]
    book = load_agencies(directory / "agencies.yaml")
    return Tenant(
        directory.name,
        book.name,
        current,
        sops,
        book.agencies,
        book.desks,
        directory,
        book.groups,
        book.authorities,
        colour=book.colour,
        version_in_file=current.version,
    )
