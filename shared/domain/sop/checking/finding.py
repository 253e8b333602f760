"""What a check of an SOP has to say."""

from dataclasses import dataclass
from typing import Final

ERROR: Final = "error"
WARNING: Final = "warning"
INFO: Final = "info"
SEVERITIES: Final = (ERROR, WARNING, INFO)

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """One remark on an SOP.

    :param severity: ``error`` (a dossier would be lost or mishandled), ``warning`` (somebody should decide on it) or
        ``info`` (worth knowing).
    :param code: a stable name of what was found.
    :param message: what it is.
    :param remedy: what to do about it.
    :param place: where in the file, e.g. ``("steps", 2)``.
    :param file: the file, once known.
    :param line: the line, counted from 1; 0 if the whole file is meant.
    """

    severity: str
    code: str
    message: str
    remedy: str = ""
    place: Place = ()
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file else ""
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{where}{self.severity}: {self.message}{remedy} [{self.code}]"
