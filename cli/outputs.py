"""Files that commands write, where somebody has said."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


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
