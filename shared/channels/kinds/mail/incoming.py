"""A mail of the mailbox, understood: a person's letter, a machine's word of one of ours, or nothing for anybody."""

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from typing import Final

from shared.base.times import from_iso
from shared.channels.incoming import (
    BY_ITSELF,
    UNVERIFIED,
    UNVOUCHED,
    Answer,
    Heard,
    MediaRef,
    Odd,
    Raw,
    Reported,
    Request,
    Sender,
    Unsigned,
)
from shared.channels.kinds.mail.automatic import Bounce, answers_by_itself, automatic, bounce_of, is_own
from shared.channels.kinds.mail.parsing import (
    TooMuch,
    content_of,
    head,
    head_as_written,
    heads,
    id_of,
    ids,
    line,
    parsed,
    sender,
    words,
)
from shared.channels.kinds.mail.text import body_of, is_file, without_quotation
from shared.channels.persons import BY_MAIL

OURS: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9a-f]{12}(?=@|\Z)")
"""The local part of the ids of our letters."""
SUBJECT: Final = 200
MOST_TEXT: Final = 200_000
"""Characters of what one person has to say; beyond that they are asked to say it in fewer."""
MOST_FILES: Final = 20
MOST_QUOTED: Final = 20
_SMALL_PICTURE: Final = 20_000
"""Bytes: pictures below that stand in signatures."""
_FORWARDED: Final = re.compile(r"(?:fwd?|trs|fw|dit?eruskan)\s*:", re.IGNORECASE)
_ALIGNED: Final = re.compile(r"\bdkim=pass\b[^;]*?\bheader\.[di]=@?([A-Za-z0-9.-]+)")
_TO: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


class MailIn:
    """The way in of one mailbox.

    :param address: the mailbox's.
    :param authserv: the name with which its server signs what it has found out of senders; none if that says nothing.
    """

    def __init__(self, address: str, authserv: str | None) -> None:
        self._address = address
        self._authserv = authserv

    def verify(self, request: Request, now: datetime) -> None:  # noqa: ARG002 - nothing is delivered here
        """Mails are fetched; whoever delivers one is nobody."""
        raise Unsigned("polled")

    def split(self, request: Request) -> Sequence[Raw]:  # noqa: ARG002 - as above
        """Nothing."""
        return []

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as above
        """Nothing."""
        return Answer(404)

    def item_id(self, raw: Raw) -> str:
        """The mail's own id with a digest of what a person wrote: two mails under one id are two, one twice is one."""
        if raw.get("missing"):
            return f"uid:{raw['at']}:{raw['uid']}"
        return _identity(parsed(b64decode(raw["mail"])))

    def read(self, raw: Raw) -> Heard | Reported | Odd:
        """Understand a mail."""
        if raw.get("missing"):
            return Odd("not_given", unread=True)
        try:
            message = parsed(b64decode(raw["mail"]))
        except TooMuch:
            return Odd("too_many_parts", unread=True)
        address, name = sender(message)
        at = from_iso(raw["at"])
        bounce = bounce_of(message, address)
        letter = self._about(message, bounce) if bounce else ""
        if bounce and letter and bounce.code:
            return Reported(account=self._address, provider_id=letter, key="", state="failed", at=at, code=bounce.code)
        if (
            address
            and not is_own(address, self._address)
            and answers_by_itself(message)
            and self._answers_ours(message)
        ):
            return replace(self._heard(raw, message, Sender({BY_MAIL: address}, address, name), at), note=BY_ITSELF)
        if bounce:
            return Odd("delayed" if letter else "bounce")
        reason = automatic(message, address, self._address)
        if reason:
            return Odd(reason)
        if not address:
            return Odd("no_sender", unread=True)
        return self._heard(raw, message, Sender({BY_MAIL: address}, address, name), at)

    def _heard(self, raw: Raw, message: Message, who: Sender, at: datetime) -> Heard:
        subject = head(message, "Subject")[:SUBJECT].rstrip()
        answers = [*ids(message, "In-Reply-To"), *reversed(ids(message, "References"))]
        tagged = self._tagged(message)
        quotes = list(dict.fromkeys([*answers, *([tagged] if tagged else [])]))[:MOST_QUOTED]
        whole = body_of(message)
        text = whole if not quotes or _FORWARDED.match(subject) else without_quotation(whole)
        fits = raw["whole"] and len(text) <= MOST_TEXT
        return Heard(
            account=self._address,
            message_id=_identity(message),
            sender=who,
            at=at,
            kind="text" if fits else "unreadable",
            text=text if fits else "",
            subject=subject,
            media=_files(message),
            quotes=" ".join(quotes),
            note=self._doubt(message, who.to),
        )

    def _answers_ours(self, message: Message) -> bool:
        answers = ids(message, "In-Reply-To", "References")
        return any(OURS.match(each) for each in answers) or bool(self._tagged(message))

    def _about(self, message: Message, bounce: Bounce) -> str:
        return next((each for each in bounce.letters if OURS.match(each)), "") or self._tagged(message)

    def _tagged(self, message: Message) -> str:
        """The letter whose tag stands in the address that a mail was sent to; blank if none does."""
        local, _, home = self._address.lower().rpartition("@")
        given = [each for name in _TO for each in heads(message, name)]
        for _, each in getaddresses(given):
            box, _, domain = each.lower().rpartition("@")
            mine, _, tag = box.partition("+")
            if (mine, domain) == (local, home) and OURS.fullmatch(tag):
                return tag
        return ""

    def _doubt(self, message: Message, address: str) -> str:
        """What is known against a sender's being who they say: that nobody vouches for them, or that nobody could."""
        if self._authserv is None:
            return UNVOUCHED
        return "" if self._passed(message, address) else UNVERIFIED

    def _passed(self, message: Message, address: str) -> bool:
        """Whether our own server says that the sender's domain sent it (RFC 8601). Only its uppermost word counts."""
        domain = address.rpartition("@")[2]
        for each in heads(message, "Authentication-Results"):
            server, _, results = each.partition(";")
            if server.split()[:1] != [self._authserv]:
                continue
            if re.search(r"\bdmarc=pass\b", results):
                return True
            return any(
                domain == signed.lower() or domain.endswith(f".{signed.lower()}")
                for signed in _ALIGNED.findall(results)
            )
        return False


def _identity(message: Message) -> str:
    written = "\n".join(
        (head_as_written(message, "From"), head_as_written(message, "Date"), head(message, "Subject"), body_of(message))
    )
    id_ = id_of(message)
    if not id_:  # all of it, with what servers wrote on its way: without an id nothing else tells two apart
        return f"synthetic:{sha256(message.as_bytes()).hexdigest()}"
    return f"{id_}#{sha256(written.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _files(message: Message) -> tuple[MediaRef, ...]:
    found: list[MediaRef] = []
    for part in message.walk():
        if not is_file(part) or len(found) == MOST_FILES:
            continue
        content = content_of(part)
        inline = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
        if not content or (inline and part.get_content_maintype() == "image" and len(content) < _SMALL_PICTURE):
            continue
        name = line(words(str(part.get_filename() or "")))[:200]
        found.append(MediaRef(str(len(found)), part.get_content_type(), name, content=content))
    return tuple(found)
