"""Complaints of all five governments, on whatever way leads on, with somebody's name wherever a text can be given."""

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
from kombu import Connection, Producer

from shared.domain.sop.vocabulary import REJECTIONS, VIAS
from shared.messaging.wire.received import body_of
from shared.messaging.wire.topology import SUBMISSIONS
from tests.files.making import photo
from tests.fixtures.waiting import eventually
from tests.journey.installation import ADMIN, officer
from tests.privacy.installation import Installation
from tests.privacy.saying import (
    COMPLAINTS,
    NAME,
    OWN_WORDS,
    PASSWORD,
    REPORTER,
    STEPS,
    Talk,
    complaint,
    said,
)


def talked(installation: Installation) -> Talk:
    """Have everybody talk."""
    talk = Talk(installation)
    _by_messages(talk)
    for sop in installation.api.ok("GET", "/sops")["items"]:
        for number in range(COMPLAINTS):
            _one_way(talk, sop, number)
    _taken_back(talk)
    _arranged(talk)
    _with_files(talk)
    _beside(talk)
    _mistakes(talk)
    installation.api.rest()
    talk.events = {kind for (kind,) in installation.query("SELECT DISTINCT type FROM eventstore.events")}
    return talk


def _one_way(talk: Talk, sop: dict[str, Any], number: int) -> None:
    """A complaint's way: at each desk another of the things that can be done there."""
    tenant = sop["tenant"]
    receipt = talk.call("POST", f"/{tenant}/complaints", json=complaint(number)).json()
    talk.codes.append(receipt["tracking_code"])
    for place in range(STEPS):
        view = talk.api.dossier(tenant, receipt["id"])
        if view["actor"] == "system":
            talk.api.rest()
            view = talk.api.dossier(tenant, receipt["id"])
        if not view["allowed"]:
            return
        unsaid = [action for action in view["allowed"] if action["event"] not in talk.tried]
        action = (unsaid or view["allowed"])[0 if unsaid else (number + place // 3) % len(view["allowed"])]
        talk.tried.add(action["event"])
        fields = _fields(action, sop)
        if action["actor"] == "reporter":
            code = {"code": receipt["tracking_code"]}
            talk.call("POST", f"/{tenant}/complaints/{receipt['ticket']}/{action['action']}", params=code, json=fields)
        else:
            scopes = {actor["id"]: actor["scope"] for actor in sop["actors"]}
            agency = view["agency"] if scopes[action["actor"]] == "agency" else None
            who = officer(tenant, action["actor"], agency)
            body = {"action": action["action"], **fields}
            talk.call("POST", f"/{tenant}/dossiers/{receipt['id']}/actions", who, json=body)


def _fields(action: dict[str, Any], sop: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {
        "agency": sop["agencies"][0]["id"],
        "category": "KESEHATAN",
        "classification": "complaint",
        "score": 2,
        "why": REJECTIONS[0],
        "way": VIAS[0],
        "via": VIAS[0],
    }
    if action["event"] == "Supplemented":
        how = {"via": VIAS[0]} if "via" in action["needs"] else {}
        return {"reporter": REPORTER, "title": said("title"), "attachments": [said("attachments")], **how}
    names = [*action["needs"], *(name for name in action["optional"] if "*" not in name)]
    if action["event"] == "Rated":
        names = ["score", "comment"]
    return {name: known.get(name, said(name)) for name in names}


def _by_messages(talk: Talk) -> None:
    """What channel adapters send: good, and bad in every way."""
    good = {"tenant": "cilacap", **complaint()}
    usable = [good, good, *({"tenant": "cilacap", **complaint(), **own} for own in OWN_WORDS)]  # one delivered twice
    talk.taken = len(usable)
    bodies: list[bytes] = [
        *(json.dumps(each).encode() for each in usable),
        b'{"message": "Nama saya Ratnawulan',
        b"\xff\xfeRatnawulan",
        json.dumps([NAME]).encode(),
        json.dumps({**good, "tenant": NAME}).encode(),
        json.dumps({**good, "tenant": {"name": NAME}}).encode(),
        json.dumps({**good, "message": None}).encode(),
        json.dumps({**good, "message": [NAME]}).encode(),
        json.dumps({**good, "privacy": NAME}).encode(),
        json.dumps({**good, "reporter": NAME}).encode(),
        json.dumps({**good, "reporter": {"name": {"full": NAME}, "email": f"{NAME}@@"}}).encode(),
        json.dumps({**good, "occurred_at": [NAME]}).encode(),
        json.dumps({**good, "channel": NAME}).encode(),
        json.dumps({**good, "location": {"lat": NAME, "lon": "108.654321, 7.212345"}}).encode(),
    ]
    with Connection(talk.installation.broker_url) as connection, connection.channel() as channel:
        queue = channel.queue_declare(exclusive=True).queue
        producer = Producer(channel, exchange=SUBMISSIONS)
        for body in bodies:
            producer.publish(
                body,
                routing_key="submission.whatsapp",
                content_type="application/json",
                content_encoding="utf-8",
                reply_to=queue,
                correlation_id=f"{REPORTER['phone']}-{uuid4()}",  # whatever an adapter takes for it
            )

        def answered() -> bool:
            while (raw := channel.basic_get(queue=queue, no_ack=True)) is not None:
                talk.replies.append(body_of(channel.message_to_python(raw)))
            return len(talk.replies) == len(bodies)

        eventually(answered, within=30, what="every submission answered")


def _taken_back(talk: Talk) -> None:
    """A wrong disposition: the coordinator speaks while the agency holds the complaint."""
    receipt = talk.call("POST", "/cilacap/complaints", json=complaint()).json()
    actions, coordinator = f"/cilacap/dossiers/{receipt['id']}/actions", officer("cilacap", "coordinator")
    talk.call("POST", actions, coordinator, json={"action": "dispose", "agency": "dpupr", "note": said("note")})
    talk.call("POST", actions, coordinator, json={"action": "recall", "reason": said("reason")})


def _at_the_agency(talk: Talk) -> tuple[dict[str, Any], str]:
    """A complaint that an agency holds: its receipt, and where the API has it."""
    receipt = talk.call("POST", "/cilacap/complaints", json=complaint()).json()
    talk.codes.append(receipt["tracking_code"])
    disposing = {"action": "dispose", "agency": "dpupr", "note": said("note")}
    place = f"/cilacap/dossiers/{receipt['id']}"
    assert talk.call("POST", f"{place}/actions", officer("cilacap", "coordinator"), json=disposing).ok
    return receipt, place


def _arranged(talk: Talk) -> None:
    """Leave and help: asked for, given, refused, ended and called off, with somebody's name in every text."""
    _, place = _at_the_agency(talk)
    desk, coordinator = officer("cilacap", "operator", "dpupr"), officer("cilacap", "coordinator")

    def do(who: dict[str, Any], action: str, **fields: Any) -> int:
        answer = talk.call("POST", f"{place}/actions", who, json={"action": action, **fields})
        assert answer.ok, answer.text
        return int(answer.json()["version"])

    leave = {"kind": "pause", "why": "goods", "until": "2026-10-09", "reason": said("reason")}
    do(coordinator, "grant_leave", asked=do(desk, "ask_leave", **leave), reason=said("reason"))
    do(desk, "resume", note=said("note"))
    do(coordinator, "refuse_leave", asked=do(desk, "ask_leave", **leave), reason=said("reason"))
    part = do(desk, "ask_help", agency="dinkes", note=said("note"))
    do(officer("cilacap", "operator", "dinkes"), "give_help", part=part, response=said("response"))
    do(desk, "cancel_help", part=do(desk, "ask_help", agency="dinkes", note=said("note")), reason=said("reason"))
    for action, fields in (
        ("ask_leave", {"kind": NAME, "why": NAME, "until": NAME, "reason": [NAME]}),
        ("ask_leave", {**leave, "until": f"besok, kata {NAME}"}),
        ("ask_leave", {**leave, "why": NAME}),
        ("ask_help", {"agency": NAME, "note": said("note")}),
        ("ask_help", {"agency": "dinkes", "note": said("note"), NAME: NAME}),
        ("give_help", {"part": NAME, "response": said("response")}),
        ("grant_leave", {"asked": NAME}),
    ):
        talk.call("POST", f"{place}/actions", desk, json={"action": action, **fields})


def _beside(talk: Talk) -> None:
    """What is written beside a case: additions, notes among colleagues, words for the public; a name in each."""
    receipt = talk.call("POST", "/cilacap/complaints", json=complaint()).json()
    talk.codes.append(receipt["tracking_code"])
    place = f"/cilacap/dossiers/{receipt['id']}"
    own, code = f"/cilacap/complaints/{receipt['ticket']}/add", {"code": receipt["tracking_code"]}
    for body in ({"text": said("tambahan")}, {"text": said("telepon"), "wants": "call"}):
        assert talk.call("POST", own, params=code, json=body).ok
    wrong: tuple[dict[str, Any], ...] = ({"text": [NAME]}, {"text": said("x"), "wants": NAME}, {NAME: NAME})
    for given in wrong:
        talk.call("POST", own, params=code, json=given)
    own_data = f"/cilacap/complaints/{receipt['ticket']}/ask-about-data"
    for kind in ("access", "correction"):
        assert talk.call("POST", own_data, params=code, json={"kind": kind, "text": said("datanya")}).ok
    wrong = ({"kind": NAME, "text": said("x")}, {"kind": "correction", "text": [NAME]}, {NAME: NAME})
    for given in wrong:
        talk.call("POST", own_data, params=code, json=given)
    writer, other = officer("cilacap", "coordinator"), {**officer("cilacap", "coordinator"), "user": "ketua-test"}

    def do(who: dict[str, Any], action: str, **fields: Any) -> int:
        answer = talk.call("POST", f"{place}/actions", who, json={"action": action, **fields})
        assert answer.ok, answer.text
        return int(answer.json()["version"])

    words = {"summary": "Tiang listrik doyong.", "public_answer": "Sudah ditegakkan."}  # a reporter's name is refused
    copy, change = [each["version"] for each in talk.api.dossier("cilacap", receipt["id"])["data_requests"]]
    do(writer, "answer_about_data", asked=copy, outcome="refused", text=said("penolakan"))
    put_right = {"reporter": REPORTER, "text": said("perbaikan")}
    do(writer, "answer_about_data", asked=change, outcome="done", **put_right)
    do(writer, "leave_note", note=said("catatan"))
    do(writer, "transfer", to="BBPJN", reason=said("alasan"))
    do(writer, "answer", text=said("jawaban"))
    do(other, "give_back_summary", summary_version=do(writer, "write_summary", **words), reason=said("alasan"))
    do(other, "publish_summary", summary_version=do(writer, "write_summary", **words))
    do(writer, "withdraw_summary", reason=said("alasan"))
    for action, fields in (
        ("leave_note", {"note": [NAME]}),
        ("write_summary", {"summary": said("ringkasan"), "public_answer": said("jawaban")}),
        ("write_summary", {"summary": NAME * 500}),
        ("publish_summary", {"summary_version": NAME}),
        ("withdraw_summary", {"reason": said("lagi")}),
        ("deliver", {"way": NAME, "note": said("cara")}),
        ("renew_code", {"via": NAME}),
        ("answer_about_data", {"asked": NAME, "outcome": NAME, "text": said("salinan")}),
        ("answer_about_data", {"asked": 1, "outcome": "done", "text": [NAME], "reporter": NAME}),
    ):
        talk.call("POST", f"{place}/actions", writer, json={"action": action, **fields})


def _with_files(talk: Talk) -> None:
    """Files of officers and of the reporter, named after somebody and telling of them; and every kind of document."""
    receipt, place = _at_the_agency(talk)
    own, code = f"/cilacap/complaints/{receipt['ticket']}/files", {"code": receipt["tracking_code"]}
    desk, coordinator = officer("cilacap", "operator", "dpupr"), officer("cilacap", "coordinator")
    contents = (f"foto {NAME}.jpg", photo("JPEG", comment=NAME.encode())), (f"{NAME}.pdf", _letter())
    for name, content in contents:
        for where, who, key in ((f"{place}/files", desk, {}), (own, None, code)):
            added = talk.call("POST", where, who, params=key, files={"file": (name, content)}, data={"kind": "photo"})
            assert added.ok, added.text
            fetched = talk.call("GET", f"{where}/{added.json()['id']}", who, params=key)
            assert fetched.ok, fetched.text
    for kind in ("nota_dinas", "disposition_sheet", "receipt"):
        asked = {"kind": kind, "note": said("note")}
        asked |= {"via": VIAS[0], "code": "new"} if kind == "receipt" else {}
        made = talk.call("POST", f"{place}/documents", coordinator, json=asked)
        assert made.ok, made.text
        talk.codes += [made.json()["tracking_code"]] if kind == "receipt" else []
    for name, content in (
        (f"{NAME}.exe", b"MZ" + said("x").encode()),
        (NAME, b""),
        (f"{NAME}.pdf", b"%PDF-1.7 " + NAME.encode()),
    ):
        for kind in ("photo", NAME):
            talk.call("POST", f"{place}/files", desk, files={"file": (name, content)}, data={"kind": kind})
    talk.call("GET", f"{place}/files/{NAME}", desk)
    talk.call("POST", f"{place}/documents", coordinator, json={"kind": NAME, "note": [NAME]})
    talk.call("POST", f"{place}/documents", coordinator, json={"kind": "answer_letter", "note": said("note")})


def _letter() -> bytes:
    """A document about somebody, whose text is not compressed."""
    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Author"] = NAME
    made.pages[0].Contents = pikepdf.Stream(made, f"BT ({said('surat')}) Tj ET".encode())
    written = BytesIO()
    made.save(written, compress_streams=False)
    return written.getvalue()


def _mistakes(talk: Talk) -> None:
    """What people get wrong, with their names in the wrong places."""
    tenant, other = "cilacap", "bantul"
    receipt = talk.call("POST", f"/{tenant}/complaints", json=complaint()).json()
    coordinator = officer(tenant, "coordinator")
    path = f"/{tenant}/complaints/{receipt['ticket']}"
    actions = f"/{tenant}/dossiers/{receipt['id']}/actions"
    headers = {"Content-Type": "application/json"}
    for body in (
        {**complaint(), "message": [NAME]},
        {**complaint(), "privacy": NAME},
        {**complaint(), "reporter": NAME},
        {**complaint(), "reporter": {"email": f"{NAME}@@", "phone": [REPORTER["phone"]]}},
        {**complaint(), "location": {"lat": NAME}},
        {**complaint(), "channel": NAME},
        *({**complaint(), **own} for own in OWN_WORDS),
        NAME,
        [NAME],
    ):
        talk.call("POST", f"/{tenant}/complaints", json=body)
    talk.call("POST", f"/{tenant}/complaints", data=f'{{"message": "{NAME}', headers=headers)
    talk.call("POST", f"/{tenant}/complaints", data=f"message={NAME}")
    talk.call("POST", f"/{NAME}/complaints", json=complaint())
    talk.call("GET", path, params={"code": NAME})
    talk.call("GET", f"/{tenant}/complaints/{NAME}", params={"code": receipt["tracking_code"]})
    talk.call("GET", path, params={"code": receipt["tracking_code"], "min_position": NAME})
    talk.call("POST", f"{path}/rate", params={"code": receipt["tracking_code"]}, json={"score": NAME, "comment": NAME})
    talk.call("POST", f"{path}/reopen", params={"code": receipt["tracking_code"]}, json={"reason": said("reopen")})
    talk.call("POST", f"{path}/reply", params={"code": "WRONG"}, json={"text": said("reply")})
    for who in (coordinator, officer(tenant, "operator", "dpupr"), officer(other, "coordinator"), ADMIN):
        for body in (
            {"action": NAME},
            {"action": "return", "reason": {"text": NAME}},
            {"action": "dispose", "agency": NAME, "note": said("note")},
            {"action": "dispose", "agency": "dpupr", "unknown": said("unknown")},
            {"action": "dispose", "agency": "dpupr", "note": said("note"), "version": NAME},
            {"action": "dispose", "agency": "dpupr", "note": said("note"), "version": 99},
            {"action": "answer", "text": said("text")},
        ):
            talk.call("POST", actions, who, json=body)
    talk.call("GET", f"/{tenant}/dossiers/{NAME}", coordinator)
    talk.call("GET", f"/{tenant}/inbox", coordinator, params={"after": NAME, "agency": NAME})
    talk.call("GET", f"/{tenant}/clocks", coordinator, params={"state": NAME})
    talk.call("GET", f"/{tenant}/recap", coordinator, params={"month": NAME})
    login = {"tenant": tenant, "username": "ratnawulan.p", "password": PASSWORD}
    talk.call("POST", "/login", json=login)
    talk.call("POST", "/login", json={**login, "password": [PASSWORD]})
    talk.call("GET", f"/{tenant}/inbox", headers={"Authorization": f"Bearer {PASSWORD}"})
    talk.call("POST", "/clock", ADMIN, json={"advance": NAME})
