"""What officers may do over HTTP, and who is kept out at the door."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.shapes import ClocksShape, DossierAfterShape, DossierShape, InboxShape, RecapShape
from shared.application.identity.tokens import issue_token
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, Invalid
from tests.portal.conftest import Bearer
from tests.portal.memory_gateway import MemoryGateway

_HERE = "/api/v1/cilacap"
_CLOSED = [
    ("GET", f"{_HERE}/inbox"),
    ("GET", f"{_HERE}/dossiers/0b8e1f5c-0f6e-4a53-9d2a-0a36a6f5a001"),
    ("GET", f"{_HERE}/dossiers/0b8e1f5c-0f6e-4a53-9d2a-0a36a6f5a001/suggestions"),
    ("POST", f"{_HERE}/dossiers/0b8e1f5c-0f6e-4a53-9d2a-0a36a6f5a001/actions"),
    ("GET", f"{_HERE}/clocks"),
    ("GET", f"{_HERE}/recap?month=2026-10"),
]


@pytest.fixture
def filed(client: FlaskClient) -> dict[str, str]:
    """A complaint's receipt."""
    response = client.post(f"{_HERE}/complaints", json={"message": "Jalan rusak"})
    return response.json or {}


@pytest.mark.parametrize(("method", "address"), _CLOSED)
def test_nobody_gets_in_without_a_token(client: FlaskClient, method: str, address: str) -> None:
    """Without a token, or with one that is not ours, every officers' page is 401 and says how to log in."""
    for headers in ({}, {"Authorization": "Basic c2l0aTp4"}, {"Authorization": "Bearer"}):
        response = client.open(address, method=method, headers=headers)

        assert (401, "token_needed") == (response.status_code, (response.json or {})["code"])
        assert 'Bearer realm="aduan"' == response.headers["WWW-Authenticate"]
        assert "application/problem+json" == response.content_type

    response = client.open(address, method=method, headers={"Authorization": "Bearer nonsense"})

    assert (401, "bad_token") == (response.status_code, (response.json or {})["code"])
    assert 'Bearer realm="aduan", error="invalid_token"' == response.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("method", "address"), _CLOSED)
def test_another_tenants_officer_stays_outside(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, method: str, address: str
) -> None:
    """A token opens its own tenant only, whatever else is wrong with the request."""
    response = client.open(address, method=method, headers=bearer("coordinator", tenant="bantul"))

    assert (403, "wrong_tenant") == (response.status_code, (response.json or {})["code"])
    assert [] == gateway.asked


def test_an_expired_token(client: FlaskClient, runtime: Runtime) -> None:
    """A token that has expired says so."""
    who = Caller(tenant="cilacap", actor="coordinator")
    token = issue_token(runtime.settings.token_key, who, lifetime=timedelta(seconds=-1))

    response = client.get(f"{_HERE}/inbox", headers={"Authorization": f"Bearer {token}"})

    assert (401, "token_expired") == (response.status_code, (response.json or {})["code"])


def test_an_unknown_tenant_is_not_found(client: FlaskClient, bearer: Bearer) -> None:
    """A government that is not here is 404 for whoever has a token."""
    assert 404 == client.get("/api/v1/atlantis/inbox", headers=bearer(admin=True)).status_code


def test_an_agencys_inbox_is_its_own(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, agencies: tuple[str, str]
) -> None:
    """An agency's officer sees their own inbox by default, a colleague's on request, another agency's never."""
    own, other = agencies
    headers = bearer("operator", own)

    plain = client.get(f"{_HERE}/inbox", headers=headers)
    asked = [gateway.last("inbox")]
    client.get(f"{_HERE}/inbox?agency={own}&actor=liaison", headers=headers)
    asked.append(gateway.last("inbox"))
    refused = client.get(f"{_HERE}/inbox?agency={other}", headers=headers)

    assert {} == InboxShape().validate(plain.json or {})
    assert [(own, "operator"), (own, "liaison")] == [(each["agency"], each["actor"]) for each in asked]
    assert (403, "wrong_agency") == (refused.status_code, (refused.json or {})["code"])


def test_the_coordinator_sees_every_inbox_of_the_tenant(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, agencies: tuple[str, str]
) -> None:
    """An officer of the tenant sees their own inbox by default, and any agency's on request."""
    client.get(f"{_HERE}/inbox", headers=bearer("coordinator"))
    own = gateway.last("inbox")
    client.get(f"{_HERE}/inbox?agency={agencies[1]}", headers=bearer("coordinator"))
    agencys = gateway.last("inbox")

    assert [(None, "coordinator"), (agencies[1], None)] == [(each["agency"], each["actor"]) for each in (own, agencys)]


def test_an_administrator_reads_everything(client: FlaskClient, gateway: MemoryGateway, bearer: Bearer) -> None:
    """An administrator's inbox is everybody's, in every tenant."""
    response = client.get(f"{_HERE}/inbox", headers=bearer(admin=True))

    assert 200 == response.status_code
    assert (None, None, True) == (
        gateway.last("inbox")["agency"],
        gateway.last("inbox")["actor"],
        gateway.last("inbox")["caller"].admin,
    )


@pytest.mark.parametrize("actor", ["reporter", "system", "mayor"])
def test_who_has_no_inbox(client: FlaskClient, bearer: Bearer, actor: str) -> None:
    """A reporter, the system and a role that the SOP does not know have no inbox."""
    response = client.get(f"{_HERE}/inbox", headers=bearer(actor))

    assert (403, "wrong_actor") == (response.status_code, (response.json or {})["code"])


def test_an_inbox_is_paged(client: FlaskClient, gateway: MemoryGateway, bearer: Bearer) -> None:
    """Cursor, page size and position go to the service as they are."""
    client.get(f"{_HERE}/inbox?after=abc&limit=7&min_position=12", headers=bearer())

    asked = gateway.last("inbox")

    assert ("abc", 7, 12) == (asked["after"], asked["limit"], asked["min_position"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("limit=201", "limit"),
        ("min_position=-1", "min_position"),
        ("agency=atlantis", "agency"),
        ("actor=none", "actor"),
        ("actor=reporter", "actor"),
        ("aktor=operator", "aktor"),
        ("limit=5&limit=6", "limit"),
        ("after=%00", "after"),
    ],
)
def test_a_query_that_means_nothing(client: FlaskClient, bearer: Bearer, query: str, field: str) -> None:
    """A query that cannot be meant is 422 by its name, never a guess."""
    response = client.get(f"{_HERE}/inbox?{query}", headers=bearer())

    assert (422, [field]) == (response.status_code, list((response.json or {}).get("errors", {})))


@pytest.mark.parametrize("actor", ["none", "reporter", "system"])
def test_whose_inbox_there_is(client: FlaskClient, bearer: Bearer, actor: str) -> None:
    """Who asks for an inbox that nobody has is told whose there are; in any letters it is the role's own word."""
    refused = client.get(f"{_HERE}/inbox?actor={actor}", headers=bearer())
    given = client.get(f"{_HERE}/inbox?agency=DPUPR&actor=Operator", headers=bearer())

    assert "coordinator, operator, liaison, head" in (refused.json or {})["errors"]["actor"][0]
    assert 200 == given.status_code


@pytest.mark.parametrize(
    "address",
    [
        f"{_HERE}/inbox",
        f"{_HERE}/clocks",
        f"{_HERE}/recap?month=2026-10",
        f"{_HERE}/recaps",
        f"{_HERE}/recaps/2026-10",
        f"{_HERE}/register?month=2026-10",
        f"{_HERE}/dossiers",
        f"{_HERE}/dossiers/CLP-2026-000001",
        f"{_HERE}/complaints/CLP-2026-000001",
        "/api/v1/sops",
        "/api/v1/sops/cilacap",
    ],
)
def test_a_name_that_no_query_has(client: FlaskClient, bearer: Bearer, address: str) -> None:
    """A mistyped filter would find everything: on every list, and wherever something is read, it is told."""
    joined = f"{address}{'&' if '?' in address else '?'}agencies=dpupr"
    response = client.get(joined, headers=bearer())

    assert (422, ["agencies"]) == (response.status_code, list((response.json or {})["errors"]))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"action": "return", "reason": "a", "reason": "b"}', "reason"),
        ('{"action": "return", "action": "dispose"}', "action"),
        ('{"action": "supplement", "reporter": {"name": "a", "name": "b"}}', "reporter.name"),
        ('{"action": "x", "Siti Rahayu": 1, "Siti Rahayu": 2}', "body"),
    ],
)
def test_a_field_given_twice(client: FlaskClient, bearer: Bearer, body: str, field: str) -> None:
    """A parser would keep the last of them and lose the first in silence."""
    for address in (f"{_HERE}/dossiers/0b8e1f5c-0f6e-4a53-9d2a-0a36a6f5a001/actions", f"{_HERE}/complaints"):
        response = client.post(address, data=body, content_type="application/json", headers=bearer())

        assert (422, [field]) == (response.status_code, list((response.json or {})["errors"]))


def test_reading_a_dossier(client: FlaskClient, bearer: Bearer, filed: dict[str, str]) -> None:
    """A dossier is found by its id and by the ticket that people quote."""
    by_id = client.get(f"{_HERE}/dossiers/{filed['id']}", headers=bearer())
    by_ticket = client.get(f"{_HERE}/dossiers/{filed['ticket']}", headers=bearer())

    assert 200 == by_id.status_code
    assert {} == DossierShape().validate(by_id.json or {})
    assert by_id.json == by_ticket.json


@pytest.mark.parametrize("name", ["CLP-2026-999999", "0b8e1f5c-0f6e-4a53-9d2a-0a36a6f5a001", "%00", "..", "æ"])
def test_an_unknown_dossier(client: FlaskClient, bearer: Bearer, name: str) -> None:
    """Whatever its name, a dossier that is not there is 404 in the same words."""
    response = client.get(f"{_HERE}/dossiers/{name}", headers=bearer())

    assert (404, "unknown_dossier") == (response.status_code, (response.json or {})["code"])


def test_acting(client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, filed: dict[str, str]) -> None:
    """An action goes to the service with its own fields, the version it was decided on, and who acts."""
    response = client.post(
        f"{_HERE}/dossiers/{filed['id']}/actions",
        json={"action": "dispose", "agency": " dpupr ", "note": "", "version": 1, "kelurahan": "Slarang"},
        headers=bearer("coordinator"),
    )
    asked = gateway.last("act")

    assert 200 == response.status_code
    assert {} == DossierAfterShape().validate(response.json or {})
    assert ("dispose", {"agency": "dpupr", "kelurahan": "Slarang"}, 1) == (
        asked["action"],
        asked["fields"],
        asked["version"],
    )
    assert ("coordinator", response.headers["X-Request-ID"]) == (asked["caller"].actor, asked["correlation_id"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["action"]),
        ({"action": ""}, ["action"]),
        ({"action": "return", "reason": 5}, ["reason"]),
        ({"action": "return", "version": "1"}, ["version"]),
        ({"action": "return", "version": 0}, ["version"]),
        ({"action": "return", "kelurahan": {"a": 1}}, ["kelurahan"]),
        ({"action": "return", "agency": "x\ud800"}, ["agency"]),
        ({"action": "grant_leave", "asked": 1.5}, ["asked"]),
        ({"action": "grant_leave", "asked": float("inf"), "of": float("nan")}, ["asked", "of"]),
    ],
)
def test_an_action_that_is_none(
    client: FlaskClient, bearer: Bearer, filed: dict[str, str], body: dict[str, object], fields: list[str]
) -> None:
    """What cannot be an action is 422 by field, before a service is asked."""
    response = client.post(f"{_HERE}/dossiers/{filed['id']}/actions", json=body, headers=bearer())

    assert (422, fields) == (response.status_code, list((response.json or {}).get("errors", {})))


@pytest.mark.parametrize("name", ["note", "reason", "response", "text", "summary", "public_answer", "to", "kelurahan"])
def test_what_an_officer_pastes_is_taken(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, filed: dict[str, str], name: str
) -> None:
    """Signs that word processors, tables and PDF readers leave in a text become blanks, as in what reporters write."""
    body = {"action": "answer", name: "Jalan\u000bsudah\u000cbaik\u0000kembali"}
    response = client.post(f"{_HERE}/dossiers/{filed['id']}/actions", json=body, headers=bearer("coordinator"))

    assert (200, "Jalan sudah baik kembali") == (response.status_code, gateway.last("act")["fields"][name])


@pytest.mark.parametrize("score", [4, 1.0, [], {}])
def test_a_score_of_any_kind_is_the_services_to_judge(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, filed: dict[str, str], score: object
) -> None:
    """It knows that a score is a whole number; the portal would call for a text, and the text be refused then."""
    client.post(f"{_HERE}/dossiers/{filed['id']}/actions", json={"action": "rate", "score": score}, headers=bearer())

    assert {"score": score} == gateway.last("act")["fields"]


def test_a_mistyped_filter_does_not_find_everything(client: FlaskClient, bearer: Bearer) -> None:
    """A search by a field that there is not is refused by its name."""
    response = client.get(f"{_HERE}/dossiers?stauts=closed", headers=bearer())

    assert (422, ["stauts"]) == (response.status_code, list((response.json or {}).get("errors", {})))


@pytest.mark.parametrize("into", ["x", "CLP-2026-999999"])
def test_a_ticket_of_none_is_left_to_the_service(
    client: FlaskClient, gateway: MemoryGateway, bearer: Bearer, filed: dict[str, str], into: str
) -> None:
    """Whether the officer may merge at all is asked first."""
    body = {"action": "merge", "into": into, "reason": "sama"}
    client.post(f"{_HERE}/dossiers/{filed['id']}/actions", json=body, headers=bearer("operator", agency="dpupr"))

    name, asked = gateway.asked[-1]
    assert ("act", into) == (name, asked["fields"]["into"])


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Forbidden("wrong_agency"), 403),
        (Forbidden("wrong_actor"), 403),
        (Conflict("not_allowed_here", {"action": "answer", "allowed": "dispose"}), 409),
        (Conflict("moved_on", {"version": 3}), 409),
        (Invalid("invalid_fields", fields={"reason": ["required"]}), 422),
    ],
)
def test_what_a_service_forbids(
    client: FlaskClient,
    gateway: MemoryGateway,
    bearer: Bearer,
    filed: dict[str, str],
    refusal: Forbidden | Conflict | Invalid,
    status: int,
) -> None:
    """A service's refusal keeps its status, code and fields."""
    gateway.refusal = refusal
    response = client.post(f"{_HERE}/dossiers/{filed['id']}/actions", json={"action": "return"}, headers=bearer())

    assert (status, refusal.code, list(refusal.fields)) == (
        response.status_code,
        (response.json or {})["code"],
        list((response.json or {}).get("errors", {})),
    )


def test_clocks_and_recap(client: FlaskClient, gateway: MemoryGateway, bearer: Bearer) -> None:
    """Clocks are asked for by state, a recap by month."""
    clocks = client.get(f"{_HERE}/clocks?state=running,breached&limit=3", headers=bearer())
    recap = client.get(f"{_HERE}/recap?month=2026-10&min_position=4", headers=bearer())

    assert {} == ClocksShape().validate(clocks.json or {})
    assert {} == RecapShape().validate(recap.json or {})
    assert (["running", "breached"], 3) == (gateway.last("clocks")["states"], gateway.last("clocks")["limit"])
    assert ("2026-10", 4) == (gateway.last("recap")["month"], gateway.last("recap")["min_position"])


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-1", "oktober", "2026-10-01"])
def test_a_recap_is_of_a_month(client: FlaskClient, bearer: Bearer, month: str) -> None:
    """What is no month is 422."""
    response = client.get(f"{_HERE}/recap?month={month}", headers=bearer())

    assert (422, ["month"]) == (response.status_code, list((response.json or {}).get("errors", {})))
