"""Holding a log against its checkpoints: by anybody who has the public key, and trusts nobody who has the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.store.eventstore.checkpoints.rows import HashedRow
from shared.store.eventstore.checkpoints.signed import NONE_BEFORE, SignedCheckpoint, read_checkpoint
from shared.store.eventstore.checkpoints.tree import HashTree, leaf
from shared.store.eventstore.hashing import NOTHING_BEFORE

_MOST_FAULTS: Final = 100
_ROW_FAULTS: Final = {
    "changed": "the event at position {position} does not match its own hash: its bytes were changed",
    "hidden": "the event at position {position} bears a transaction that never was: readers would not come to it",
    "broken": "the event at position {position} follows no event of its dossier: one before it was changed, removed, "
    "or it was forged",
    "reordered": "the event at position {position} stands after one of a higher position",
    "unreadable": "after {position} events' place the export cannot be read: it was damaged or cut",
}


@dataclass(frozen=True)
class CheckpointFault:
    """One thing that is wrong.

    :param what: ``forged``, ``gap`` or ``unreadable`` (a checkpoint), ``shorter``, ``removed``, ``added`` or
        ``rewritten`` (the log up to a checkpoint), or what is wrong with one event.
    :param says: a sentence that names the place.
    """

    what: str
    says: str


@dataclass(frozen=True)
class CheckpointReport:
    """What came of it.

    :param checkpoints: how many the log was held against.
    :param events: rows looked at.
    :param position: up to where a checkpoint speaks for the log.
    :param beyond: events after that: only the next checkpoint will speak for them.
    :param faults: the first hundred.
    :param faults_found: how many there are.
    """

    checkpoints: int
    events: int
    position: int
    beyond: int
    faults: tuple[CheckpointFault, ...]
    faults_found: int

    @property
    def intact(self) -> bool:
        """Whether the log is what was signed."""
        return self.faults_found == 0


def read_all(
    lines: Iterable[str], keys: Sequence[Ed25519PublicKey]
) -> tuple[list[SignedCheckpoint], list[CheckpointFault]]:
    """The checkpoints of a file that their signatures prove, and what is wrong with the others.

    A line that stood before, letter for letter, says nothing new: earlier versions could write one twice.

    :param keys: whose signatures are believed.
    """
    proven: set[str] = set()
    good: list[SignedCheckpoint] = []
    faults = []
    for number, line in enumerate((each for each in lines if each.strip()), 1):
        if line in proven:
            continue
        try:
            found = read_checkpoint(line)
        except ValueError as error:
            faults.append(CheckpointFault("unreadable", f"line {number} of the checkpoints: {error}"))
            continue
        if not any(found.is_by(key) for key in keys):
            told = f"checkpoint {found.number} (line {number}) was not signed by the given key, or was changed since"
            faults.append(CheckpointFault("forged", told))
            continue
        proven.add(line)
        before = good[-1] if good else None
        if not _follows(found, before):
            told = f"checkpoint {found.number} (line {number}) does not follow the one before it: one is missing"
            faults.append(CheckpointFault("gap", told))
        if before is None or (found.position > before.position and found.size > before.size):
            good.append(found)
    return good, faults


def _follows(found: SignedCheckpoint, before: SignedCheckpoint | None) -> bool:
    if before is None:
        # A file may begin later than the log: what it holds speaks for the log from its beginning all the same.
        return (found.number == 1) == (found.previous == NONE_BEFORE)
    return found.number == before.number + 1 and found.previous == before.hash


def hold(rows: Iterable[HashedRow], checkpoints: Sequence[SignedCheckpoint]) -> CheckpointReport:
    """Hold every event of a log against the checkpoints, each span between two of them by itself.

    :param rows: in the order of the log.
    :param checkpoints: proven ones, in their order.
    """
    holding = _Holding(list(checkpoints))
    for row in rows:
        holding.see(row)
    holding.end()
    return CheckpointReport(
        checkpoints=len(checkpoints),
        events=holding.events,
        position=checkpoints[-1].position if checkpoints else 0,
        beyond=holding.beyond,
        faults=tuple(holding.faults[:_MOST_FAULTS]),
        faults_found=len(holding.faults),
    )


@dataclass
class _Holding:
    """How far it has come.

    :param left: the checkpoints still to be reached.
    :param heads: the hashes of the last rows of all dossiers.
    """

    left: list[SignedCheckpoint]
    tree: HashTree = field(default_factory=HashTree)
    heads: set[bytes] = field(default_factory=set)
    faults: list[CheckpointFault] = field(default_factory=list)
    events: int = 0
    beyond: int = 0
    last: int = 0
    since: int = 0

    def see(self, row: HashedRow) -> None:
        while self.left and row.position > self.left[0].position:
            self._reach(self.left.pop(0))
        self.events += 1
        self.beyond += not self.left
        if row.fault == "unreadable":
            self._row_fault("unreadable", self.events)
            return
        self._look_at(row)
        self.last = row.position
        if self.left:
            self.tree.add(leaf(row.position, row.before, row.own))

    def end(self) -> None:
        """Whatever is left speaks of events that are not there."""
        if self.left and self.last >= self.left[0].position:
            self._reach(self.left.pop(0))
        if self.left:
            wanted = self.left[-1]
            self._fault(
                "shorter",
                f"the log ends at position {self.last}, and {_named(wanted)} speaks of {wanted.size} events up to "
                f"position {wanted.position}: its tail was cut off, or an older backup was put back",
            )

    def _look_at(self, row: HashedRow) -> None:
        if row.fault is not None:
            self._row_fault(row.fault, row.position)
        if row.position <= self.last:
            self._row_fault("reordered", row.position)
        if row.before != NOTHING_BEFORE:
            if row.before in self.heads:
                self.heads.remove(row.before)
            else:
                self._row_fault("broken", row.position)
        self.heads.add(row.own)

    def _reach(self, checkpoint: SignedCheckpoint) -> None:
        size, root = self.tree.size, self.tree.root.hex()
        where = f"between position {self.since} and {checkpoint.position}"
        if size < checkpoint.size:
            count = checkpoint.size - size
            self._fault("removed", f"{_named(checkpoint)}: {count} of its events {where} are gone")
        elif size > checkpoint.size:
            count = size - checkpoint.size
            self._fault("added", f"{_named(checkpoint)}: {count} events {where} were put in afterwards")
        elif root != checkpoint.root:
            self._fault(
                "rewritten",
                f"{_named(checkpoint)}: the events {where} are as many as were signed, and not the same: "
                "they were rewritten, reordered or exchanged",
            )
        self.tree = checkpoint.tree  # so that the next span is judged by itself
        self.since = checkpoint.position

    def _row_fault(self, what: str, position: int) -> None:
        self._fault(what, _ROW_FAULTS[what].format(position=position))

    def _fault(self, what: str, says: str) -> None:
        self.faults.append(CheckpointFault(what, says))


def _named(checkpoint: SignedCheckpoint) -> str:
    return f"checkpoint {checkpoint.number} of {checkpoint.made_at}"


def hold_kept(documents: Iterable[str], checkpoints: Sequence[SignedCheckpoint]) -> list[CheckpointFault]:
    """Hold the checkpoints beside the log against those that were carried away.

    :param documents: the lines in the database.
    :param checkpoints: proven ones of a file.
    """
    kept = set(documents)
    return [
        CheckpointFault(
            "unknown",
            f"{_named(each)} is not the one that lies beside the log, or is gone there: an older backup was put back, "
            "or somebody has signed another log",
        )
        for each in checkpoints
        if each.line not in kept
    ]
