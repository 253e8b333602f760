"""The vault of a process that was given no master key, since it opens nothing that is sealed."""

from collections.abc import Iterable
from typing import NoReturn
from uuid import UUID

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from shared.base.errors import AduanError
from shared.domain.sealing import DataKey
from shared.platform.purposes import Lasting
from shared.store.vault.vault import Vault


class NoMasterKey(AduanError):
    """What was asked for needs the master key, and this process has none. Nothing was changed."""

    status = 503


class ShutVault(Vault):
    """Opens, wraps and destroys nothing: whoever takes the process over finds no key in it that opens a name."""

    def __init__(self) -> None:
        """It holds nothing."""
        self._admitted = True

    def admit(self) -> None:
        """There is no key that could be a wrong one."""

    def lasting_key(self, purpose: Lasting) -> bytes:
        """Refuse."""
        _refuse(purpose)

    def new_key(self, dossier: UUID) -> DataKey:
        """Refuse."""
        _refuse(dossier)

    def storing(self, keys: Iterable[DataKey]) -> tuple[str, tuple[object, ...]]:
        """Refuse."""
        _refuse(keys)

    def keys(self, cursor: Cursor | None, dossiers: Iterable[UUID]) -> dict[UUID, DataKey | None]:
        """Refuse."""
        _refuse(cursor, dossiers)

    def opens(self, dossier: UUID, wrapped: bytes, master_id: str) -> bool:
        """Refuse."""
        _refuse(dossier, wrapped, master_id)

    def destroy(self, dossier: UUID, cursor: Cursor | None = None) -> bool:
        """Refuse."""
        _refuse(dossier, cursor)

    def rewrap(self, batch: int = 500) -> int:
        """Refuse."""
        _refuse(batch)


def _refuse(*_asked: object) -> NoReturn:
    raise NoMasterKey("no_master_key")
