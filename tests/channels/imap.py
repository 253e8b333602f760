"""A real mailbox: pymap, an IMAP server in memory, as a process of its own; and letters as people write them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from imap_tools import BaseMailBox, MailBoxUnencrypted

from shared.base.clock import SystemClock
from tests.fixtures.waiting import answers, eventually, free_ports

USER = "aduan"
PASSWORD = "rahasia@123"
ADDRESS = "aduan@cilacapkab.example"


@dataclass
class ImapServer:
    """A mailbox that runs.

    :param folder: that is looked into: each test has one of its own.
    :param sent: how many letters were put into it.
    """

    port: int
    folder: str = ""
    sent: int = 0
    _writer: BaseMailBox | None = None

    @contextmanager
    def opened(self) -> Iterator[MailBoxUnencrypted]:
        """As its owner."""
        box = MailBoxUnencrypted("127.0.0.1", self.port, timeout=30)
        box.login(USER, PASSWORD, None)
        try:
            yield box
        finally:
            box.logout()

    def put(self, *letters: bytes, at: datetime | None = None) -> None:
        """Deliver letters."""
        if self._writer is None:
            self._writer = MailBoxUnencrypted("127.0.0.1", self.port, timeout=30).login(USER, PASSWORD, None)
        for each in letters:
            self._writer.append(each, self.folder, dt=at or SystemClock().now())

    def close(self) -> None:
        """Let go of it."""
        if self._writer is not None:
            self._writer.logout()

    def writes(self, text: str, **more: Any) -> str:
        """Somebody writes a letter; its Message-ID."""
        self.sent += 1
        letter = written(text, number=self.sent, **more)
        self.put(letter.as_bytes())
        return str(letter["Message-ID"] or "")

    def subjects(self, folder: str) -> list[str]:
        """What lies in a folder."""
        with self.opened() as box:
            box.folder.set(folder)
            return [each.subject for each in box.fetch(mark_seen=False)]

    def renumbered(self) -> None:
        """The server has lost its numbers: the same mails under others."""
        with self.opened() as box:
            box.folder.set(self.folder)
            kept = [each.obj.as_bytes() for each in box.fetch(mark_seen=False)]
            box.folder.set("INBOX")
            box.folder.delete(self.folder)
            box.folder.create(self.folder)
            for each in kept:
                box.append(each, self.folder)


def written(
    text: str,
    *,
    number: int = 1,
    by: str = "Siti Rahayu <siti@warga.example>",
    subject: str = "Jalan rusak",
    html: str | None = None,
    files: tuple[tuple[str, str, bytes], ...] = (),
    **heads: str,
) -> EmailMessage:
    """A letter.

    :param files: type, name and content of each.
    :param heads: others, by their names with ``_`` for ``-``; a blank one takes the usual away.
    """
    letter = EmailMessage()
    usual = {
        "From": by,
        "To": ADDRESS,
        "Subject": subject,
        "Date": format_datetime(SystemClock().now()),
        "Message-ID": f"<{number}.siti@warga.example>",
    }
    for name, value in {**usual, **{name.replace("_", "-"): value for name, value in heads.items()}}.items():
        if value:
            letter[name] = value
    letter.set_content(text)
    if html is not None:
        letter.add_alternative(html, subtype="html")
    for kind, name, content in files:
        main, _, sub = kind.partition("/")
        letter.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return letter


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """A mailbox, gone afterwards."""
    [port] = free_ports(1)
    program = str(Path(__file__).with_name("imap_process.py"))
    told = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict"]
    user = ["--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(
        [sys.executable, program, *told, *user], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        eventually(lambda: answers("127.0.0.1", port), within=60)
        yield ImapServer(port)
    finally:
        process.kill()
        process.wait()
