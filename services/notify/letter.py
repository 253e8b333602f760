"""A letter: what is sent, whichever way it takes."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A finished letter.

    :param id: its Message-ID: the same for the same message whenever it is sent.
    :param thread: common to all letters about one dossier, so that mail programs keep them together.
    :param subject: one line.
    :param text: plain.
    """

    sender: Address
    to: Address
    subject: str
    date: datetime
    id: str
    thread: str
    text: str

    def as_mail(self) -> EmailMessage:
        """As a mail server takes it: seven bits, lines of bounded length."""
        mail = EmailMessage(policy=SMTP)
        for name, value in self._heads():
            mail[name] = value
        mail.set_content(self.text, charset="utf-8", cte="quoted-printable")
        return mail

    def as_text(self) -> str:
        """As a mail in UTF-8 throughout (RFC 6532), unfolded: mail programs open it, and so does any pager."""
        heads = [f"{name}: {value}" for name, value in self._heads()]
        return "\n".join([*heads, *_IN_UTF8, "", self.text])

    def _heads(self) -> list[tuple[str, str]]:
        return [
            ("From", str(self.sender)),
            ("To", str(self.to)),
            ("Subject", self.subject),
            ("Date", format_datetime(self.date)),
            ("Message-ID", self.id),
            ("References", self.thread),
            ("Auto-Submitted", "auto-generated"),
            ("Content-Language", "id"),
        ]


_IN_UTF8 = ("MIME-Version: 1.0", 'Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 8bit")
