"""All governments of an installation: one folder each, read once, with what came to count beside their files since."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from shared.base.errors import NotFound
from shared.base.names import chosen
from shared.domain.calendar.records import Decreed, nothing_else
from shared.domain.procedures import Approved, ApprovedText, Procedures, no_text, none_approved
from shared.domain.reached import Edits, Reached, agencies_with, as_in_files, desks_with
from shared.domain.sop.reading.versions import CURRENT, with_approved
from shared.domain.tenants import Tenant, load_tenant
from shared.wording.yaml_lines import FileError


@dataclass(frozen=True)
class Tenants:
    """All governments of an installation.

    :param directory: the folder with one folder for each; names beginning with ``_`` or ``.`` are no governments.
    :param only: these alone; all if empty.
    :param without: these not, which lie in other databases.
    :param decreed: what their calendars hold besides their files.
    :param reached: how their offices are reached where that is not as in their files.
    :param procedures: versions of their procedures that were approved elsewhere than in their files.
    :param approved_text: the text of one, looked up there and then.
    """

    directory: Path | str
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    decreed: Decreed = field(default=nothing_else, repr=False, compare=False)
    reached: Reached = field(default=as_in_files, repr=False, compare=False)
    procedures: Approved = field(default=none_approved, repr=False, compare=False)
    approved_text: ApprovedText = field(default=no_text, repr=False, compare=False)
    _followed: dict[str, tuple[Procedures, Tenant]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _changed: dict[str, tuple[Tenant, Edits, Tenant]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
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
        home, edits = self._following(self.in_file(tenant_id)), self.reached(tenant_id)
        return self._with(home, edits) if edits else home

    def in_file(self, tenant_id: str) -> Tenant:
        """One that there is as its files have it, without what was approved or changed since: no database is asked.

        :raises FileError: if one of its files is wrong.
        """
        if tenant_id not in self._known:
            read = load_tenant(Path(self.directory) / tenant_id)
            self._known[tenant_id] = replace(read, decreed=self.decreed, approved_text=self.approved_text)
        return self._known[tenant_id]

    def _following(self, home: Tenant) -> Tenant:
        """With the procedures that were approved; made once for the same ones, since everybody asks again and again."""
        procedures = self.procedures(home.id)
        if not procedures.approved:
            return home
        known = self._followed.get(home.id)
        if known is None or known[0] is not procedures:
            known = self._followed[home.id] = (procedures, _approved(home, procedures))
        return known[1]

    def _with(self, home: Tenant, edits: Edits) -> Tenant:
        """Likewise for the same changes."""
        known = self._changed.get(home.id)
        if known is None or known[0] is not home or known[1] is not edits:
            changed = replace(home, agencies=agencies_with(home.agencies, edits), desks=desks_with(home.desks, edits))
            known = self._changed[home.id] = (home, edits, changed)
        return known[2]

    def all(self) -> tuple[Tenant, ...]:
        """Every government, in alphabetical order.

        :raises FileError: if one of their files is wrong.
        """
        return tuple(self.get(tenant_id) for tenant_id in self.ids())

    def in_files(self) -> tuple[Tenant, ...]:
        """Every government likewise.

        :raises FileError: as :meth:`all`.
        """
        return tuple(self.in_file(tenant_id) for tenant_id in self.ids())


def _approved(home: Tenant, procedures: Procedures) -> Tenant:
    """A government with what it has approved beside its files.

    Complaints are filed under the highest version that counts, whether a file says it or an approval.

    :raises FileError: if a text cannot be read any more, and no file of its number stands in for it.
    """
    sops, unread = with_approved(home.directory, home.sops, procedures.approved)
    current = sops[max(home.version_in_file, procedures.in_force)]
    return replace(home, sop=current, sops=sops, approved=procedures.approved, unread=unread)
