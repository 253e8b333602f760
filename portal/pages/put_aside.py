"""Messages that services could not use, for whoever administers the installation: what they were, why, what to do.

A message itself is never shown, nor what its sender wrote about it: only what is ours is told of it.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from amqp.exceptions import AccessRefused
from flask import Response, request, url_for

from portal.access import caller
from portal.at_once import at_once
from portal.pages.databases import DatabaseRoom, rooms
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, Reason, deed_of, faults_of, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.parts import parts
from shared.application.operations import Operation, latest, record
from shared.base.errors import AduanError, Invalid, NotFound
from shared.base.services import SERVICES
from shared.base.strict_json import parsed
from shared.domain.complaint.schema import ComplaintSchema
from shared.domain.dossier.events import EVENT_TYPES
from shared.messaging.consuming import dead_letters
from shared.messaging.consuming.dead_letters import DeadLetter
from shared.messaging.wire.connections import BROKER_ERRORS, patience
from shared.messaging.wire.memory import is_in_memory
from shared.wording.catalogue import catalogue
from shared.wording.coded_schema import load_coded

_MOST: Final = 100
"""Of each service; the rest is seen when these are done with."""
_SECONDS: Final = 10.0
_EVENT_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]{1,9}\Z")
_CODE: Final = re.compile(r"[a-z][a-z_]{1,59}\Z")
_ERROR: Final = re.compile(r"([A-Za-z_.]{1,80}(?: at [\w.]{1,120}:[0-9]{1,6} in [\w<>]{1,80})?)(?::|\Z)", re.ASCII)
"""A class, and where it arose; what it said besides is not shown."""
_DEEDS: Final = ("retry", "discard")
_SILENT: Final[dict[str, Any]] = {"rows": None, "refused": False}

blueprint = pages("disisihkan", __name__, "/pusat/disisihkan", first=(visits.require_center, require_administrator))


@blueprint.route("")
def shown() -> Response:
    """Those of every service and every database."""
    return _list()


@blueprint.route("", methods=["POST"])
def decide() -> Response:
    """Put chosen messages back where they came from, or throw them away; who and why is kept.

    :raises NotFound: if what is asked for is none of the page's own.
    """
    every = rooms()
    form, deed = typed(("why", "service", "room")), deed_of(_DEEDS)
    number, service = form.value("room"), form.value("service")
    room = next((each for at, each in enumerate(every) if str(at) == number), None)
    if room is None or service not in SERVICES:
        raise NotFound("no_such_page")
    where = f"{number}-{service}"
    chosen = tuple(dict.fromkeys(each for each in request.form.getlist("ids") if re.fullmatch(r"[0-9a-f]{12}", each)))
    faults = {} if chosen else {f"ids-{where}": _("Pilih pesannya")}
    try:
        load_coded(Reason(), {"why": form.value("why")})
    except Invalid as error:
        faults[f"why-{where}"] = faults_of(error)["why"]
    if faults:
        return _list(Filled({f"why-{where}": form.value("why")}, faults), 422, chosen)
    runtime = parts().runtime
    place = f"{service} ({room.named})" if room.named else service
    record(
        runtime.database,
        Operation(runtime.clock.now(), caller().user, deed, place, chosen, form.value("why").strip()),
    )
    do = dead_letters.retry if deed == "retry" else dead_letters.discard
    try:
        with patience(_SECONDS):
            done = do(room.parts.runtime.settings.broker_url, service, chosen)
    except AccessRefused:
        told = _("Penyalur pesan menolak layanan ini: haknya di sana kurang.")
        return _list(Filled({f"why-{where}": form.value("why")}), 503, chosen, banner=told)
    except BROKER_ERRORS:
        told = _("Penyalur pesan tidak menjawab. Lihat daftarnya lagi: sebagian mungkin sudah dikerjakan.")
        return _list(Filled({f"why-{where}": form.value("why")}), 503, chosen, banner=told)
    kept = "kembali" if deed == "retry" else "buang"
    return Response(status=303, headers={"Location": url_for("disisihkan.shown", kabar=kept if done else "tiada")})


def _list(
    form: Filled | None = None, status: int = 200, chosen: Iterable[str] = (), banner: str | None = None
) -> Response:
    every = rooms()
    zone, now = _here()
    said = {
        "kembali": _("Dikembalikan ke antreannya. Yang gagal lagi muncul lagi di sini."),
        "buang": _("Dibuang."),
        "tiada": _("Tidak ada yang dikerjakan: pesan itu tidak ada lagi, atau tidak menyebut dari mana asalnya."),
    }
    done = [
        {
            "when": saying.moment(each.done_at.astimezone(zone), now),
            "who": each.account,
            "deed": _("dikembalikan ke antrean") if each.deed == "retry" else _("dibuang"),
            "n": len(each.ids),
            "place": each.place,
            "why": each.why,
        }
        for each in latest(parts().runtime.database, _MOST)
    ]
    return page(
        "put_aside.html",
        status,
        form=form or Filled(),
        chosen=set(chosen),
        banner=banner,
        done=asked.done(said),
        groups=_groups(every),
        rights="aduan broker definitions",
        deeds=done,
        most=_MOST,
        within=any(is_in_memory(room.parts.runtime.settings.broker_url) for room in every),
    )


def _groups(every: list[DatabaseRoom]) -> list[dict[str, Any]]:
    """Each service's of each database; all brokers are asked at once."""
    queues = [(at, room, service) for at, room in enumerate(every) for service in SERVICES]
    found = at_once([partial(_letters, room, service) for _at, room, service in queues], _SECONDS)
    return [
        {"room": at, "named": room.named, "service": service, "where": f"{at}-{service}", **(told or _SILENT)}
        for (at, room, service), told in zip(queues, found, strict=True)
    ]


def _letters(room: DatabaseRoom, service: str) -> dict[str, Any]:
    """A service's; none of them if the broker does not answer, or does not let us look."""
    try:
        letters = dead_letters.list_dead(room.parts.runtime.settings.broker_url, service, _MOST)
    except AccessRefused:
        return {"rows": None, "refused": True}
    except BROKER_ERRORS:
        return _SILENT
    return {"rows": [_row(letter) for letter in letters], "refused": False}


def _row(letter: DeadLetter) -> dict[str, Any]:
    event = letter.type in EVENT_TYPES
    return {
        "id": letter.id,
        "what": letter.type if event else _("kiriman"),
        "of": letter.message_id if _EVENT_ID.match(letter.message_id) else None,
        "size": saying.number(letter.size),
        "when": _when(letter.failed_at),
        "why": _reason(letter.reason),
        "code": letter.reason if _CODE.match(letter.reason) else None,
        "error": _error(letter.error),
    }


def _reason(code: str) -> str:
    """Why it was put aside, in words; what somebody else has written there is not repeated."""
    known = {
        "malformed": _("tidak dapat dibaca"),
        "not_in_log": _("catatannya tidak ada di log"),
        "failed": _("gagal dikerjakan, berapa kali pun dicoba"),
        "deadly": _("menghentikan proses yang mengambilnya, beberapa kali"),
    }
    if code in known:
        return known[code]
    if not _CODE.match(code):
        return _("tidak disebut")
    return catalogue().sentence(AduanError(code), language())


def _error(told: str) -> str | None:
    """The fault and where it arose, or the fields at fault that are ours: others were named by a stranger."""
    if (ours := _ERROR.match(told)) is not None:
        return ours[1]
    try:
        fields = parsed(told or "{}")
    except (ValueError, RecursionError, Invalid):
        return None
    if not isinstance(fields, dict) or not fields:
        return None
    known = [name.split(".")[0] for name in fields if name.split(".")[0] in ComplaintSchema().fields]
    left = len(fields) - len(known)
    return ", ".join([*sorted(set(known)), *([_("bidang yang tidak kami kenal: %(n)s", n=left)] if left else [])])


def _when(told: str) -> str | None:
    """The day and the clock, in the zone of the first government."""
    try:
        instant = datetime.fromisoformat(told)
    except ValueError:
        return None
    if instant.tzinfo is None:
        return None
    zone, now = _here()
    return saying.moment(instant.astimezone(zone), now)


def _here() -> tuple[ZoneInfo, datetime]:
    """The zone of the first government, and the time there."""
    zone = parts().every.all()[0].zone
    return zone, parts().runtime.clock.now().astimezone(zone)
