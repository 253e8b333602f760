"""Who complains by e-mail: to a mailbox on this machine, and reads in the outbox what comes back."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

from cli.demo.told import receipt_in
from cli.providers import mail
from cli.providers.mail import PlayedMailbox

EMAIL: Final = "email"
SECRETS: Final = {"password": mail.PASSWORD}
_BOOK: Final = """
  - id: email
    kind: mail
    extra: true
    address: {address}
    imap: {{host: 127.0.0.1, port: {port}, tls: none, user: {user}, poll: 2 s}}
"""
_LOOK_SECONDS: Final = 0.05
_PATIENCE_SECONDS: Final = 60.0


@dataclass
class PlayedMail:
    """The mailbox of a government's, and who wrote to it.

    :param outbox: where letters lie.
    :param wrote: what each wrote, marked as theirs, by their address.
    """

    tenant: str
    box: PlayedMailbox
    outbox: Path
    wrote: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The mailbox's."""
        return f"aduan@{self.tenant}.example"

    def book(self) -> str:
        """What stands in ``channels.yaml``."""
        return _BOOK.format(address=self.address, port=self.box.port, user=mail.USER)

    def complain(self, complaint: Mapping[str, Any], at: datetime) -> tuple[str, str]:
        """Somebody writes what they have to say.

        :param complaint: whole, with the person's address.
        :param at: the simulated instant.
        :returns: the ticket and the tracking code that they were told.
        :raises TimeoutError: if they are told neither.
        """
        address, before = complaint["reporter"]["email"], self._letters()
        self.wrote[address] = "\n".join(f"> {line}" for line in self._write(complaint, at).splitlines())
        for told in self._answers(address, before):
            if receipt := receipt_in(told):
                return receipt
        raise TimeoutError(f"no receipt came by e-mail from {self.tenant}")

    def exchanged(self) -> dict[str, list[str]]:
        """What everybody wrote and received, by their address."""
        found = {address: [text] for address, text in self.wrote.items()}
        for path in sorted(self._letters()) if found else ():
            to, text = _read(path)
            if to in found:
                found[to].append(text)
        return found

    def _write(self, complaint: Mapping[str, Any], at: datetime) -> str:
        """Put a letter into the mailbox; its words."""
        reporter, place = complaint["reporter"], complaint["location"]
        letter = EmailMessage(policy=policy.SMTP)
        letter["From"] = Address(reporter["name"], addr_spec=reporter["email"])
        letter["To"] = self.address
        letter["Subject"] = complaint["title"]
        letter["Date"] = format_datetime(at)
        letter["Message-ID"] = f"<{len(self.box.mails) + 1}.{reporter['email']}>"
        text = f"{complaint['message']}\n\nTempat: {place['desa']}, {place['kecamatan']}\n"
        letter.set_content(text)
        self.box.put(letter.as_bytes(), at)
        return text

    def _letters(self) -> set[Path]:
        return set(self.outbox.glob("*.eml"))

    def _answers(self, address: str, known: set[Path]) -> Iterator[str]:
        """What comes for somebody besides the known letters, as long as patience lasts."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            fresh = sorted(self._letters() - known)
            known = known.union(fresh)
            for path in fresh:
                to, text = _read(path)
                if to == address:
                    yield text
            time.sleep(_LOOK_SECONDS)


def _read(path: Path) -> tuple[str, str]:
    """Whom a letter of the outbox is for, and its words."""
    letter = message_from_bytes(path.read_bytes(), policy=policy.SMTPUTF8)
    body = letter.get_body(("plain",))
    return str(letter["To"]), str(body.get_content()) if body is not None else ""
