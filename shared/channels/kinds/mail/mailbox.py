"""A mailbox over IMAP (RFC 3501): looked into by UIDs and positions, since people read it too and mark what they read.

Every look is a connection of its own: a broken one needs no mending. One more listens, where the server tells of news.
"""

import imaplib
import json
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from shared.base.times import to_iso
from shared.channels.carrier import Maybe, Refused
from shared.channels.incoming import Raw
from shared.channels.polled import Begun, Take
from shared.channels.secrets import Secrets

AT_ONCE: Final = 20
"""Mails of one look: the next goes on."""
BACK: Final = timedelta(days=30)
"""At the first look, and when the server has numbered everything anew, no older mail is taken."""
_SECONDS: Final = 20.0
_LONGEST_IDLE_SECONDS: Final = 1200.0
_MOVED_AT_ONCE: Final = 100
_PATIENCE_SECONDS: Final = 30.0
"""No mail is begun after so long in one look."""
_UID: Final = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d{1,12})\b")
_DATE: Final = re.compile(rb'\bINTERNALDATE "([^"]{10,40})"')


@dataclass(frozen=True)
class Position:
    """Up to where a folder was read.

    :param validity: of the numbers below: when the server changes it, they mean nothing any more.
    :param last: the highest UID that is written down.
    :param old_until: up to this UID only mails since ``since`` are taken.
    """

    validity: int
    last: int
    old_until: int = 0
    since: str = ""

    @classmethod
    def read(cls, text: str) -> "Position | None":
        """As it was written; none at first."""
        return cls(**json.loads(text)) if text else None

    def written(self) -> str:
        """As text."""
        return json.dumps(self.__dict__)


class Mailbox:
    """One folder of one account.

    :param address: the mailbox's.
    :param options: of ``imap`` in ``channels.yaml``.
    :param most: bytes of a mail that is fetched whole.
    """

    def __init__(self, address: str, options: Mapping[str, Any], most: int, secrets: Secrets) -> None:
        self._address = address
        self._options = options
        self._most = most
        self._secrets = secrets

    @property
    def every(self) -> timedelta:
        """As the government says."""
        every: timedelta = self._options["poll"]
        return every

    def poll(self, position: str, take: Take, now: datetime) -> bool:
        """See :class:`shared.channels.polled.Polled`."""
        with self._opened() as box:
            folder = str(self._options["folder"])
            status = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
            at = Position.read(position)
            if at is None or at.validity != status["UIDVALIDITY"]:
                since = (now - BACK).astimezone(UTC).strftime("%d-%b-%Y")
                at = Position(status["UIDVALIDITY"], 0, max(status["UIDNEXT"] - 1, 0), since)
            found = self._unread(box, at)
            until = time.monotonic() + _PATIENCE_SECONDS
            unreadable: list[int] = []
            for place, uid in enumerate(found[:AT_ONCE]):
                if time.monotonic() > until:
                    self._put_away(box, at, unreadable)
                    return place < len(found)
                raw = self._raw(box, uid, now)
                at = Position(at.validity, uid, at.old_until, at.since)
                if raw is not None and take([raw], at.written()):
                    unreadable.append(uid)
            if len(found) <= AT_ONCE:
                at = Position(at.validity, max(at.last, at.old_until), at.old_until, at.since)
            if at.written() != position:
                take([], at.written())
            self._put_away(box, at, unreadable)
            return len(found) > AT_ONCE

    def listen(self, seconds: float, begun: Begun) -> bool | None:
        """Wait until its server tells of news (IDLE, RFC 2177); whether there were any, none if it tells of none.

        :param seconds: at most so long, and never longer than a server bears.
        :param begun: called when the server has said that it tells.
        :raises Refused: as :meth:`poll`.
        :raises Maybe: likewise.
        """
        with self._opened() as box:
            _, told = box.client.capability()  # some say more once somebody has logged in
            if b"IDLE" not in b" ".join(told).upper().split():
                return None
            box.idle.start()  # type: ignore[no-untyped-call]
            begun()
            try:
                news = bool(box.idle.poll(timeout=min(seconds, _LONGEST_IDLE_SECONDS)))
                box.idle.stop()  # type: ignore[no-untyped-call]
            except imaplib.IMAP4.abort as broken:
                if "unterminated" not in str(broken):
                    raise
                return True  # the line came in pieces, of which the library waits for none: it is news all the same
            return news

    def check(self) -> list[str]:
        """Log in, and look whether the folders are there."""
        with self._opened() as box:
            names = [self._options[each] for each in ("folder", "done", "failed") if self._options[each]]
            return [f"there is no folder {name}" for name in names if not box.folder.exists(name)]

    def _unread(self, box: BaseMailBox, at: Position) -> list[int]:
        """What is to be written down."""
        found: set[int] = set()
        if at.last < at.old_until:
            found.update(_uids(box, f"UID {at.last + 1}:{at.old_until} SINCE {at.since}", at.last + 1, at.old_until))
        first = max(at.last, at.old_until) + 1
        found.update(_uids(box, f"UID {first}:*", first, None))
        return sorted(found)

    def _raw(self, box: BaseMailBox, uid: int, now: datetime) -> Raw | None:
        """A mail, or its heads if it is too large; none if it has gone from there."""
        told, heads = _fetched(box, uid, "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER])")
        if not told:
            return None
        size, date = _SIZE.search(told), _DATE.search(told)
        whole = size is None or int(size[1]) <= self._most
        content = heads
        if whole:
            _, content = _fetched(box, uid, "(UID BODY.PEEK[])")
        at = min(datetime.strptime(date[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z"), now) if date else now
        raw = {"at": to_iso(at), "whole": whole, "mail": b64encode(content).decode()}
        return raw if content else {**raw, "missing": True, "uid": uid}

    def _put_away(self, box: BaseMailBox, at: Position, unreadable: Sequence[int]) -> None:
        """Out of the people's way, now that it is safe. What cannot be moved lies there, and goes to ``done`` the next
        time: which of them nobody has read is known in this look only, and stands in the journal.

        What was too old at the first look was not written down, and stays.

        :param unreadable: what nobody has read of this look: where there is a folder for it, a person may look there.
        """
        done, failed = self._options["done"], self._options["failed"]
        with suppress(ImapToolsError):
            if failed and unreadable:
                _move(box, unreadable, str(failed))
            if not done or not at.last:
                return
            read = _uids(box, f"UID 1:{at.last}", 1, at.last)
            if not read:
                return
            if at.old_until:
                old = set(_uids(box, f"UID 1:{at.old_until} BEFORE {at.since}", 1, at.old_until))
                read = [each for each in read if each not in old]
            _move(box, read, str(done))

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        password = self._secrets.get("password")
        try:
            box = self._connected()
            try:
                box.login(str(self._options["user"]), password, str(self._options["folder"]))
                yield box
            finally:
                with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                    box.logout()
                with suppress(OSError):
                    box.client.shutdown()  # whom nobody can take leave of is hung up on
        except (imaplib.IMAP4.abort, OSError):
            raise Maybe("server_lost") from None
        except imaplib.IMAP4.error:
            raise Refused("server_denies_access", "shut") from None
        except ImapToolsError as error:
            raise Refused(f"imap_{type(error).__name__.removeprefix('Mailbox').lower()}", "later") from None

    def _connected(self) -> BaseMailBox:
        host, port = str(self._options["host"]), int(self._options["port"])
        try:
            match self._options["tls"]:
                case "none":
                    return MailBoxUnencrypted(host, port, timeout=_SECONDS)
                case "starttls":
                    return MailBoxStartTls(host, port, timeout=_SECONDS, ssl_context=ssl.create_default_context())
                case _:
                    return MailBox(host, port, timeout=_SECONDS, ssl_context=ssl.create_default_context())
        except ssl.SSLCertVerificationError:
            raise Refused("certificate_not_trusted", "shut") from None
        except OSError:
            raise Refused("unreachable", "later") from None


def _uids(box: BaseMailBox, criteria: str, least: int, most: int | None) -> list[int]:
    """The server's answer within bounds: ``n:*`` names the last mail even where it lies below ``n``."""
    found = [int(each) for each in box.uids(criteria, charset=None)]
    return [each for each in found if each >= least and (most is None or each <= most)]


def _move(box: BaseMailBox, uids: Sequence[int], folder: str) -> None:
    if not box.folder.exists(folder):
        box.folder.create(folder)
    box.move([str(each) for each in uids], folder, chunks=_MOVED_AT_ONCE)


def _fetched(box: BaseMailBox, uid: int, what: str) -> tuple[bytes, bytes]:
    """What is told of a mail, and its content; both empty if it is not there."""
    state, answers = box.client.uid("FETCH", str(uid), what)
    if state != "OK":
        return b"", b""
    for answer in answers or []:
        if not isinstance(answer, tuple):
            continue  # the server's news of other mails
        told = _UID.search(answer[0])
        if told and int(told[1]) == uid:
            return answer[0], answer[1]
    return b"", b""
