#!/usr/bin/env python3
"""Started by Gammu SMSD: hands a message, or what became of a letter, to Aduan. Needs nothing but Python.

In ``gammu-smsdrc``, with the address that ``aduan channel check`` shows, and its key:

    RunOnReceive = /usr/local/bin/aduan-gammu received "https://aduan.example/hooks/v1/kab/sms/modem?key=KEY"
    RunOnSent = /usr/local/bin/aduan-gammu sent "https://aduan.example/hooks/v1/kab/sms/modem/report?key=KEY"
    RunOnFailure = /usr/local/bin/aduan-gammu failed "https://aduan.example/hooks/v1/kab/sms/modem/report?key=KEY"

SMSD adds the names under which it keeps the messages, and tells what is in them by the environment (gammu-smsd-run(7)).
What is to be handed over is written down first, in a folder of its own (``ADUAN_GAMMU_KEPT``, else ``.aduan-gammu``
in the home of SMSD's user), and taken away once Aduan has it. What could not be handed over, or was cut off by a crash,
goes first the next time that anything comes, or by ``aduan-gammu again``, every few minutes from cron. Twice is once
there. What Aduan refuses stays, and holds up nothing. The status is another than 0 while anything is left.

SMSD may end when it has kept a message and has not started this yet. ``aduan-gammu again URL INBOX``, with the URL of
``received`` and SMSD's inbox (``/var/spool/gammu/inbox``), also looks for such messages: of the last thirty days, and
none from before this was started for the first time.
"""

import contextlib
import http.client
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

_PAUSES = (1, 2, 4)
_SECONDS = 15
_BUSY = (408, 425, 429)
_SETTLED_SECONDS = 120
"""After so long a message for which nobody was started will have nobody started."""
_REMEMBERED_SECONDS = 30 * 24 * 3600
_SPOOLED = re.compile(r"(IN\d{8}_\d{6}_\d+_([^_/]*))_\d+\.txt\Z")
_KEPT = re.compile(r"IN(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_")


def told(what: str, names: Sequence[str], environment: Mapping[str, str]) -> dict[str, object]:
    """What is handed over.

    :param what: ``received``, ``sent`` or ``failed``.
    :param names: under which SMSD keeps the messages: files, or numbers of rows.
    """
    if what != "received":
        return {"state": what, "ids": list(names)}
    many = int(environment.get("SMS_MESSAGES", "0") or 0)
    parts = [
        {
            "number": environment.get(f"SMS_{place}_NUMBER", ""),
            "text": environment.get(f"SMS_{place}_TEXT", ""),
            "class": environment.get(f"SMS_{place}_CLASS", ""),
            "ref": environment.get(f"SMS_{place}_REFERENCE", ""),
        }
        for place in range(1, many + 1)
    ]
    decoded = int(environment.get("DECODED_PARTS", "0") or 0)
    text = "".join(environment.get(f"DECODED_{place}_TEXT", "") for place in range(1, decoded + 1))
    at = ""
    kept = _KEPT.search(names[0]) if names else None
    if kept:
        with contextlib.suppress(ValueError, OverflowError):  # of the modem's own clock, which may say anything
            instant = time.strptime("".join(kept.groups()), "%Y%m%d%H%M%S")
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.mktime(instant)))
    phone = environment.get("PHONE_ID", "")
    return {"phone": phone, "ids": list(names), "text": text, "time": at, "parts": parts}


class RefusedByAduan(Exception):
    """It will not be taken as it is: the address or its key is not right any more."""


class _NowhereElse(urllib.request.HTTPRedirectHandler):
    """A message that is led elsewhere would arrive there as a question, without its words, and be thanked for."""

    def redirect_request(self, *_: object, **_more: object) -> None:
        """None: the status is an error, as any other."""


_OPENER = urllib.request.build_opener(_NowhereElse)


def handed_over(url: str, what: dict[str, object]) -> bool:
    """Hand it over, a few times if need be: SMSD waits for two minutes.

    :raises RefusedByAduan: if trying again would change nothing.
    """
    body = json.dumps(what).encode()
    try:
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - as its owner wrote
    except ValueError:  # not what it says: that quotes the address, and the key in it
        sys.stderr.write("aduan-gammu: the address is none\n")
        raise RefusedByAduan from None
    for pause in (*_PAUSES, 0):
        try:
            with _OPENER.open(request, timeout=_SECONDS) as answer:
                return bool(answer.status < 300)
        except http.client.InvalidURL:
            sys.stderr.write("aduan-gammu: the address is none\n")
            raise RefusedByAduan from None
        except (OSError, http.client.HTTPException) as error:
            sys.stderr.write(f"aduan-gammu: {error}\n")
            if isinstance(error, urllib.error.HTTPError) and 300 <= error.code < 500 and error.code not in _BUSY:
                raise RefusedByAduan from None
        time.sleep(pause)
    return False


def keep(folder: Path, url: str, what: dict[str, object]) -> None:
    """Write down what is to be handed over, whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns():020}-{os.getpid()}"
    draft = folder / f".{name}"
    with draft.open("w", encoding="utf-8", errors="surrogatepass") as opened:
        json.dump({"url": url, "what": what}, opened)
        opened.flush()
        os.fsync(opened.fileno())
    draft.chmod(0o600)  # it holds the key and people's words
    draft.rename(folder / f"{name}.json")


def noted(folder: Path, names: Sequence[str] = ()) -> Path:
    """Note for which messages this was started; where that stands."""
    seen = folder / "seen"
    if not (seen / ".since").exists():
        seen.mkdir(mode=0o700, parents=True, exist_ok=True)
        (seen / ".since").touch()
    for name in names:
        if _SPOOLED.match(Path(name).name):
            (seen / Path(name).name).touch()
    return seen


def keep_left_behind(folder: Path, url: str, inbox: Path) -> None:
    """Write down the messages among SMSD's files for which this was never started."""
    seen, now = noted(folder), time.time()
    since = max((seen / ".since").stat().st_mtime, now - _REMEMBERED_SECONDS)
    messages: dict[tuple[str, str], list[Path]] = {}
    for file in sorted(inbox.glob("IN*.txt")):
        if found := _SPOOLED.match(file.name):
            messages.setdefault((found[1], found[2]), []).append(file)
    for (_, number), files in messages.items():
        changed = [file.stat().st_mtime for file in files]
        started = any((seen / file.name).exists() for file in files)
        if started or min(changed) < since or max(changed) > now - _SETTLED_SECONDS:
            continue
        text = "".join(_written(file) for file in files)
        said = {"SMS_MESSAGES": "1", "SMS_1_NUMBER": number, "SMS_1_TEXT": text}
        names = [file.name for file in files]
        keep(folder, url, told("received", names, {**said, "DECODED_PARTS": "1", "DECODED_1_TEXT": text}))
        noted(folder, names)
    for mark in seen.glob("IN*"):
        if mark.stat().st_mtime < now - 2 * _REMEMBERED_SECONDS:
            mark.unlink(missing_ok=True)


def _written(file: Path) -> str:
    """The words of one of SMSD's files: UTF-16 where it begins so (``InboxFormat = unicode``), else UTF-8."""
    content = file.read_bytes()
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if wide else "utf-8", "replace").rstrip("\r\n\0")


def hand_over_kept(folder: Path) -> bool:
    """Hand over all that was written down, the oldest first; whether nothing is left."""
    left = False
    for file in sorted(folder.glob("*.json")):
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            url, what = str(kept["url"]), kept["what"]
        except FileNotFoundError:
            continue  # another runner was faster
        except (ValueError, LookupError, TypeError):
            sys.stderr.write(f"aduan-gammu: {file} is none of ours\n")
            left = True
            continue
        try:
            if not handed_over(url, what):
                return False  # the others would fare no better
        except RefusedByAduan:
            left = True
            continue
        file.unlink(missing_ok=True)
    return not left


def main(arguments: Sequence[str]) -> int:
    """The status with which it ends."""
    folder = Path(os.environ.get("ADUAN_GAMMU_KEPT") or Path.home() / ".aduan-gammu")
    if arguments and arguments[0] == "again" and len(arguments) == 3:
        keep_left_behind(folder, arguments[1], Path(arguments[2]))
    elif list(arguments) != ["again"]:
        if len(arguments) < 2 or arguments[0] not in ("received", "sent", "failed"):
            sys.stderr.write("aduan-gammu received|sent|failed URL [what SMSD adds]\naduan-gammu again [URL INBOX]\n")
            return 2
        keep(folder, arguments[1], told(arguments[0], arguments[2:], os.environ))
        noted(folder, arguments[2:])
    return 0 if hand_over_kept(folder) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
