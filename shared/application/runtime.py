"""What a process needs to do its work, wired once: see :func:`shared.application.bootstrap.bootstrap`."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.application.dossiers.repository import Dossiers
from shared.application.folder import FILES
from shared.base.clock import Clock
from shared.base.errors import Conflict, Unavailable
from shared.base.joining import Joint
from shared.base.randomness import Randomness
from shared.base.services import ServiceName
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.desk import Desk
from shared.domain.sealing import DataKey
from shared.platform.database.pool import Database
from shared.platform.database.replica import Replica
from shared.platform.purposes import Lasting
from shared.platform.settings import Settings
from shared.store.files.store import FileStore, store_at
from shared.store.projection.lag import wait_until
from shared.store.vault.vault import Vault

READ_WAIT_SECONDS = 5.0

T = TypeVar("T")


@dataclass(frozen=True)
class Runtime:
    """The parts that every service is given.

    :param settings: the configuration it was built from.
    :param database: the process's connections.
    :param clock: the present instant.
    :param randomness: ids and secrets.
    :param tenants: SOPs, agencies and calendars.
    :param vault: the keys of personal data.
    :param replica: a copy of the database that lists may be read from, if there is one.
    :param reads_only: whether ``database`` is that copy.
    """

    settings: Settings
    database: Database
    clock: Clock
    randomness: Randomness
    tenants: Tenants
    vault: Vault
    replica: Replica | None = None
    reads_only: bool = False
    _dossiers: dict[str, Dossiers] = field(default_factory=dict)
    _keys: dict[str, bytes] = field(default_factory=dict, repr=False)
    _files: list[FileStore] = field(default_factory=list)
    _joints: dict[str, Joint[Any]] = field(default_factory=dict)
    _once: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def dossiers(self, service: str) -> Dossiers:
        """The dossiers as one service may use them."""
        if service not in self._dossiers:
            self._dossiers[service] = Dossiers(self.database, service)
        return self._dossiers[service]

    def joint(self, name: str, do: Callable[[Sequence[Any]], None]) -> Joint[Any]:
        """Where the process does work of one kind together.

        :param name: of the kind.
        :param do: does it; the same for every call.
        """
        if name not in self._joints:
            self._joints[name] = Joint(do)
        return self._joints[name]

    def once(self, made: Callable[["Runtime"], T]) -> T:
        """What is made of this runtime once, remembers something, and goes when the runtime goes.

        :param made: makes it, and is by what it is known again: a class, or a function of a module.
        """
        if made not in self._once:
            self._once.setdefault(made, made(self))  # another thread may have made one meanwhile: all go on with one
        return cast("T", self._once[made])

    def key(self, purpose: Lasting) -> bytes:
        """A key for one purpose, the same before and after a change of the master key.

        :raises NoMasterKey: in a process that was given none.
        """
        if purpose not in self._keys:
            self._keys[purpose] = self.vault.lasting_key(purpose)
        return self._keys[purpose]

    def dossier_key(self, dossier: UUID) -> DataKey:
        """The key of a dossier of which something is to be written.

        :raises Conflict: ``erased``, where it was destroyed.
        """
        key = self.vault.key_of(dossier)
        if key is None:
            raise Conflict("erased")
        return key

    @property
    def has_files(self) -> bool:
        """Whether the installation has a place for files."""
        return bool(self.settings.files_url) or self.settings.embedded

    @property
    def files(self) -> FileStore:
        """Where sealed files lie.

        :raises Unavailable: ``no_file_store`` if the installation has no place for them, or no driver for it.
        """
        if not self.has_files:
            raise Unavailable("no_file_store")
        if not self._files:
            self._files.append(store_at(self.settings.files_url or str(self.settings.data_dir / FILES)))
        return self._files[0]

    def near(self, cursor: Cursor) -> Cursor | None:
        """For the vault: a cursor to go on with where it is the vault's own database; none where it is a copy of it."""
        return None if self.reads_only else cursor

    def desk(self, tenant: str) -> Desk:
        """The desk that writes a tenant's events.

        :raises NotFound: if there is no such tenant.
        """
        return Desk(self.tenants.get(tenant), self.clock)


def ensure_seen(runtime: Runtime, schemas: Sequence[ServiceName], position: int | None) -> None:
    """Wait, for a bounded time, until projections have the event at a log position: reading one's own writes.

    :param schemas: the projections, by their PostgreSQL schema.
    :param position: as a command answered it; nothing to wait for without one.
    :raises Unavailable: if they have not got it in time.
    """
    if position is not None and not wait_until(runtime.database, schemas, position, READ_WAIT_SECONDS):
        raise Unavailable("projection_behind", {"position": position})
