"""Photos and documents through the API: with every step and from reporters, sealed, and handed only to who may read."""

import io
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from tests.files.making import document, film, photo, voice
from tests.journey import test_trenggalek as trenggalek
from tests.journey.installation import ADMIN, Api, officer
from tests.journey.traveller import EMAIL, Traveller

T = "cilacap"
OPERATOR = officer(T, "operator", "dpupr")
_NOT_TAKEN = (
    "Files of this kind are not taken. Send JPEG, PNG, WebP, PDF, Word (.docx), Excel (.xlsx) or, where they are "
    "taken, sound or film as telephones record them."
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def way_to_the_operator(api: Api, **fields: Any) -> Traveller:
    """A complaint before an agency's operator."""
    reporter = {"name": "Siti Rahayu", "email": EMAIL, "address": "RT 02/RW 01 Hanum"}
    way = Traveller.file(api, T, elsewhere="dinkes", **{"reporter": reporter, **fields})
    return way.act("coordinator", "dispose", agency="dpupr")


def send(
    api: Api, way: Traveller, content: bytes, who: dict[str, Any] | None = None, name: str = "foto.jpg", **form: Any
) -> requests.Response:
    """Send a file: as an officer, or with the reporter's code."""
    files = {"file": (name, content)}
    if who is not None:
        return api.call("POST", f"/{way.tenant}/dossiers/{way.id}/files", who, files=files, data=form)
    code = {"code": form.pop("code", way.receipt["tracking_code"])}
    path = f"/{way.tenant}/complaints/{way.receipt['ticket']}/files"
    return api.call("POST", path, params=code, files=files, data=form)


def fetch(api: Api, way: Traveller, file: str, who: dict[str, Any] | None = None, code: str = "") -> requests.Response:
    """Fetch a file."""
    if who is not None:
        return api.call("GET", f"/{way.tenant}/dossiers/{way.id}/files/{file}", who)
    path = f"/{way.tenant}/complaints/{way.receipt['ticket']}/files/{file}"
    return api.call("GET", path, params={"code": code or way.receipt["tracking_code"]})


def test_a_reporters_photo_is_read_by_the_desks_and_by_no_one_else(installed: Api) -> None:
    """Sent with the code, fetched by code and by who may read the dossier: pixels only, never shown in the browser."""
    way = way_to_the_operator(installed)
    sent = send(installed, way, photo(), name="Foto Jalan.JPEG")
    file = sent.json()["id"]
    own, desk = fetch(installed, way, file), fetch(installed, way, file, OPERATOR)
    with Image.open(io.BytesIO(own.content)) as image:
        seen = (image.format, dict(image.getexif()))

    assert (201, "image/jpeg", "photo", "Foto Jalan.jpg") == (
        sent.status_code,
        *(sent.json()[name] for name in ("media_type", "kind", "name")),
    )
    assert (200, 200, own.content) == (own.status_code, desk.status_code, desk.content)
    assert ("JPEG", {}) == seen
    assert HEADERS == {name: own.headers[name] for name in HEADERS}
    assert "attachment; filename*=UTF-8''Foto%20Jalan.jpg" == own.headers["Content-Disposition"]
    assert [file] == [each["id"] for each in installed.track(T, way.receipt)["files"]]
    assert 403 == fetch(installed, way, file, officer(T, "operator", "dinkes")).status_code
    assert 403 == fetch(installed, way, file, officer("bantul", "coordinator")).status_code
    assert 404 == fetch(installed, way, file, code="WRONG").status_code
    assert 401 == installed.call("GET", f"/{T}/dossiers/{way.id}/files/{file}").status_code


def test_files_of_the_desks_are_not_the_reporters(installed: Api) -> None:
    """Neither listed nor handed out; the letter of the answer is, once the answer is given."""
    way = way_to_the_operator(installed)
    memo = send(installed, way, document(), OPERATOR, kind="nota_dinas", name="nota.pdf").json()["id"]
    letter = send(installed, way, document(2), OPERATOR, kind="answer_letter", name="surat.pdf").json()["id"]
    before = (installed.track(T, way.receipt)["files"], fetch(installed, way, letter).status_code)
    for actor, action, fields in (
        ("operator", "forward", {}),
        ("liaison", "forward", {}),
        ("head", "forward", {"response": "Ditambal"}),
        ("liaison", "forward", {"response": "Ditambal"}),
        ("operator", "answer", {"text": "Sudah ditambal"}),
    ):
        way.act(actor, action, **fields)

    assert ([], 404) == before
    assert [letter] == [each["id"] for each in installed.track(T, way.receipt)["files"]]
    assert (200, 404) == (fetch(installed, way, letter).status_code, fetch(installed, way, memo).status_code)


def test_nothing_that_was_sent_lies_readable_anywhere(installed: Api) -> None:
    """Neither in the store nor in the log: names and contents are sealed, and nothing is left on the way."""
    way = way_to_the_operator(installed)
    file = send(installed, way, document(), OPERATOR, kind="document", name="Surat Siti Rahayu.pdf").json()["id"]
    store = Path(installed.data or "") / "files"
    found = [path for path in store.rglob("*") if path.is_file()]
    [kept] = [path for path in found if path.name == file]

    assert f"{T}/{way.id}/{file}" == str(kept.relative_to(store))
    assert [] == [path for path in found if path.relative_to(store).parts[0] in ("drops", "pending")]
    assert b"%PDF" not in kept.read_bytes()
    [entry] = [each for each in way.view["timeline"] if each["event"] == "FileAdded"]
    assert "Siti" not in str(entry)
    assert "Surat Siti Rahayu.pdf" == way.view["files"][0]["name"]


def test_the_same_file_twice_is_there_once(installed: Api) -> None:
    """Whoever is not sure and sends it again changes nothing."""
    way = way_to_the_operator(installed)
    first, again = (send(installed, way, photo()).json() for _ in range(2))

    assert first["id"] == again["id"]
    assert 1 == len(way.view["files"])


def test_a_recording_is_kept_to_be_downloaded_and_is_no_photo(installed: Api) -> None:
    """Whatever it was called; never shown or played in our name, and nothing of where it was made."""
    way = way_to_the_operator(installed)
    sent = [send(installed, way, content, name=name) for content, name in ((voice(), "x.html"), (film(), "Jalan.mp4"))]
    told = [(each.status_code, *(each.json()[name] for name in ("kind", "media_type", "name"))) for each in sent]
    desk = fetch(installed, way, sent[1].json()["id"], OPERATOR)

    assert [(201, "recording", "audio/ogg", "x.ogg"), (201, "recording", "video/mp4", "Jalan.mp4")] == told
    assert (200, "video/mp4") == (desk.status_code, desk.headers["Content-Type"])
    assert "attachment; filename*=UTF-8''Jalan.mp4" == desk.headers["Content-Disposition"]
    assert HEADERS == {name: desk.headers[name] for name in HEADERS}
    assert b"Siti" not in desk.content


@pytest.mark.parametrize(
    ("content", "form", "expected"),
    [
        (b"<script>alert(1)</script>", {}, {"file": _NOT_TAKEN}),
        (b"", {}, {"file": "This file is empty."}),
        (photo()[:99], {}, {"file": "This file is damaged or cannot be read."}),
        (photo(), {"kind": "answer_letter"}, {"kind": "Choose one of: photo, document."}),
        (photo(), {"comment": "x"}, {"comment": "There is no such field."}),
    ],
    ids=["script", "empty", "cut", "kind", "unknown"],
)
def test_what_is_not_taken_is_told(
    installed: Api, content: bytes, form: dict[str, Any], expected: dict[str, str]
) -> None:
    """The field and the remedy; nothing is recorded, and nothing is left in the store."""
    way = way_to_the_operator(installed)
    answer = send(installed, way, content, **form)

    assert (422, {name: [text] for name, text in expected.items()}) == (answer.status_code, answer.json()["errors"])
    assert [] == way.view["files"]
    assert [] == list((Path(installed.data or "") / "files" / "drops").glob("*"))


def test_who_may_not_add_need_not_send(installed: Api) -> None:
    """Another agency, an administrator, a wrong code, an ended complaint, a body that is no form, too large a body."""
    way = way_to_the_operator(installed)
    path = f"/{T}/dossiers/{way.id}/files"

    assert 403 == send(installed, way, photo(), officer(T, "operator", "dinkes")).status_code
    assert 403 == send(installed, way, photo(), ADMIN).status_code
    assert 404 == send(installed, way, photo(), code="WRONG").status_code
    assert 415 == installed.call("POST", path, OPERATOR, json={"file": "x"}).status_code
    assert 422 == installed.call("POST", path, OPERATOR, files={"photo": ("x", photo())}).status_code
    assert 413 == send(installed, way, bytes(21 * 1024 * 1024), OPERATOR).status_code
    assert 404 == installed.call("GET", f"{path}/{way.id}", OPERATOR).status_code
    way.say("withdraw", reason="Sudah")
    assert 409 == send(installed, way, photo()).status_code
    assert 409 == send(installed, way, photo(), OPERATOR).status_code
    assert 201 == send(installed, way, photo(), officer(T, "coordinator")).status_code


def test_a_photo_is_the_supporting_data_that_an_sop_requires(installed: Api) -> None:
    """Trenggalek wants data with every complaint: the photo that follows is what was missing."""
    way = trenggalek.file(installed, attachments=None)
    before = way.view["missing"]
    sent = send(installed, way, photo())

    assert (["attachments"], 201, []) == (before, sent.status_code, way.view["missing"])
    way.act("coordinator", "forward").act("coordinator", "return", reason="Nama?")
    way.say("supplement", title="Jalan depan pasar")
    assert [] == way.view["missing"]


def test_a_helping_agency_adds_to_what_it_helps_with(installed: Api) -> None:
    """A photo of its part, while that is open; reading it goes on after that."""
    way = way_to_the_operator(installed)
    helper = officer(T, "operator", "dinkes")
    asked = installed.act(officer(T, "coordinator"), way.id, "ask_help", agency="dinkes", note="Periksa air").json()
    file = send(installed, way, photo(), helper, kind="documentation").json()["id"]
    given = installed.act(helper, way.id, "give_help", part=asked["version"], response="Air aman")

    assert 200 == given.status_code
    assert 200 == fetch(installed, way, file, helper).status_code
    assert 403 == send(installed, way, photo("PNG"), helper).status_code
