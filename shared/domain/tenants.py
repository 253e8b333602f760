"""The governments of this installation: one folder each, read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final, overload
from zoneinfo import ZoneInfo

from shared.base.errors import NotFound
from shared.base.names import canonical, chosen
from shared.domain.answer_templates import ANSWERS, SHARED, AnswerTemplate, load_answers
from shared.domain.calendar.loader import load_calendar
from shared.domain.calendar.working import WorkingCalendar
from shared.domain.contacts import DeskContacts, Group
from shared.domain.entries import Entries, load_entries
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.agencies import Agency, load_agencies
from shared.domain.sop.reading.authorities import AUTHORITIES, Authority, load_authorities
from shared.domain.sop.reading.loader import load_sop
from shared.wording.yaml_lines import FileError

CURRENT: Final = "sop.yaml"
_OLDER: Final = re.compile(r"sop\.v([1-9][0-9]*)\.yaml\Z")


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

    def sop_of(self, version: int) -> Sop:
        """The SOP of a version that a dossier names; a stand-in, for reading only, where its file is gone."""
        return self.sops.get(version) or self.sop.in_place_of(version)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Its working time, read when it is first asked for.

        :raises FileError: if ``calendar.yaml`` is wrong, or in another time zone than the SOP.
        """
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

    @property
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


@dataclass(frozen=True)
class Tenants:
    """All governments of an installation.

    :param directory: the folder with one folder for each; names beginning with ``_`` or ``.`` are no governments.
    :param only: these alone; all if empty.
    :param without: these not, which lie in other databases.
    """

    directory: Path | str
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    _known: dict[str, Tenant] = field(default_factory=dict, repr=False, compare=False)

    def ids(self) -> tuple[str, ...]:
        """Their names, in alphabetical order.

        :raises FileError: if the folder does not exist, or lacks one that is named.
        """
        place = Path(self.directory)
        if not place.is_dir():
            raise FileError(place, 0, "the folder of the tenants does not exist", "set ADUAN_TENANTS_DIR to it")
        folders = (path for path in place.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))
        found = {path.name for path in folders if (path / CURRENT).exists()}
        if lacking := sorted((self.only | self.without) - found):
            remedy = "correct ADUAN_TENANTS or ADUAN_DATABASES, which name it"
            raise FileError(place, 0, f"there is no folder of the government {lacking[0]}", remedy)
        return tuple(sorted((self.only or found) - self.without))

    def has(self, tenant_id: str) -> bool:
        """Whether there is a government of that name."""
        return tenant_id in self._known or tenant_id in self.ids()

    def meant(self, written: str) -> str:
        """The name of a government as its folder spells it; as it was written where there is none of that name."""
        return written if self.has(written) else chosen(written, self.ids()) or written

    def get(self, tenant_id: str) -> Tenant:
        """The government of that name.

        :raises NotFound: ``unknown_tenant``.
        :raises FileError: if one of its files is wrong.
        """
        if not self.has(tenant_id):
            raise NotFound("unknown_tenant")
        if tenant_id not in self._known:
            self._known[tenant_id] = load_tenant(Path(self.directory) / tenant_id)
        return self._known[tenant_id]

    def all(self) -> tuple[Tenant, ...]:
        """Every government, in alphabetical order.

        :raises FileError: if one of their files is wrong.
        """
        return tuple(self.get(tenant_id) for tenant_id in self.ids())


def load_tenant(directory: Path) -> Tenant:
    """Read one government's folder, but for its calendar.

    :raises FileError: if a file is wrong, or two files describe the same version of the SOP.
    """
    tenant_id = directory.name
    current = load_sop(directory / CURRENT, tenant_id)
    sops = {current.version: current}
    for path in sorted(directory.glob("sop.v*.yaml")):
        sop = load_sop(path, tenant_id)
        named = _OLDER.match(path.name)
        if named is None or int(named[1]) != sop.version:
            remedy = f"name the file sop.v{sop.version}.yaml, or correct its version"
            raise FileError(path, 1, f"this file describes version {sop.version} of the SOP", remedy)
        if sop.version >= current.version:
            remedy = f"give {CURRENT} a higher version than every older file"
            raise FileError(path, 1, f"version {sop.version} is not older than the current {current.version}", remedy)
        sops[sop.version] = sop
    book = load_agencies(directory / "agencies.yaml")
    return Tenant(
        tenant_id, book.name, current, sops, book.agencies, book.desks, directory, book.groups, book.authorities
    )
