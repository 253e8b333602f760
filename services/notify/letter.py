"""A letter: what is sent, whichever way it takes."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.notify.heads import encoded, mailbox
from shared.channels.carrier import Enclosure


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A finished letter.

    :param id: its Message-ID: the same for the same message whenever it is sent.
    :param thread: ids common to all letters about one dossier, so that mail programs keep them together.
    :param answers: the id of the mail that is answered; blank if none is.
    :param envelope: where the letter goes back to if it cannot be delivered; none for the installation's own address.
    :param reply_to: where it is answered, if not to its sender.
    :param unsubscribe: an address to which one writes to be spared such letters; blank for those that answer something.
    :param to: one letter for all who share the task.
    :param subject: one line.
    :param text: plain.
    :param files: that go with it.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    date: datetime
    id: str
    thread: str
    text: str
    answers: str = ""
    envelope: str | None = None
    reply_to: str | None = None
    unsubscribe: str = ""
    files: tuple[Enclosure, ...] = ()

    def as_mail(self) -> bytes:
        """As a mail server takes it: seven bits but for addresses that have more, lines of bounded length."""
        body = EmailMessage(policy=SMTP)
        body.set_content(self.text, charset="utf-8", cte="quoted-printable")
        for file in self.files:
            main, _, kind = file.type.partition("/")
            body.add_attachment(file.content, maintype=main, subtype=kind, filename=file.name)
        heads = [
            ("From", mailbox(self.sender)),
            ("To", ",\r\n ".join(mailbox(each) for each in self.to)),
            ("Subject", encoded(self.subject)),
            *self._plain_heads(),
        ]
        lines = "".join(f"{name}: {value}\r\n" for name, value in heads)
        return lines.encode() + body.as_bytes()

    def as_text(self) -> str:
        """As a mail in UTF-8 throughout (RFC 6532), unfolded: mail programs open it, and so does any pager."""
        subject = encoded(self.subject) if "=?" in self.subject else self.subject
        named = [
            ("From", str(self.sender)),
            ("To", ", ".join(str(each) for each in self.to)),
            ("Subject", subject),
            *self._plain_heads(),
            *(("X-Aduan-Enclosed", encoded(each.name)) for each in self.files),
        ]
        heads = [f"{name}: {value}" for name, value in named]
        return "\n".join([*heads, *_IN_UTF8, "", self.text])

    def _plain_heads(self) -> list[tuple[str, str]]:
        answered = [("In-Reply-To", self.answers)] if self.answers else []
        return [
            *([("Reply-To", self.reply_to)] if self.reply_to else []),
            ("Date", format_datetime(self.date)),
            ("Message-ID", self.id),
            *answered,
            ("References", self.thread),
            ("Auto-Submitted", "auto-replied" if self.answers else "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
            ("X-Aduan-Loop", "1"),
            *([("List-Unsubscribe", f"<{self.unsubscribe}>")] if self.unsubscribe else []),
            ("Content-Language", "id"),
        ]


_IN_UTF8 = ("MIME-Version: 1.0", 'Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 8bit")
