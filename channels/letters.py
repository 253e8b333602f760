"""A letter, as it is kept until it has been dealt with."""

import re
from dataclasses import dataclass
from typing import Any, Final

_REPLY: Final = re.compile(r"(?:(?:re|balas|bls|aw|fwd?|fw)\s*(?:\[\d+\]\s*)?:\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Correspondence:
    """One letter.

    :param id: the id under which it is in the journal.
    :param quotes: ids of letters that it may answer.
    :param media: our ids of its files.
    :param verified: whether somebody vouches for its sender: else nothing is done on their bare word.
    :param doubted: whether somebody could and does not, which its desk is told.
    :param by_itself: whether their mailbox wrote it in their absence: nobody is told anything then.
    :param whole: false of one that was too large to be fetched.
    :param ticket: of the complaint that it names or answers, and that could not take it.
    """

    channel: str
    account: str
    id: str
    to: str
    name: str
    at: str
    subject: str
    text: str
    quotes: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    refused: int = 0
    verified: bool = True
    whole: bool = True
    ticket: str = ""
    doubted: bool = False
    by_itself: bool = False

    @property
    def message_id(self) -> str:
        """The mail's own Message-ID; blank if it bore none."""
        return "" if self.id.startswith("synthetic:") else self.id.rpartition("#")[0]

    @property
    def topic(self) -> str:
        """Its subject without the marks of replies."""
        return _REPLY.sub("", self.subject, count=1).strip()

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        kept = {**self.__dict__, "quotes": list(self.quotes), "media": list(self.media)}
        if not self.by_itself:
            del kept["by_itself"]  # the version before knows no such field, and has to read what people wrote
        return kept

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Correspondence":
        """The reverse of :meth:`to_dict`."""
        doubted = not data.get("verified", True)  # of those that were written down before that was told apart
        return cls(**{"doubted": doubted, **data, "quotes": tuple(data["quotes"]), "media": tuple(data["media"])})
