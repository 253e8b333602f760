"""Who comes without a good token stays outside, and who knocks at a ticket that is not theirs learns nothing of it."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import requests

from shared.application.identity.tokens import issue_token
from shared.base.caller import Caller
from tests.journey.installation import ADMIN, officer
from tests.privacy.installation import Installation

TENANTS = ("bantul", "cilacap", "cirebon", "majalengka", "trenggalek")
T = "cilacap"
COORDINATOR = officer(T, "coordinator")
ACTION = {"action": "dispose", "agency": "dpupr"}
COMPLAINT = {"message": "Lampu jalan mati", "reporter": {"name": "Siti", "address": "Hanum"}}
REPORTERS = {
    "supplement": {"title": "Lampu"},
    "reply": {"text": "Terima kasih"},
    "rate": {"score": 5},
    "withdraw": {"reason": "Selesai"},
    "reopen": {"reason": "Belum"},
}

pytestmark = [pytest.mark.process, pytest.mark.rabbitmq]


@pytest.fixture(scope="module")
def filed(installation: Installation) -> dict[str, Any]:
    """A complaint that somebody filed."""
    return installation.api.file(T, **COMPLAINT)


def _officers_doors(tenant: str, dossier: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        ("GET", f"/{tenant}/inbox", {}),
        ("GET", f"/{tenant}/dossiers/{dossier}", {}),
        ("POST", f"/{tenant}/dossiers/{dossier}/actions", {"json": ACTION}),
        ("GET", f"/{tenant}/clocks", {}),
        ("GET", f"/{tenant}/recap", {"params": {"month": "2026-10"}}),
    ]


def _bad_tokens(installation: Installation) -> dict[str, str | None]:
    good = installation.api.token(**COORDINATOR)
    head, claims, signature = good.split(".")
    other = {**jwt.decode(good, options={"verify_signature": False}), "admin": True}
    forged = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
    caller = Caller(**COORDINATOR)
    return {
        "none": None,
        "empty": "Bearer ",
        "another scheme": f"Basic {good}",
        "no token": "Bearer rubbish",
        "cut": f"Bearer {head}.{claims}.",
        "claims changed": f"Bearer {head}.{forged}.{signature}",
        "not signed": f"Bearer {jwt.encode(other, '', algorithm='none')}",
        "signed by another": f"Bearer {issue_token(bytes(32), caller)}",
        "expired": f"Bearer {issue_token(installation.api.token_key, caller, lifetime=timedelta(seconds=-1))}",
        "of an ended session": f"Bearer {issue_token(installation.api.token_key, caller, session=f'{uuid4()}:1')}",
    }


def test_no_door_opens_without_a_good_token(installation: Installation, filed: dict[str, Any]) -> None:
    """None, forged, changed, expired, ended: 401 at every officer's door, whatever stands behind it."""
    doors = [*_officers_doors(T, filed["id"]), *_officers_doors("bantul", filed["id"])]
    doors += [("POST", "/clock", {"json": {"advance": "PT0S"}})]
    for kind, value in _bad_tokens(installation).items():
        headers = {} if value is None else {"Authorization": value}
        for method, path, request in doors:
            answer = installation.api.call(method, path, headers=headers, **request)
            assert (401, "application/problem+json") == (answer.status_code, answer.headers["Content-Type"]), kind
            assert answer.headers["WWW-Authenticate"].startswith("Bearer"), kind


def test_a_bad_token_does_not_pass_for_none(installation: Installation) -> None:
    """The public may file without a token; who shows a bad one is told so, instead of being taken for the public."""
    for kind, value in _bad_tokens(installation).items():
        if value is not None:
            answer = installation.api.call("POST", f"/{T}/complaints", headers={"Authorization": value}, json=COMPLAINT)
            assert 401 == answer.status_code, kind


@pytest.mark.parametrize("home", TENANTS)
def test_a_token_is_good_at_home_only(installation: Installation, filed: dict[str, Any], home: str) -> None:
    """With one government's token every other government's doors stay shut, before anything is looked up."""
    who = officer(home, "coordinator")
    for tenant in TENANTS:
        for method, path, request in _officers_doors(tenant, filed["id"]):
            answer = installation.api.call(method, path, who, **request)
            refused = (answer.status_code, answer.json().get("code")) == (403, "wrong_tenant")
            assert refused == (tenant != home), (tenant, path)
        registered = installation.api.call("POST", f"/{tenant}/complaints", who, json=COMPLAINT)
        assert (201 if tenant == home else 403) == registered.status_code


def test_an_administrator_reads_and_does_not_act(installation: Installation, filed: dict[str, Any]) -> None:
    """Every government's lists and dossiers, and no action on any."""
    before = installation.api.dossier(T, filed["id"])["version"]
    for tenant in TENANTS:
        for method, path, request in _officers_doors(tenant, filed["id"]):
            answer = installation.api.call(method, path, ADMIN, **request)
            own = tenant == T or "dossiers" not in path
            if not own:
                assert 404 == answer.status_code, path
            elif method == "GET":
                assert 200 == answer.status_code, path
            else:
                assert (403, "admin_may_not_act") == (answer.status_code, answer.json()["code"]), path
    assert before == installation.api.dossier(T, filed["id"])["version"]
    assert 403 == installation.api.call("POST", "/clock", COORDINATOR, json={"advance": "PT0S"}).status_code


def test_a_ticket_that_is_not_yours_answers_as_none(installation: Installation, filed: dict[str, Any]) -> None:
    """Unknown, another government's, secret, erased, or with a wrong code: one and the same answer at every door."""
    ticket, code = filed["ticket"], filed["tracking_code"]
    secret = installation.api.file(T, **COMPLAINT, privacy="secret")
    erased = installation.api.file(T, **COMPLAINT)
    installation.aduan("erase", erased["ticket"], "--tenant", T, "--reason", "asked", "--yes")
    knocks = {
        "unknown": (T, "CLP-2026-999999", code),
        "no ticket at all": (T, "x", code),
        "another government's": ("bantul", ticket, code),
        "wrong code": (T, ticket, "WRONGCODE2"),
        "almost the code": (T, ticket, code[:-1]),
        "another's code": (T, ticket, secret["tracking_code"]),
        "no code": (T, ticket, None),
        "an empty code": (T, ticket, ""),
        "secret, wrong code": (T, secret["ticket"], "WRONGCODE2"),
        "erased, its own code": (T, erased["ticket"], erased["tracking_code"]),
        "erased, an empty code": (T, erased["ticket"], ""),
    }
    answers: dict[str, set[str]] = {}
    for tenant, asked, given in knocks.values():
        path = f"/{tenant}/complaints/{asked}"
        parameters = {} if given is None else {"code": given}
        answers.setdefault("GET", set()).add(_face(installation.api.call("GET", path, params=parameters)))
        for name, fields in REPORTERS.items():
            answer = installation.api.call("POST", f"{path}/{name}", params=parameters, json=fields)
            answers.setdefault(name, set()).add(_face(answer))

    assert {1} == {len(faces) for faces in answers.values()}, answers
    assert 1 == len({face for faces in answers.values() for face in faces})
    assert all('"status": 404' in face for faces in answers.values() for face in faces)
    assert installation.api.track(T, filed)["ticket"] == ticket


def test_no_officer_is_named_to_the_reporter(installation: Installation) -> None:
    """The public page tells of desks and agencies; names of accounts and words between desks stay inside."""
    receipt = installation.api.file(T, **COMPLAINT)
    for who, action, fields in (
        (COORDINATOR, "dispose", {"agency": "dpupr", "note": "catatan dalam"}),
        (officer(T, "operator", "dpupr"), "forward", {"note": "catatan dalam"}),
        (officer(T, "liaison", "dpupr"), "return", {"reason": "catatan dalam"}),
    ):
        answer = installation.api.act(who, receipt["id"], action, **fields)
        assert answer.ok or action == "return", answer.text
    seen = json.dumps(installation.api.track(T, receipt))

    assert "Dispositioned" in seen
    assert "-test" not in seen  # as the accounts of these officers end
    assert "catatan dalam" not in seen


def _face(answer: requests.Response) -> str:
    """All of an answer that somebody could learn from: but for what differs with every request."""
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    drop = {"x-request-id", "date"}
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in drop}
    return json.dumps([answer.status_code, body, headers], sort_keys=True)
