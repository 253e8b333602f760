"""Files that commands write, where somebody has said."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Final

import click

from shared.base.whole_numbers import whole_number

_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What a file system says that has no links, such as a memory stick's."""


def draft_of(file: Path) -> Path:
    """The name, beside a file, of what is put in its place when it is whole. What a run that was killed has left there
    is taken away: keys that were destroyed since may lie in it. In a container each run may bear the number of the one
    before.
    """
    for left in file.parent.glob(f".{escape(file.name)}.*"):
        owner = whole_number(left.name.removeprefix(f".{file.name}.").partition("-")[0])
        if owner is not None and (owner == os.getpid() or not _runs(owner)):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    return file.with_name(f".{file.name}.{os.getpid()}")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def private(path: str, flags: int) -> int:
    """Opens a file that its owner alone may read."""
    return os.open(path, flags, 0o600)


def write_new_secret(file: Path, content: bytes) -> None:
    """Write a file that nobody else may read, under a name that is free: whole and on the disk, or not at all.

    A run that is killed leaves no half of it, which the next would take for another's. Of two at once one writes it,
    and the other is refused.

    :raises FileExistsError: if there is such a file.
    :raises OSError: if it cannot be written; its file is the one that was named.
    """
    draft = draft_of(file)
    try:
        with open(draft, "xb", opener=private) as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        _name(draft, file)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, file: Path) -> None:
    """Give a draft its name, if that is free.

    :raises FileExistsError: if it is not.
    """
    try:
        os.link(draft, file)  # fails where a rename would replace what another has written meanwhile
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # The name is taken before it is replaced: a run that is killed in between leaves it empty, and no half.
        with open(file, "xb", opener=private):
            draft.replace(file)


def require_replaceable(file: Path) -> None:
    """Make sure that a file may be put in the place of what bears its name.

    :raises click.UsageError: if that is a device, a pipe or a folder: it would be gone, as `/dev/null` for everybody.
    """
    if file.exists() and not file.is_file():
        raise click.UsageError(f"{file} is no file, and would be lost; name a file, or one that is not there yet")


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """A block that writes a file: what the system says of it names the file, also where its disk is full.

    :raises OSError: with the file's name.
    """
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(file)) from error
