"""Letters by SMTP, with the standard library's client, which is cooperative once eventlet has patched the sockets.

A connection is kept for the letters of a while, also beyond one tick: to connect, to encrypt and to log in takes many
times as long as a letter. One that the server has ended meanwhile is found out before anything of the letter was sent,
and another is opened for it.
"""

import re
import smtplib
import ssl
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from services.notify.exchange import NotBegun, hand_over
from services.notify.letter import Letter
from services.notify.refused import LetterRefused

TIMEOUT_SECONDS = 10.0
"""For each exchange with the server."""

KEPT_SECONDS = 20.0
"""So long an idle connection is kept: shorter than servers wait for the next command."""

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_NOT_AUTHORISED = frozenset({530, 534, 535, 538})
"""Answers that speak of our own access, not of the letter."""
POLICY: Final = "refused_by_policy"
"""Why letters wait that are taken neither for what they are nor for whom they are for: the server refuses us."""
_BY_POLICY: Final = re.compile(rb"5\.7\.\d{1,3}\b")
_MOST_BY_POLICY: Final = 3
"""One mailbox may have its own reasons for a refusal by policy (RFC 3463, 5.7); as many in a row mean us. What the
server takes for its own domain does not end the row: one that relays nothing of ours does so all the same.
"""


@dataclass(frozen=True)
class SmtpPost:
    """A mail server.

    :param tls: ``none``, ``starttls`` or ``implicit``.
    :param user: to log in with; none for a server that asks for nothing.
    :param sender: the envelope's sender.
    :param verify: whether its certificate is checked; only an encrypted connection has one.
    """

    host: str
    port: int
    tls: str
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    verify: bool = True
    timeout: float = TIMEOUT_SECONDS

    repeatable = False

    @classmethod
    def parse(cls, url: str, sender: str) -> "SmtpPost":
        """The server that a URL names.

        :param url: ``smtp://host:25``, ``smtp+starttls://user:password@host:587`` (``smtp://...?starttls=1`` says the
            same) or ``smtps://user:password@host:465``; ``?verify=0`` for a certificate that nobody vouches for.
        :raises ValueError: if it names no server. The text does not quote it: it may hold a password.
        """
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("the mail server's URL must read smtp://host:port")
        tls = {"smtps": "implicit", "smtp+starttls": "starttls"}.get(parts.scheme, "none")
        if tls == "none" and asked.get("starttls", "0") not in ("0", ""):
            tls = "starttls"
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS["smtp+starttls" if tls == "starttls" else parts.scheme],
            tls=tls,
            sender=sender,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
            verify=asked.get("verify", "1") != "0",
        )

    @contextmanager
    def session(self) -> Iterator["SmtpSession"]:
        """A connection for several letters: one that was kept, or opened when the first is sent."""
        kept = _kept[self]
        opened = kept.pop() if kept else SmtpSession(self)
        opened.leave_if_idle()
        try:
            yield opened
        except BaseException:
            opened.close()  # nobody knows in the middle of what
            raise
        kept.append(opened)


class SmtpSession:
    """A connection that is opened when needed, and opened anew after it broke."""

    def __init__(self, post: SmtpPost) -> None:
        self._post = post
        self._client: smtplib.SMTP | None = None
        self._used = 0.0

    def send(self, letter: Letter, _name: str) -> None:
        """Hand a letter to the server.

        :raises LetterRefused: permanently for a 5xx about this letter or its mailbox; for the time being for a 4xx,
            for :data:`POLICY`, and whenever the server cannot be reached or does not let us in.
        """
        if self._client is not None and self._client.sock is None:
            self._client = None  # the server closed it with its last answer
        kept = self._client is not None
        try:
            try:
                self._hand_over(letter)
            except NotBegun:
                self.close()
                if not kept:
                    raise
                self._hand_over(letter)  # the server had ended what we have kept
        except NotBegun:
            self.close()
            raise LetterRefused("server_lost") from None
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused(next(iter(error.recipients.values())), "mailbox_refused", "mailbox_deferred") from None
        except smtplib.SMTPSenderRefused as error:
            raise self._refused((error.smtp_code, error.smtp_error), "sender_refused", "sender_deferred") from None
        except smtplib.SMTPDataError as error:
            raise self._refused((error.smtp_code, error.smtp_error), "content_refused", "content_deferred") from None
        except smtplib.SMTPNotSupportedError:
            raise LetterRefused("address_not_supported", permanent=True) from None
        except (smtplib.SMTPException, OSError):
            self.close()
            raise LetterRefused("server_lost") from None
        self._note_taken(letter)

    def leave_if_idle(self) -> None:
        """Take leave if nothing was sent for so long that the server may be about to."""
        if self._client is not None and time.monotonic() - self._used > KEPT_SECONDS:
            self.close()

    def close(self) -> None:
        """Take leave; a server that does not listen any more is left."""
        if self._client is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._client.quit()
            self._client.close()
            self._client = None

    def _note_taken(self, letter: Letter) -> None:
        home = self._post.sender.rpartition("@")[2].lower()
        if any(each.domain.lower() != home for each in letter.to):
            _by_policy[self._post] = 0

    def _refused(self, answer: tuple[int, bytes | str], permanently: str, for_now: str) -> LetterRefused:
        """What an answer means; the last of several in a row that refuse us by policy says nothing of its letter."""
        code, said = answer
        told = said if isinstance(said, bytes) else said.encode()
        by_policy = code not in _NOT_AUTHORISED and _BY_POLICY.match(told)  # "530 5.7.0" only wants us to log in
        _by_policy[self._post] = _by_policy[self._post] + 1 if by_policy else 0
        if _by_policy[self._post] >= _MOST_BY_POLICY:
            return LetterRefused(POLICY)
        return _refused(code, permanently, for_now)

    def _hand_over(self, letter: Letter) -> None:
        client = self._client or self._connect()
        self._used = time.monotonic()
        addresses = [each.addr_spec for each in letter.to]
        hand_over(client, letter.envelope or self._post.sender, addresses, letter.as_mail(), _options(client, letter))

    def _connect(self) -> smtplib.SMTP:
        post = self._post
        domain = post.sender.rpartition("@")[2]
        try:
            if post.tls == "implicit":
                self._client = smtplib.SMTP_SSL(
                    post.host, post.port, domain, timeout=post.timeout, context=_context(verify=post.verify)
                )
            else:
                self._client = smtplib.SMTP(post.host, post.port, domain, timeout=post.timeout)
            if post.tls == "starttls":
                self._client.starttls(context=_context(verify=post.verify))
            if post.user is not None:
                self._client.login(post.user, post.password or "")
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            denied = isinstance(error, smtplib.SMTPAuthenticationError)
            raise LetterRefused("server_denies_access" if denied else "server_unreachable", everywhere=True) from None
        return self._client


_kept: defaultdict[SmtpPost, list[SmtpSession]] = defaultdict(list)
"""Connections that wait for the next letters."""
_by_policy: Counter[SmtpPost] = Counter()
"""How many letters in a row each server has refused by policy."""


def leave_idle() -> None:
    """Take leave of servers to which nothing was sent for a while."""
    for kept in _kept.values():
        for each in kept:
            each.leave_if_idle()


def _options(client: smtplib.SMTP, letter: Letter) -> list[str]:
    """What is asked of the server: for an address beyond ASCII, that it takes such.

    :raises smtplib.SMTPNotSupportedError: if it does not.
    """
    if all(each.addr_spec.isascii() for each in letter.to):
        return []
    client.ehlo_or_helo_if_needed()
    if not client.has_extn("smtputf8"):
        raise smtplib.SMTPNotSupportedError
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _refused(code: int, permanently: str, for_now: str) -> LetterRefused:
    if code in _NOT_AUTHORISED:
        return LetterRefused("server_denies_access", everywhere=True)
    permanent = 500 <= code < 600
    return LetterRefused(permanently if permanent else for_now, permanent=permanent)


def _context(*, verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
