"""How a finished letter leaves the house: the port that the mail server and the outbox stand behind."""

from contextlib import AbstractContextManager
from typing import Protocol

from services.notify.letter import Letter
from services.notify.outbox import Outbox
from services.notify.refused import LetterRefused
from services.notify.smtp import SmtpPost
from shared.platform.settings import Settings

__all__ = ["LetterRefused", "OpenPost", "Post", "post_for"]


class OpenPost(Protocol):
    """An open way out, for several letters."""

    def send(self, letter: Letter, name: str) -> None:
        """Bring a letter on its way.

        :param name: the same for the same message whenever it is sent, fit for a file's name.
        :raises Refused: if it was not taken.
        """


class Post(Protocol):
    """A way out."""

    @property
    def repeatable(self) -> bool:
        """Whether the same letter sent twice is but one, so that what was sent may be written down later."""

    def session(self) -> AbstractContextManager[OpenPost]:
        """Open it for a while. Cheap: nothing is connected until something is sent."""


def post_for(settings: Settings) -> Post:
    """The mail server if one is named, else the outbox in the data directory."""
    if settings.smtp_url:
        return SmtpPost.parse(settings.smtp_url, settings.mail_from)
    return Outbox(settings.data_dir / "outbox")
