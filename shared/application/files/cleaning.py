"""A content checked and cleaned, by a process of its own."""

import logging
import os
import signal
import sys
from dataclasses import dataclass
from typing import Final

from shared.application.files.programs import run_on
from shared.base.errors import AduanError, Invalid, Unavailable
from shared.domain.files.cleaning import BEGUN, REFUSED
from shared.domain.files.looks import told
from shared.domain.files.types import MediaType, type_of

_SECONDS: Final = 25.0
_BEGUN: Final = BEGUN.encode()

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clean:
    """A content that is kept.

    :param content: without what it should not carry.
    :param look: of a picture, see :mod:`shared.domain.files.looks`.
    """

    media_type: MediaType
    content: bytes
    look: str | None = None


def cleaned(content: bytes) -> Clean:
    """What is kept of a content.

    :raises Invalid: naming the field ``file``: of a kind that is not taken, damaged, encrypted, too large unfolded, or
        taking too long.
    :raises Unavailable: ``cleaning_away``, if the process could not begin, or was ended for want of memory: nothing is
        said of the file then, and the same file may be sent again.
    """
    media_type = type_of(content)
    if media_type is None:
        raise Invalid("invalid_fields", fields={"file": ["file_type_not_taken"]})
    command = [sys.executable, "-m", "shared.domain.files.cleaning", media_type.decoder]
    # The same code in the same place, and nothing else of this process: no secret stands in that environment.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.environ.get("PATH", "")}
    try:
        ran = run_on(content, command, _SECONDS, environment)
    except OSError as error:  # no process could be made of it
        raise Unavailable("cleaning_away") from error
    if ran.status == 0:
        return Clean(media_type, ran.out, told(ran.remark))
    raise _refusal(-signal.SIGXCPU if ran.status is None else ran.status, ran.remark)


def _refusal(status: int, said: bytes) -> AduanError:
    """What the end of a process says of the file, or of ourselves.

    :param status: its exit status; of a signal the negative number.
    :param said: on standard error.
    """
    if not said.startswith(_BEGUN) or status == -signal.SIGKILL:
        _log.error("cleaning could not be done", extra={"status": status})
        return Unavailable("cleaning_away")
    if status == -signal.SIGXCPU:
        return Invalid("invalid_fields", fields={"file": ["file_takes_too_long"]})
    if status != REFUSED:  # a decoder that fell over it
        return Invalid("invalid_fields", fields={"file": ["file_damaged"]})
    faults = {"file": [said.removeprefix(_BEGUN).decode(errors="replace")]}  # one of the cleaning's own codes
    return Invalid("invalid_fields", fields=faults)
