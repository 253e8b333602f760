"""A mailbox on this machine: takes mails, and hands them out over IMAP (RFC 3501) to whoever looks into it.

It knows what a mailbox that is read by UIDs is asked: no more folders than one, no marks, no news by itself.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Final

from cli.providers.serving import LEAVING_SECONDS

USER: Final = "aduan"
PASSWORD: Final = "password-of-the-mailbox"
_VALIDITY: Final = 1
_RANGE: Final = re.compile(r"UID (\d+):(\d+|\*)")


@dataclass
class PlayedMailbox:
    """The mailbox.

    :param port: on which it listens.
    :param mails: each with when it came, in order; their UIDs count from 1.
    """

    port: int = 0
    mails: list[tuple[datetime, bytes]] = field(default_factory=list)

    def put(self, mail: bytes, at: datetime) -> None:
        """Somebody's mail comes."""
        self.mails.append((at, mail))

    def within(self, asked: str) -> list[int]:
        """The UIDs that a search asks for."""
        found = _RANGE.search(asked)
        first, last = (int(found[1]), found[2]) if found else (1, "*")
        highest = len(self.mails)
        if last == "*":  # the last mail even where it lies below
            return list(range(min(first, highest), highest + 1)) if highest else []
        return list(range(first, min(int(last), highest) + 1))


class _Handler(StreamRequestHandler):
    box: PlayedMailbox

    def handle(self) -> None:
        """One connection, until it says goodbye."""
        self._say("* OK ready")
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            tag, _, rest = line.partition(" ")
            command, _, asked = rest.partition(" ")
            if command.upper() == "UID":
                command, _, asked = asked.partition(" ")
            self._say(f"{tag} {self._answer(command.upper(), asked)}")
            if command.upper() == "LOGOUT":
                return

    def _answer(self, command: str, asked: str) -> str:
        """What it says last of a command; what it has to tell before is said at once."""
        match command:
            case "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1")
            case "LOGIN" if PASSWORD not in asked:
                return "NO who are you"
            case "SELECT":
                self._say(f"* {len(self.box.mails)} EXISTS")
            case "STATUS":
                self._say(f"* STATUS INBOX (UIDVALIDITY {_VALIDITY} UIDNEXT {len(self.box.mails) + 1})")
            case "LIST":
                self._say('* LIST () "/" INBOX')
            case "SEARCH":
                self._say(" ".join(["* SEARCH", *map(str, self.box.within(asked))]))
            case "FETCH":
                self._fetch(asked)
            case "LOGOUT":
                self._say("* BYE")
        return "OK done"

    def _fetch(self, asked: str) -> None:
        uid = int(asked.partition(" ")[0])
        if not 1 <= uid <= len(self.box.mails):
            return
        at, mail = self.box.mails[uid - 1]
        came = at.astimezone(UTC).strftime("%d-%b-%Y %H:%M:%S +0000")
        content = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in asked else mail
        part = "BODY[HEADER]" if "HEADER" in asked else "BODY[]"
        told = f'* {uid} FETCH (UID {uid} RFC822.SIZE {len(mail)} INTERNALDATE "{came}" {part} {{{len(content)}}}'
        self._say(told)
        self.wfile.write(content + b")\r\n")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(ThreadingTCPServer):
    daemon_threads = True
    """A connection that somebody keeps open does not keep the machine from leaving."""


@contextmanager
def played_mailbox() -> Iterator[PlayedMailbox]:
    """The mailbox, listening on this machine."""
    box = PlayedMailbox()
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"box": box})) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": LEAVING_SECONDS})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
