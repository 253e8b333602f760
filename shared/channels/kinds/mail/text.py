"""What a person wrote in a mail: the words without the markup, and of a reply without what it quotes."""

import re
from email.message import Message
from typing import Final

from shared.channels.kinds.mail.page import words_of_page
from shared.channels.kinds.mail.parsing import text_of

_BLANKS: Final = re.compile(r"\n{3,}")
_INTRODUCED: Final = re.compile(
    r"(?:Pada|On|Am|Le|Op|El)\b.{4,300}\b(?:menulis|wrote|schrieb|a écrit|schreef|escribió)\s*:\s*\Z", re.IGNORECASE
)
_BEGUN: Final = re.compile(r"(?:Pada|On|Am|Le|Op|El)\b", re.IGNORECASE)
_ORIGINAL: Final = re.compile(
    r"(?:-{2,}\s*(?:Original Message|Original Appointment|Pesan Asli|Pesan asal)\s*-{2,}|_{10,})\s*\Z", re.IGNORECASE
)
_FROM: Final = re.compile(r"\*?(?:From|Dari)\s*:\*?\s*\S", re.IGNORECASE)
_OTHERS: Final = re.compile(
    r"\*?(?:Sent|Date|To|Subject|Terkirim|Dikirim|Tanggal|Kepada|Perihal|Subjek)\s*:\*?", re.IGNORECASE
)
_SIGNATURE: Final = "--"
_SIGNATURE_LINE: Final = "-- "
_FOR_PROGRAMS: Final = frozenset(
    {"calendar", "vcard", "x-vcard", "directory", "css", "javascript", "csv", "xml", "rtf"}
)
"""Texts that are none for people."""
_WRAPPED: Final = 3
"""Over so many lines a mail program may break the line that introduces a quotation."""


def is_file(part: Message) -> bool:
    """Whether a part is a file, not words. Words may have a name: that of a gateway's, which makes mails of MMS."""
    if part.is_multipart():
        return False
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
        return True
    subtype = part.get_content_subtype()
    return subtype in _FOR_PROGRAMS or (part.get_filename() is not None and subtype != "plain")


def body_of(message: Message) -> str:
    """The words of a mail, with whatever they quote."""
    text = _collected(message)
    return _BLANKS.sub("\n\n", "\n".join(each.rstrip() for each in text.splitlines())).strip()


def without_quotation(text: str) -> str:
    """What is new in a reply; all of it, if nothing would be left: better a quotation than nothing."""
    lines = text.splitlines()
    quoted = [each.lstrip().startswith(">") for each in lines]
    kept: list[str] = []
    place = 0
    while place < len(lines):
        introduced = _introduces(lines, place)
        if quoted[place]:
            place += 1
        elif introduced:
            following = next((n for n in range(place + introduced, len(lines)) if lines[n].strip()), None)
            if following is None or not quoted[following]:
                break  # all below it is quoted, without a mark
            place += introduced
        elif _heads_of_another(lines, place):
            break
        else:
            kept.append(lines[place])
            place += 1
    new = _BLANKS.sub("\n\n", "\n".join(_unsigned(kept))).strip()
    return new or text


def _introduces(lines: list[str], place: int) -> int:
    """How many lines from here introduce a quotation; 0 if this does not begin one that does."""
    if not _BEGUN.match(lines[place].strip()):
        return 0
    for count in range(1, _WRAPPED + 1):
        if _INTRODUCED.match(" ".join(each.strip() for each in lines[place : place + count])):
            return count
    return 0


def _heads_of_another(lines: list[str], place: int) -> bool:
    """Whether here begins a mail that was put below the reply."""
    here = lines[place].strip()
    if _ORIGINAL.match(here):
        return any(_FROM.match(each.strip()) for each in lines[place + 1 : place + 4])
    if not _FROM.match(here):
        return False
    return sum(bool(_OTHERS.match(each.strip())) for each in lines[place + 1 : place + 6]) >= 2


def _unsigned(lines: list[str]) -> list[str]:
    for place, each in enumerate(lines):
        if each.rstrip() == _SIGNATURE and any(line.strip() for line in lines[:place]):
            return lines[:place]
    return lines


def _collected(part: Message) -> str:
    if is_file(part):
        return ""
    children = part.get_payload() if part.is_multipart() else None
    if not isinstance(children, list):
        return _leaf(part)
    texts = [_collected(each) for each in children if isinstance(each, Message)]
    if part.get_content_subtype() == "alternative":
        return next((each for each in texts if each.strip()), "")
    return "\n".join(each for each in texts if each.strip())


def _leaf(part: Message) -> str:
    text = text_of(part)
    if part.get_content_subtype() == "html":
        return words_of_page(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return _flowing(text, gapless=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _flowing(text: str, *, gapless: bool) -> str:
    """Lines that were broken only to be sent, put together (RFC 3676); what is quoted stays in its lines.

    :param gapless: whether the blank at a line's end was put there too.
    """
    made: list[list[str]] = []
    flows = False
    for each in text.split("\n"):
        line = each.removeprefix(" ")
        quoted = each.startswith(">")
        stands_alone = quoted or not line or line == _SIGNATURE_LINE
        if flows and not stands_alone:
            made[-1].append(line)
        else:
            made.append([line])
        flows = line.endswith(" ") and not stands_alone
        if flows and gapless:
            made[-1][-1] = line[:-1]
    return "\n".join("".join(pieces) for pieces in made)
