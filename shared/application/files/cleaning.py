"""A content checked and cleaned, by a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from shared.base.errors import Invalid
from shared.domain.files.types import MediaType, type_of

_SECONDS: Final = 25.0
_REFUSED: Final = 3


@dataclass(frozen=True)
class Clean:
    """A content that is kept.

    :param content: without what it should not carry.
    """

    media_type: MediaType
    content: bytes


def cleaned(content: bytes) -> Clean:
    """What is kept of a content.

    :raises Invalid: naming the field ``file``: of a kind that is not taken, damaged, encrypted, or too large unfolded.
    """
    media_type = type_of(content)
    if media_type is None:
        raise Invalid("invalid_fields", fields={"file": ["file_type_not_taken"]})
    command = [sys.executable, "-m", "shared.domain.files.cleaning", media_type.picture or "PDF"]
    # The same code in the same place, and nothing else of this process: no secret stands in that environment.
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.environ.get("PATH", "")}
    try:
        ran = subprocess.run(  # noqa: S603 - our own module
            command, input=content, capture_output=True, timeout=_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise Invalid("invalid_fields", fields={"file": ["picture_too_large"]}) from None
    if ran.returncode == 0:
        return Clean(media_type, ran.stdout)
    if ran.returncode != _REFUSED:
        raise Invalid("invalid_fields", fields={"file": ["file_damaged"]})
    told = {"file": [ran.stderr.decode(errors="replace")]}  # one of the cleaning's own codes
    raise Invalid("invalid_fields", fields=told)
