"""One line of what ``aduan doctor`` says."""

from dataclasses import asdict, dataclass
from typing import Final, Literal

State = Literal["ok", "warn", "fail"]
OK: Final = "ok"
WARN: Final = "warn"
FAIL: Final = "fail"

PARTS: Final = ("broker", "disk", "database", "work", "backups", "channels", "tenants")
"""What can be looked at alone; the configuration always is, and the database wherever something stands on it."""

_GRAVITY: Final[tuple[State, ...]] = (OK, WARN, FAIL)


@dataclass(frozen=True)
class Measures:
    """By what it is judged.

    :param patience: seconds that an event, a clock or a letter may wait before it is worth a look.
    :param least_free: the share of a disk, from 0 to 1, below which is warned.
    :param providers: whether the providers of channels are asked too.
    :param parts: of :data:`PARTS` those that are looked at.
    """

    patience: float = 10.0
    least_free: float = 0.15
    providers: bool = False
    parts: tuple[str, ...] = PARTS


@dataclass(frozen=True)
class Diagnosis:
    """What was found of one part.

    :param check: the part, e.g. ``database.migrations``: stable, for programs.
    :param state: ``fail``: it does not work. ``warn``: it works, and somebody should look at it.
    :param said: what was found; never a secret, never a person.
    :param remedy: what to do about it; none where all is well.
    """

    check: str
    state: State
    said: str
    remedy: str = ""

    def __str__(self) -> str:
        told = f"{self.state:<5} {self.check}: {self.said}"
        return f"{told}\n      → {self.remedy}" if self.remedy else told

    def to_dict(self) -> dict[str, str]:
        """As JSON shows it."""
        return asdict(self)


def well(check: str, said: str) -> Diagnosis:
    """All is well with it."""
    return Diagnosis(check, OK, said)


def warned(check: str, said: str, remedy: str) -> Diagnosis:
    """Somebody should look at it."""
    return Diagnosis(check, WARN, said, remedy)


def failed(check: str, said: str, remedy: str) -> Diagnosis:
    """It does not work."""
    return Diagnosis(check, FAIL, said, remedy)


def graded(check: str, figure: float, said: str, remedy: str, *, warn: float, fail: float) -> Diagnosis:
    """By how large a figure is.

    :param figure: the larger, the worse.
    :param warn: above it somebody should look.
    :param fail: above it nothing can be relied upon.
    """
    if figure > fail:
        return failed(check, said, remedy)
    return warned(check, said, remedy) if figure > warn else well(check, said)


def worst(lines: list[Diagnosis]) -> State:
    """The gravest state among them; well if there are none."""
    return max((each.state for each in lines), key=_GRAVITY.index, default=OK)
