"""The port by which a channel sends: words go out, and what the provider says of them comes back in one vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

LONGEST_WAIT_SECONDS: Final = 3600.0
"""Whatever a provider says, it is asked again after so long: nobody reads an answer of next year."""
PLAINEST: Final = "notice"
"""The template that says no more than that there is news."""
Remedy = Literal["later", "shut", "other_words", "other_way", "never"]


@dataclass(frozen=True)
class Choice:
    """Something to be pressed, or answered by its number.

    :param id: comes back when it is chosen.
    """

    id: str
    title: str


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter.

    :param name: as its reader sees it.
    :param type: its media type.
    """

    name: str
    type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Words:
    """What is said, decided by whoever writes; a carrier only carries.

    :param text: the whole of it.
    :param short: for a channel of few letters; the text itself if blank.
    :param template: the meaning for which a provider may have approved a template, e.g. ``answered``.
    :param values: for such a template.
    :param subject: of a letter.
    :param files: what goes with them, where the channel takes files; else they stay behind.
    :param place: the title of a button by which a pin is sent, where the channel has such; blank if none is asked for.
    :param number: likewise, of a button by which people give the number of their own telephone.
    """

    text: str
    short: str = ""
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    subject: str = ""
    files: tuple[Enclosure, ...] = ()
    place: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a channel can do.

    :param text: the longest text, in characters; longer ones go in parts.
    :param choices: how many can be pressed; none where they are answered by number.
    :param has_window: whether free words may be sent only for a day after the person has written.
    :param reports_delivery: whether the provider tells when a letter has arrived.
    :param short: whether it takes the short words.
    :param files: whether files can be sent by it, both ways.
    :param numbers: whether people can give their telephone's number there by a button; the provider vouches for it.
    :param other_words: codes of a failure that is told later and after which a letter may go by its template.
    :param troubles: codes of a failure that is told later and that the operator has to see to.
    :param stands_in: whether who is reached by one account is reached by each of the channel's: a telephone is.
    :param rate: letters per second and account.
    :param burst: how many one person may be sent at once.
    :param spacing_seconds: what lies between two letters to one person beyond that.
    """

    text: int
    choices: int = 0
    has_window: bool = False
    reports_delivery: bool = False
    short: bool = False
    files: bool = False
    numbers: bool = False
    other_words: frozenset[str] = frozenset()
    troubles: frozenset[str] = frozenset()
    stands_in: bool = False
    rate: float = 5.0
    burst: int = 10
    spacing_seconds: float = 1.0


@dataclass(frozen=True)
class Taken:
    """The provider has it.

    :param provider_id: by which its reports name it.
    :param parts: in how many parts it went.
    """

    provider_id: str
    parts: int = 1


class Refused(Exception):
    """A letter was not taken. The text is a code: what a provider answers may repeat a number.

    :param code: the provider's own, or ours.
    :param remedy: what may help.
    :param seconds: the least to wait before it is tried again, where the provider says so; at most an hour counts.
    :param is_trouble: whether the operator has to see to it, since the next letter will meet with the same.
    :param too_often: whether it is this one person who is written to too often: each time in a row that it is said,
        they are left alone for so many times longer as ``seconds`` has seconds.
    """

    def __init__(
        self,
        code: str,
        remedy: Remedy,
        seconds: float = 0.0,
        *,
        is_trouble: bool = False,
        too_often: bool = False,
    ) -> None:
        self.code = code
        self.remedy = remedy
        self.is_trouble = is_trouble
        self.too_often = too_often
        self.seconds = min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)
        super().__init__(code, remedy)


class Maybe(Exception):
    """Nobody knows whether a letter was taken: the answer was lost.

    :param code: why, as a code.
    :param parts: in how many parts it went, if it did.
    """

    def __init__(self, code: str, parts: int = 1) -> None:
        self.parts = parts
        super().__init__(code)


class Seeing(Protocol):
    """Where people see whether what they wrote was read."""

    def seen(self, message_id: str) -> None:
        """A message of theirs was read, and what stands above it.

        :raises Refused: if that was not taken.
        :raises Maybe: if nobody knows.
        """


class Learning(Protocol):
    """A way out by which the next letters go otherwise, because of what its provider said later of one that it took."""

    def refused_after_all(self, key: str, code: str) -> None:
        """A letter that was taken is refused.

        :param key: under which it went.
        :param code: the provider's reason.
        """


class Carrier(Protocol):
    """A channel's way out."""

    @property
    def traits(self) -> Traits:
        """What it can do."""

    def send(self, to: str, words: Words, *, key: str, quotes: str = "", window_until: datetime | None = None) -> Taken:
        """Hand words over.

        :param to: as the provider told it, or a number in E.164.
        :param key: ours: travels along where the provider carries it through, and makes a repeated send one.
        :param quotes: the provider's id of the message that is answered.
        :param window_until: until when free words may be sent; none where that does not matter or never began.
        :raises Refused: if it was not taken.
        :raises Maybe: if nobody knows.
        """

    def check(self) -> list[str]:
        """Ask the provider whether all is well: what is wrong, a sentence each. Sends nothing."""
