"""Mails that no person wrote: they are neither filed nor answered, else two machines would write to each other.

Sources: RFC 3834 (automatic answers), RFC 2919 and 2369 (lists), RFC 3464 (what became of a letter).
"""

import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

from shared.channels.kinds.mail.parsing import head, ids, text_of

LOOP: Final = "X-Aduan-Loop"
"""Marks every letter of ours: one that comes back to a mailbox of ours is no complaint."""
_SIGNS: Final = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
_PRECEDENCES: Final = ("bulk", "junk", "list", "auto_reply")
_MACHINES: Final = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply)(?:[+.-].*)?\Z")
_DAEMONS: Final = re.compile(r"(?:mailer-daemon|postmaster)(?:[+.-].*)?\Z")
_REMARK: Final = re.compile(r"\([^()]*\)")
_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_SMTP: Final = re.compile(r"\b5[0-9]{2}[ -]")
_ANY_ID: Final = re.compile(r"<([^<>\s@]{1,100}@[^<>\s@]{1,200})>")
_MOST_TEXT: Final = 200_000
_HEADS_OF_THE_LETTER: Final = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")


@dataclass(frozen=True)
class Bounce:
    """A machine's word of a letter of ours.

    :param letters: ids of letters that it may be about, the likeliest first.
    :param code: why it failed, e.g. ``5.1.1``; blank if it has not failed, or not yet.
    """

    letters: tuple[str, ...]
    code: str


def automatic(message: Message, address: str, own: str) -> str:
    """Why a mail is no person's, as a code; blank if it may be one's.

    ``X-Auto-Response-Suppress`` is no sign of it: Exchange puts it into people's mail.

    :param address: the sender's.
    :param own: the mailbox's.
    """
    if _submitted(message) not in ("", "no"):
        return "automatic"
    if any(message.get(each) is not None for each in _SIGNS):
        return "automatic"
    if head(message, "Precedence").lower() in _PRECEDENCES:
        return "automatic"
    if message.get("List-Id") is not None or message.get("List-Unsubscribe") is not None:
        return "list"
    if message.get(LOOP) is not None or is_own(address, own):
        return "own"
    if head(message, "Return-Path").replace(" ", "") == "<>" or message.get_content_type() == "multipart/report":
        return "automatic"
    return "machine" if _MACHINES.match(address.partition("@")[0]) else ""


def answers_by_itself(message: Message) -> bool:
    """Whether a mailbox answered a mail in its owner's absence: out of office, and no report of a server."""
    if message.get_content_type() == "multipart/report" or message.get(LOOP) is not None:
        return False
    signed = any(message.get(each) is not None for each in _SIGNS)
    return _submitted(message) == "auto-replied" or signed or head(message, "Precedence").lower() == "auto_reply"


def _submitted(message: Message) -> str:
    """How a mail says that it came about, without parameters and remarks: ``auto-replied (zimbra; vacation)``."""
    return _REMARK.sub("", head(message, "Auto-Submitted")).lower().partition(";")[0].strip()


def is_own(address: str, own: str) -> bool:
    """Whether an address is the mailbox's own, with a tag behind its name or not."""
    local, _, domain = address.lower().rpartition("@")
    mine, _, home = own.lower().rpartition("@")
    return domain == home and local.partition("+")[0] == mine


def bounce_of(message: Message, address: str) -> Bounce | None:
    """What a machine says of a letter; none if this is not such a mail."""
    reported = message.get_content_type() == "multipart/report"
    if reported and str(message.get_param("report-type", "")).lower() == "delivery-status":
        return _report(message)
    silent = head(message, "Return-Path").replace(" ", "") == "<>" or bool(_DAEMONS.match(address.partition("@")[0]))
    return _in_words(message) if silent else None


def _report(message: Message) -> Bounce:
    """RFC 3464: a group of fields for each recipient, and the letter or its heads behind it."""
    code = ""
    letters: list[str] = []
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            for group in groups if isinstance(groups, list) else []:
                if isinstance(group, Message) and head(group, "Action").lower() == "failed":
                    found = _STATUS.search(head(group, "Status"))
                    code = found.group() if found else "5.0.0"
        elif part.get_content_type() in _HEADS_OF_THE_LETTER:
            letters += _ids_in(part)
    return Bounce(tuple(dict.fromkeys(letters)), code)


def _in_words(message: Message) -> Bounce:
    """Of a server that knows no reports: it must quote our letter, or answer its tag, and say of a failure."""
    texts = []
    for part in message.walk():
        if part.get_content_maintype() == "text":
            texts.append(text_of(part)[:_MOST_TEXT])
        elif part.get_content_type() in _HEADS_OF_THE_LETTER:
            texts += [f"<{each}>" for each in _ids_in(part)]
    text = "\n".join(texts)
    letters = [*ids(message, "In-Reply-To", "References"), *_ANY_ID.findall(text)]
    found = next((each for each in _STATUS.finditer(text) if each[1] == "5"), None)
    code = found.group() if found else "5.0.0" if _SMTP.search(text) else ""
    return Bounce(tuple(dict.fromkeys(letters))[:50], code)


def _ids_in(part: Message) -> list[str]:
    inner = part.get_payload()
    if isinstance(inner, list):
        return [each for one in inner if isinstance(one, Message) for each in ids(one, "Message-ID")]
    found = re.search(r"(?im)^message-id:\s*<([^<>\s]{1,200})>", text_of(part)[:_MOST_TEXT])
    return [found[1]] if found else []
