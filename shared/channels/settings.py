"""``channels.yaml``: by which of its SOP's channels a government really takes in and sends, and how."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, post_load

from shared.channels.area import Area, Box
from shared.channels.registry import Spec, UnknownKind, kind_of
from shared.channels.spans import Span
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.schema import Name, WordField, many
from shared.wording.yaml_lines import Document, FileError, load_yaml
from shared.wording.yaml_schema import load_with

FILE: Final = "channels.yaml"
EMAIL: Final = "email"
PORTAL: Final = "portal"
ORIGIN: Final = "origin"
"""In a list of ways: the channel by which the complaint came."""
OFFICER_KINDS: Final = ("sms", "whatsapp")
"""The kinds of channels that reach a telephone by its number, the best first."""

_OF_EVERY_CHANNEL: Final = ("id", "kind", "extra")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")


@dataclass(frozen=True)
class Conversation:
    """How conversations go.

    :param settle: how long nothing more must have come before what came is answered; of the machine's time.
    :param file_unfinished_after: after so long without a word, what was confirmed is filed as it is.
    :param forget_draft_after: after so long, what was not confirmed is dropped.
    :param quiet: from when to when nobody is written to who has not asked; local time.
    """

    settle: timedelta = timedelta(seconds=2.5)
    file_unfinished_after: timedelta = timedelta(minutes=30)
    forget_draft_after: timedelta = timedelta(hours=24)
    quiet: tuple[time, time] = (time(21), time(5, 30))


@dataclass(frozen=True)
class ChannelBook:
    """What ``channels.yaml`` says; a government without the file has no channels but the portal and mail.

    :param ways: by which ways a reporter is written to, in order.
    :param officer_ways: by which officers are written to who have no mailbox; none for every channel that can.
    :param area: where the government lies, roughly; none if it does not say.
    :param operator: the mail address of who is told when an account takes nothing; blank if nobody is.
    """

    conversation: Conversation = field(default_factory=Conversation)
    ways: tuple[str, ...] = (ORIGIN, EMAIL)
    channels: tuple[Spec, ...] = ()
    operator: str = ""
    officer_ways: tuple[str, ...] | None = None
    area: Box | None = None

    def find(self, channel: str) -> Spec | None:
        """The channel of that id; none if there is none."""
        return next((spec for spec in self.channels if spec.id == channel), None)


class _Quiet(fields.Field[tuple[time, time]]):
    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"remedy": 'write two times of the day, e.g. ["21:00", "05:30"]'}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> tuple[time, time]:  # noqa: ARG002
        found = [_TIME.match(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []
        if len(found) != 2 or len(value) != 2:
            raise ValidationError("not two times of the day")
        first, last = (time(int(each[1]), int(each[2])) if each else None for each in found)
        if first is None or last is None:
            raise ValidationError("not two times of the day")
        return first, last


class _ConversationSchema(Schema):
    settle = Span()
    file_unfinished_after = Span()
    forget_draft_after = Span()
    quiet = _Quiet()

    @post_load
    def build(self, data: dict[str, Any], **_options: Any) -> Conversation:
        """The conversation."""
        return Conversation(**data)


class _WaysSchema(Schema):
    reporter = many(Name())
    officer = fields.List(Name(), load_default=None)


class _Common(Schema):
    class Meta:
        unknown = RAISE

    id = Name(required=True)
    kind = Name(required=True)
    extra = fields.Boolean(load_default=False, truthy={True, "true", "yes"}, falsy={False, "false", "no"})


class _ChannelField(fields.Field[Spec]):
    """One channel: what all have in common, and what its kind wants to know."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Spec:  # noqa: ARG002
        if not isinstance(value, Mapping):
            raise ValidationError("a channel is written as {id: ..., kind: ...}")
        common = _Common().load({name: each for name, each in value.items() if name in _OF_EVERY_CHANNEL})
        try:
            schema = kind_of(common["kind"]).options()
        except UnknownKind as error:
            raise ValidationError({"kind": [f"{error}; there are {', '.join(error.known)}"]}) from None
        options = schema.load({name: each for name, each in value.items() if name not in _OF_EVERY_CHANNEL})
        return Spec(common["id"], common["kind"], common["extra"], options)


class _BookSchema(Schema):
    conversation = fields.Nested(_ConversationSchema, load_default=Conversation)
    ways = fields.Nested(_WaysSchema, load_default=dict)
    channels = fields.List(_ChannelField(), load_default=list)
    area = Area(load_default=None)
    operator = WordField(load_default="", pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", remedy="an address of mail")


def load_channels(directory: Path, sop: Sop) -> ChannelBook:
    """A government's channels.

    :param directory: its folder.
    :param sop: the version under which complaints are filed now: it names the channels.
    :raises FileError: if something in the file is wrong, with line and remedy; if a channel is none of the SOP's and is
        not marked as an extra one.
    """
    file = directory / FILE
    if not file.exists():
        return ChannelBook()
    document = load_yaml(file)
    data = load_with(document, _BookSchema())
    specs = tuple(data["channels"])
    ways = tuple(data["ways"].get("reporter") or ChannelBook.ways)
    officer = None if data["ways"].get("officer") is None else tuple(data["ways"]["officer"])
    found = [*_not_offered(document, specs, sop), *_doubled(document, specs)]
    found += _no_ways(document, "reporter", ways, specs, (ORIGIN, EMAIL))
    phones = [spec for spec in specs if spec.kind in OFFICER_KINDS]
    found += _no_ways(document, "officer", officer or (), phones, (EMAIL,))
    if found:
        raise FileError.of(found)
    return ChannelBook(data["conversation"], ways, specs, data["operator"], officer, data["area"])


def _not_offered(document: Document, specs: Sequence[Spec], sop: Sop) -> Iterator[FileError]:
    named = [channel.id for channel in sop.channels]
    for index, spec in enumerate(specs):
        if spec.id not in named and not spec.extra:
            message = f"the SOP names no channel {spec.id!r}"
            remedy = f"write one of {', '.join(named)}; or extra: true, if the government offers it beside its SOP"
            yield document.error(("channels", index, "id"), message, remedy)
        elif spec.id in named and spec.extra:
            message = f"the SOP names the channel {spec.id!r}: it is no extra one"
            yield document.error(("channels", index, "extra"), message, "leave extra out")


def _doubled(document: Document, specs: Sequence[Spec]) -> Iterator[FileError]:
    for index, spec in enumerate(specs):
        if any(other.id == spec.id for other in specs[:index]):
            yield document.error(("channels", index, "id"), f"the channel {spec.id!r} is given twice", "keep one")


def _no_ways(
    document: Document, whose: str, ways: Sequence[str], specs: Sequence[Spec], others: Sequence[str]
) -> Iterator[FileError]:
    known = (*others, *(spec.id for spec in specs if spec.id != EMAIL))
    for index, way in enumerate(ways):
        if way not in known:
            yield document.error(
                ("ways", whose, index), f"there is no way {way!r}", f"write some of {', '.join(known)}"
            )
