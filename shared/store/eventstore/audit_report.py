"""What an audit of the log reports."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class LogFault:
    """One place at which the log is not as it was written.

    :param dossier: where.
    :param version: the row at which it shows.
    :param position: that row's position.
    :param what: ``changed`` (the row does not match its own hash), ``removed`` (versions are missing before it),
        ``broken`` (it does not continue the row before it), ``reordered`` (an earlier position, or transaction, than
        the row before it), ``hidden`` (its transaction was never given out, so readers would not come to it) or
        ``rewritten`` (up to there the log is not what an earlier audit saw).
    """

    dossier: UUID | None
    version: int | None
    position: int
    what: str

    def __str__(self) -> str:
        where = f"dossier {self.dossier} version {self.version}, " if self.dossier else ""
        return f"{self.what}: {where}position {self.position}"


@dataclass(frozen=True)
class Checkpoint:
    """How the log stood at an earlier audit, as kept outside the database.

    :param position: the last position then.
    :param digest: the digest then, in hexadecimal.
    """

    position: int
    digest: str


@dataclass(frozen=True)
class AuditReport:
    """What an audit found.

    :param events: rows checked.
    :param dossiers: chains checked.
    :param position: the last position checked.
    :param digest: over all rows' hashes in the order of the log: with ``position``, the :class:`Checkpoint` to keep.
    :param faults: the first hundred.
    :param faults_found: how many there are.
    """

    events: int
    dossiers: int
    position: int
    digest: str
    faults: tuple[LogFault, ...]
    faults_found: int

    @property
    def intact(self) -> bool:
        """Whether the log is as it was written."""
        return self.faults_found == 0

    @property
    def checkpoint(self) -> Checkpoint:
        """What to keep outside the database for the next audit."""
        return Checkpoint(self.position, self.digest)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults]
        if self.faults_found > len(self.faults):
            lines.append(f"and {self.faults_found - len(self.faults)} more")
        state = "intact" if self.intact else f"NOT INTACT, {self.faults_found} faults"
        lines.append(f"{state}: {self.events} events of {self.dossiers} dossiers up to position {self.position}")
        lines.append(f"digest: {self.position}:{self.digest}")
        return "\n".join(lines)
