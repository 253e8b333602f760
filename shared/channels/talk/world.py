"""What a step of a conversation is told, and what it brings about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from shared.channels.area import Box
from shared.channels.carrier import Choice
from shared.channels.talk.state import Draft


@dataclass(frozen=True)
class Own:
    """A complaint of the person's.

    :param title: how it begins.
    :param status: in their words.
    :param actions: what they may do with it now.
    :param due: by when they were promised an answer, in their words.
    :param open: whether it has not ended.
    :param messages: the ids of the person's messages of which it was made.
    """

    ticket: str
    title: str
    status: str
    actions: tuple[str, ...] = ()
    due: str = ""
    open: bool = True
    messages: tuple[str, ...] = ()

    @property
    def awaits(self) -> bool:
        """Whether something is wanted of the person."""
        return "supplement" in self.actions


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything else that a step needs.

    :param account: by which the person writes now.
    :param required: fields that the SOP needs, by their dotted names, without the message.
    :param categories: which the person may choose from, in the lists' spelling, the likeliest first.
    :param places: the villages of each of the government's sub-districts.
    :param own: the person's complaints, the newest first.
    :param quoted: the ticket of the letter that a message quotes, by the letter's id at the provider.
    :param name: as they call themselves at the provider; offered, never taken.
    :param files: whether files can come by this channel.
    :param pressed: how many choices can be pressed; none where they are numbered.
    :param number: whether the person's telephone number is known.
    :param shares_number: whether they can give it by a button.
    :param asks_privacy: whether the person is asked how much may be shown.
    :param area: where the government lies, roughly; none if it does not say.
    :param prefixes: what the government's tickets begin with.
    """

    account: str
    required: tuple[str, ...]
    categories: tuple[str, ...] = ()
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    own: tuple[Own, ...] = ()
    quoted: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    files: bool = True
    pressed: int = 10
    number: bool = False
    shares_number: bool = False
    asks_privacy: bool = True
    prefixes: tuple[str, ...] = ()
    area: Box | None = None
    file_unfinished_after: timedelta = timedelta(minutes=30)
    forget_draft_after: timedelta = timedelta(hours=24)

    @property
    def to_rate(self) -> tuple[Own, ...]:
        """The answers that a mark may be meant for; one that was merged waits for it for ever, and so comes last."""
        waiting = tuple(own for own in self.own if "rate" in own.actions)
        return tuple(own for own in waiting if own.open) or waiting


@dataclass(frozen=True)
class PersonsMessage:
    """What a person did, once its files were fetched.

    :param media: our ids of the files that were taken.
    :param refused: why others were not, as codes.
    :param recordings: how many of those that were taken are listened to or watched, and not read.
    :param number: their own telephone's, where they have given it by a button; in E.164.
    :param referred: whether the person came by an advertisement or a link that leads to us.
    """

    id: str
    kind: str
    at: datetime
    text: str = ""
    choice: str = ""
    media: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    recordings: int = 0
    lost: int = 0
    place: tuple[float, float, str] | None = None
    quotes: str = ""
    forwarded: bool = False
    number: str = ""
    referred: bool = False


def place_of(messages: Iterable[PersonsMessage]) -> tuple[float, float, str] | None:
    """The first pin among messages; none if there is none."""
    return next((message.place for message in messages if message.place), None)


@dataclass(frozen=True)
class Filed:
    """A draft has become a complaint.

    :param due: by when an answer is promised, in words; blank if nothing is.
    :param dossier: its id.
    :param draft: which; none says the one that the conversation waits for.
    """

    ticket: str
    code: str
    due: str = ""
    dossier: str = ""
    draft: Draft | None = None


@dataclass(frozen=True)
class NotFiled:
    """A draft was refused.

    :param why: a sentence.
    :param field: what of it was wrong, by its dotted name; blank if it was no single field.
    :param draft: as :class:`Filed`.
    """

    why: str
    field: str = ""
    draft: Draft | None = None


@dataclass(frozen=True)
class Done:
    """One of the person's actions was carried out.

    :param without_files: why what was sent along was not taken, as a sentence; blank if it was.
    """

    ticket: str
    action: str
    without_files: str = ""


@dataclass(frozen=True)
class NotDone:
    """One of the person's actions was refused.

    :param why: a sentence.
    """

    ticket: str
    action: str
    why: str


@dataclass(frozen=True)
class Woken:
    """Nobody has written for as long as the conversation waited."""


Item = PersonsMessage | Filed | NotFiled | Done | NotDone | Woken


@dataclass(frozen=True)
class Say:
    """Tell the person something.

    :param key: of the texts of the conversation.
    :param about: the ticket that it is about.
    :param receipt: the id of the complaint whose receipt it is: nobody else tells its ticket and its code.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    about: str = ""
    receipt: str = ""


@dataclass(frozen=True)
class Submit:
    """File a draft.

    :param left: whether its person had said yes and then fell silent.
    """

    draft: Draft
    left: bool = False


@dataclass(frozen=True)
class Act:
    """Do something with a complaint in the person's name.

    :param action: of the reporter's; ``files`` to add files only.
    :param cause: the id of the message that asked for it: it is done once for it.
    """

    ticket: str
    action: str
    cause: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForgetFiles:
    """Forget files that nobody waits for any more."""

    media: tuple[str, ...]


@dataclass(frozen=True)
class Quiet:
    """Spare the person what answers nothing, such as reminders and surveys; or no longer.

    :param cause: the id of the message that asked for it.
    """

    on: bool
    cause: str


Effect = Say | Submit | Act | ForgetFiles | Quiet
Kind = Literal["say", "submit", "act", "drop", "quiet"]
