"""A government's folder read to its end: what is otherwise read when it is first needed, by whoever needs it."""

from shared.domain.documents.forms import forms_of
from shared.domain.retention import RETENTION, load_retention
from shared.domain.tenants import Tenant


def read_whole(home: Tenant) -> None:
    """Read everything beside the procedures and the offices, so that a mistake is told before anybody meets it.

    Channels and the words of conversations are read by :mod:`shared.channels`; templates of letters and documents are
    programs, and are tried by ``aduan sop check``.

    :raises FileError: if a file of this government, or one that all share, is wrong: with its line and the remedy.
    """
    home.calendar_in_file, home.entries, home.answers, home.authorities  # noqa: B018 - read when first asked for
    forms_of(home)
    load_retention(home.directory / RETENTION)
