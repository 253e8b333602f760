"""Master keys as text: made, checked, kept in a file, and turned into other keys."""

import base64
import binascii
import contextlib
import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.base.randomness import Randomness, SystemRandomness

SECRET_BYTES = 32
_FILE = "master.key"


def new_secret(randomness: Randomness | None = None) -> str:
    """A new master key: 32 random bytes in base64.

    :param randomness: the operating system's generator unless given.
    """
    return base64.b64encode((randomness or SystemRandomness()).bytes(SECRET_BYTES)).decode()


def check_secret(given: str) -> bytes:
    """The bytes of a master key.

    :raises ValueError: if it is not 32 bytes in base64. The text does not quote it.
    """
    try:
        key = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SECRET_BYTES:
        raise ValueError(f"must be {SECRET_BYTES} bytes in base64; `aduan secret` prints a new one")
    return key


def derive(secret: str, purpose: str) -> bytes:
    """A key for one purpose, from which neither the master key nor any other derived key can be told (HKDF-SHA256).

    :param secret: the master key, in base64.
    :param purpose: what the derived key is for; another purpose gives another key.
    :returns: 32 bytes.
    """
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(check_secret(secret))


def embedded_secret(directory: Path) -> str:
    """The master key of an embedded installation, made when first asked for.

    :param directory: the data directory; made if it is not there.
    :returns: the key in base64. The file can be read by its owner only, and everybody who asks gets the same key, even
        if two processes start at once.
    :raises ValueError: if the file holds something else.
    """
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / _FILE
    if not file.exists():
        _write_once(file, new_secret())
    kept = file.read_text(encoding="ascii").strip()
    check_secret(kept)
    return kept


def _write_once(file: Path, text: str) -> None:
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")  # readable by its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(text + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        # A link fails where a rename would replace: the first of two processes wins, whole.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        Path(draft).unlink()
