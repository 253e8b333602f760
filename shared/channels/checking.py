"""What ``aduan sop check`` says of a government's channels: its ``channels.yaml``, and the words of conversations."""

from collections.abc import Iterator
from pathlib import Path

from shared.channels.settings import FILE, load_channels
from shared.channels.talk.words import FILES, phrases
from shared.domain.sop.checking.finding import ERROR, INFO, Finding
from shared.domain.tenants import load_tenant
from shared.wording.yaml_lines import FileError


def check_channels(directory: Path) -> list[Finding]:
    """All findings; none if the government's other files cannot be read, which is told elsewhere.

    :param directory: its folder; the common texts are read from its neighbour ``_messages``.
    """
    try:
        tenant = load_tenant(directory)
    except FileError:
        return []
    found: list[Finding] = []
    try:
        book = load_channels(directory, tenant.sop)
    except FileError as error:
        found += _of(error)
    else:
        for index, spec in enumerate(book.channels):
            if spec.extra:
                message = f"the channel {spec.id!r} is offered beside the SOP"
                place = ("channels", index)
                found.append(Finding(INFO, "extra_channel", message, "", place, str(directory / FILE)))
    for language in FILES:
        try:
            phrases(directory.parent, tenant.messages, language)
        except FileError as error:
            found += _of(error)
    return found


def _of(error: FileError) -> Iterator[Finding]:
    for one in (error, *error.others):
        yield Finding(ERROR, "channels", one.message, one.remedy, (), str(one.file), one.line)
