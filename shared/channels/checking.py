"""What ``aduan sop check`` says of a government's channels: its ``channels.yaml``, and the words of conversations."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from shared.channels.settings import FILE, ChannelBook, load_channels
from shared.channels.talk.measuring import by_sms, too_long
from shared.channels.talk.state import Language
from shared.channels.talk.words import FILES, RETIRED, phrases
from shared.domain.sop.checking.finding import ERROR, INFO, WARNING, Finding
from shared.domain.tenants import Tenant, load_tenant
from shared.wording.yaml_lines import Document, FileError, load_yaml

_SMS: Final = "sms"


def check_channels(directory: Path) -> list[Finding]:
    """All findings; none if the government's other files cannot be read, which is told elsewhere.

    :param directory: its folder; the common texts are read from its neighbour ``_messages``.
    """
    try:
        tenant = load_tenant(directory)
    except FileError:
        return []
    found: list[Finding] = []
    book = ChannelBook()
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
        else:
            found += _own_texts(tenant, language, by_sms_too=any(spec.kind == _SMS for spec in book.channels))
    return found


def _own_texts(tenant: Tenant, language: Language, *, by_sms_too: bool) -> Iterator[Finding]:
    """What is said of texts that can be used; those that all governments share are looked after with the code.

    :param by_sms_too: whether they go by SMS, where each is to be one.
    """
    file = tenant.messages / FILES[language]
    if not file.exists():
        return
    own = load_yaml(file)
    given = own.data if isinstance(own.data, Mapping) else {}
    for key in given:
        if key in RETIRED:
            told = own.error((key,), f"{key} is said no more", "remove it")
            yield Finding(INFO, "retired_text", told.message, told.remedy, (), str(file), told.line)
    if by_sms_too:
        yield from _too_long_for_sms(tenant, language, own, given)


def _too_long_for_sms(tenant: Tenant, language: Language, own: Document, given: Mapping[str, Any]) -> Iterator[Finding]:
    """Texts that are more than one SMS."""
    for key, said in by_sms(phrases(tenant.directory.parent, tenant.messages, language), tenant.name).items():
        if key in given and too_long(said):
            told = own.error((key,), f"{key} is more than one SMS: {said!r}", "write a shorter one under short:")
            yield Finding(WARNING, "long_sms", told.message, told.remedy, (), str(told.file), told.line)


def _of(error: FileError) -> Iterator[Finding]:
    for one in (error, *error.others):
        yield Finding(ERROR, "channels", one.message, one.remedy, (), str(one.file), one.line)
