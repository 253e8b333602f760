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
FILE = "master.key"
FORMER_FILE = "master.key.former"
_DATABASE = Path("postgres") / "data"


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
    """The master key of an embedded installation, made on its first start.

    :param directory: the data directory; made if it is not there.
    :returns: the key in base64. The file can be read by its owner only, and everybody who asks gets the same key, even
        if two processes start at once.
    :raises ValueError: if the file holds something else, or is gone while a database is there. The text is a sentence.
    """
    file = directory / FILE
    if not file.exists():
        if (directory / _DATABASE).exists():
            raise ValueError(
                f"{file} is missing, and what lies in {directory / _DATABASE} was sealed with it: put the file back "
                "from its copy. Without it no name and no text can be read; a new installation needs another directory"
            )
        directory.mkdir(parents=True, exist_ok=True)
        _write_once(file, new_secret())
    return _kept(file)[0]


def embedded_former_secrets(directory: Path) -> tuple[str, ...]:
    """The master keys by which keys of an embedded installation may still be wrapped: of a change that is under way.

    :raises ValueError: if the file holds something else.
    """
    file = directory / FORMER_FILE
    return _kept(file) if file.exists() else ()


def replace_embedded_secret(directory: Path) -> None:
    """Give an embedded installation a new master key, and keep the former beside it until all is wrapped anew.

    Whatever interrupts it, no key is lost, and the next call goes on where the last one stopped.
    """
    present = embedded_secret(directory)
    former = embedded_former_secrets(directory)
    if former and present not in former:
        return  # the new key is there already; what the former wraps is not yet wrapped anew
    _write(directory / FORMER_FILE, present)
    _write(directory / FILE, new_secret())


def forget_former_secrets(directory: Path) -> None:
    """Remove the former key, after all was wrapped anew."""
    (directory / FORMER_FILE).unlink(missing_ok=True)


def _kept(file: Path) -> tuple[str, ...]:
    words = file.read_bytes().decode("ascii", errors="replace").split()
    try:
        for word in words:
            check_secret(word)
        if not words:
            check_secret("")
    except ValueError:
        raise ValueError(
            f"{file} must hold {SECRET_BYTES} bytes in base64, and holds something else: put the file back from its "
            "copy. It is never replaced, since everything that was sealed with it would be lost"
        ) from None
    return tuple(words)


def _write(file: Path, text: str) -> None:
    """Replace a file as a whole, and be sure that it lies on the disk."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")  # readable by its owner only
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(text + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    Path(draft).replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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
