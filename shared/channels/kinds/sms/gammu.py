"""Gammu SMSD: a modem, or an old telephone on a cable, with a spool of files. Source: gammu-smsd-files(7), -run(7).

What comes is posted by ``deploy/gammu/runner.py``, which SMSD starts for every message and for what became of a letter;
letters are put into its outbox folder.
"""

import codecs
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from shared.base.clock import SystemClock
from shared.base.times import to_iso
from shared.channels import gsm
from shared.channels.carrier import Refused, Taken
from shared.channels.incoming import Answer, Heard, Odd, Raw, Reported, ReportState, Request
from shared.channels.kinds.parsing import json_object, no_delivery, objects, text
from shared.channels.kinds.sms.gateway import SmsGateway, heard, instant

_STATES: Final[Mapping[str, ReportState]] = {"sent": "sent", "failed": "failed"}
_KEY: Final = re.compile(r"_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.")
_OWN: Final = ".aduan"
"""A folder within the outbox, into which SMSD does not look."""
_REMEMBERED_SECONDS: Final = 30 * 24 * 3600
_NUMBER: Final = re.compile(r"\+?[0-9]{3,20}\Z")


class Gammu:
    """JSON from the runner; files of UTF-16 for SMSD."""

    keyed = True
    reports_delivery = False
    credential = "key"

    def verify(self, gateway: SmsGateway, request: Request, now: datetime) -> None:
        """The key in our address proves it."""

    def split(self, request: Request) -> Sequence[Raw]:
        """One message, or what became of one letter."""
        told = json_object(request.body)
        kind = "report" if request.path.endswith("/report") else "message"
        if not told:
            return no_delivery(request)
        return [{kind: told, "at": to_iso(request.at)}]

    def item_id(self, raw: Raw) -> str:
        """Under which SMSD keeps it: it may start the runner twice for one. With a digest, since rows count anew."""
        told: Mapping[str, Any] = raw["message"]
        ids, phone = [text(each, 200) for each in _texts(told.get("ids"))], text(told.get("phone"), 50)
        when = text(told.get("time"), 40) or ("" if ids else raw["at"])
        parts = [f"{text(each.get('number'))}\n{text(each.get('text'))}" for each in objects(told.get("parts"))]
        digest = sha256("\n".join([phone, *ids, when, *parts]).encode("utf-8", "replace")).hexdigest()
        kept = " ".join(ids)
        return f"{phone}:{kept}:{digest[:16]}" if kept and len(kept) <= 150 else f"synthetic:{digest}"

    def read(self, gateway: SmsGateway, raw: Raw) -> Heard | Reported | Odd:
        """One message or report."""
        if "report" in raw:
            return _reported(gateway, raw)
        told: Mapping[str, Any] = raw["message"]
        parts = objects(told.get("parts"))
        number = text(parts[0].get("number"), 50) if parts else ""
        whole = text(told.get("text")) or "".join(text(each.get("text")) for each in parts)
        when = text(told.get("time"), 40)
        at = instant(when) if when else instant(raw["at"])
        return heard(gateway, id_=self.item_id(raw), sender=number, at=at, text=whole, tells_time=bool(when))

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - as every format
        """Any success lets the runner end well."""
        return Answer(200)

    def send(self, client: Any, gateway: SmsGateway, to: str, text: str, key: str) -> Taken:  # noqa: ARG002 - as every format
        """As a file of the outbox, there whole or not at all; the same letter a second time has been there already."""
        if not _NUMBER.match(to):
            raise Refused("no_number", "other_way")
        try:
            _lay(outbox_of(gateway.url), to, text, key)
        except OSError:
            raise Refused("outbox_unusable", "shut") from None
        return Taken("", gsm.parts(text))


def _lay(folder: Path, to: str, text: str, key: str) -> None:
    """Lay a letter into the outbox, once: SMSD takes it away, and whoever asks again must not take that for nothing.

    Its draft is moved into the outbox after a mark was made. A mark without a draft: it was moved. A mark beside one:
    it was not, whatever ended us there.
    """
    own = folder / _OWN
    own.mkdir(exist_ok=True)
    draft, mark = own / f"{key}.draft", own / f"{key}.begun"
    if not mark.exists():
        _forget_old(own)
        with draft.open("wb") as opened:
            opened.write(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))
            opened.flush()
            os.fsync(opened.fileno())
        mark.touch()
    stamp = SystemClock().now().strftime("%Y%m%d_%H%M%S")
    with suppress(FileNotFoundError):
        draft.rename(folder / f"OUTC{stamp}_00_{to}_{key}.txt")


def _forget_old(own: Path) -> None:
    """Marks, and drafts in clear, of letters that nobody will ask about again: of a dossier that was erased, say."""
    oldest = SystemClock().now().timestamp() - _REMEMBERED_SECONDS
    for left in (*own.glob("*.draft"), *own.glob("*.begun")):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < oldest:
                left.unlink()


def outbox_of(url: str) -> Path:
    """The folder that a ``file:///`` address names."""
    return Path(unquote(urlsplit(url).path))


def _reported(gateway: SmsGateway, raw: Raw) -> Reported | Odd:
    told: Mapping[str, Any] = raw["report"]
    state = _STATES.get(text(told.get("state"), 20))
    keys = [found[1] for each in _texts(told.get("ids")) if (found := _KEY.search(each))]
    if state is None or not keys:
        return Odd("unknown_status")
    return Reported(account=gateway.id, provider_id="", key=keys[0], state=state, at=instant(raw["at"]))


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
