"""Two people make something public; notes stay among colleagues; nothing of the original goes out by itself."""

import json
from typing import Any
from uuid import uuid4

import pytest

from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.intake.reporter import track
from services.reporting.almanac import Almanac
from services.reporting.projection import RecapProjection
from services.reporting.published import published, published_one, to_publish
from services.routing import commands, queries
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.base.errors import AduanError, Conflict, Forbidden, Invalid, NotFound
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import DossierEvent
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import CAUSE, Office

TENANTS = ("cilacap", "bantul", "majalengka", "trenggalek", "cirebon")
MESSAGE = "Sumur di belakang rumah saya berbau solar"
ANSWER = "Kepada Ibu Siti Rahayu: sumur Ibu sudah kami periksa"
SUMMARY = "Sumur warga tercemar; sudah diperiksa."
NOTE = "Pelapor galak, hati-hati"
REPORTER = {"name": "Siti Rahayu", "address": "RT 02 Gang Kenari", "phone": "081398765432"}
ADMIN = Caller(tenant="*", actor="admin", user="chief", admin=True)


def coordinator(tenant: str, user: str = "ketua") -> Caller:
    """A coordinator with an account of their own."""
    return Caller(tenant, "coordinator", None, user)


def answered(office: Office, tenant: str = "cilacap", **fields: Any) -> Receipt:
    """A complaint that has its final answer."""
    place = {"kecamatan": "Kesugihan", "desa": "Kalisabuk"} if tenant == "cilacap" else {}
    whole = {"reporter": REPORTER, "message": MESSAGE, "location": place, **fields}
    receipt = office.file(tenant, **whole)
    office.run_system(receipt)
    if office.load(receipt.id).agency is not None:
        office.act(receipt, "coordinator", "recall", reason="Langsung kami jawab")
    if tenant != "majalengka":
        if office.load(receipt.id).step == "register":
            office.act(receipt, "coordinator", "forward")
        office.act(receipt, "coordinator", "transfer", to="BBPJN", reason="Kewenangan balai")
    office.act(receipt, "coordinator", "answer", text=ANSWER)
    office.run_system(receipt)
    return receipt


def do(office: Office, receipt: Receipt, who: Caller, action: str, **fields: Any) -> int:
    """Do it; returns the version after it."""
    done = commands.act(office.runtime, who, who.tenant, receipt.id, action, fields, CAUSE)
    return done.dossier.version


def both(office: Office, receipt: Receipt, tenant: str = "cilacap", **fields: Any) -> None:
    """One writes, another publishes."""
    version = do(office, receipt, coordinator(tenant, "juru"), "write_summary", summary=SUMMARY, **fields)
    do(office, receipt, coordinator(tenant), "publish_summary", summary_version=version)
    project(office)


def project(office: Office) -> None:
    """The tables hear of what happened."""
    apply_batch(office.runtime.database, RecapProjection(Almanac(office.runtime.tenants)), decode, office.news())


def public(office: Office, tenant: str = "cilacap", **wanted: Any) -> list[str]:
    """The tickets that everybody may read."""
    return [item["ticket"] for item in published(office.runtime, tenant, wanted)["items"]]


@pytest.mark.parametrize("tenant", TENANTS)
def test_one_writes_and_another_publishes(office: Office, tenant: str) -> None:
    """In every procedure; before that nobody reads anything, and then what was written for them, by days and names."""
    receipt = answered(office, tenant)
    version = do(office, receipt, coordinator(tenant, "juru"), "write_summary", summary=SUMMARY)
    project(office)
    assert ([], "written") == (
        public(office, tenant),
        to_publish(office.runtime, ADMIN, tenant)["items"][0]["publication"],
    )

    do(office, receipt, coordinator(tenant), "publish_summary", summary_version=version)
    project(office)

    item = published_one(office.runtime, tenant, receipt.ticket)
    told = json.dumps([item, published(office.runtime, tenant, {})], default=str)
    assert (SUMMARY, None, 0) == (item["summary"], item["public_answer"], item["days"])
    assert [] == [word for word in (MESSAGE, ANSWER, *REPORTER.values(), "T0", "juru") if word in told]
    assert [] == to_publish(office.runtime, ADMIN, tenant)["items"]


def test_nobody_publishes_their_own_words(office: Office) -> None:
    """Nor another text than the one that they looked at."""
    receipt = answered(office)
    first = do(office, receipt, coordinator("cilacap"), "write_summary", summary=SUMMARY)
    with pytest.raises(Conflict) as own:
        do(office, receipt, coordinator("cilacap"), "publish_summary", summary_version=first)
    second = do(office, receipt, coordinator("cilacap", "juru"), "write_summary", summary="Lain lagi")
    with pytest.raises(Conflict) as other:
        do(office, receipt, coordinator("cilacap"), "publish_summary", summary_version=first)
    do(office, receipt, coordinator("cilacap"), "publish_summary", summary_version=second)

    assert ("needs_two_people", "moved_on") == (own.value.code, other.value.code)
    assert second + 1 == office.load(receipt.id).published


@pytest.mark.parametrize(
    ("who", "action", "refused"),
    [
        (Caller("cilacap", "operator", "dpupr", "o"), "write_summary", Forbidden),
        (Caller("cilacap", "operator", "dpupr", "o"), "leave_note", Forbidden),
        (Caller("cilacap", "reporter", None, "r"), "leave_note", Forbidden),
        (Caller("cilacap", "system", None, "s"), "write_summary", Forbidden),
        (Caller("cilacap", "nobody", None, "n"), "leave_note", Forbidden),
        (Caller("bantul", "coordinator", None, "b"), "publish_summary", AduanError),
        (ADMIN, "publish_summary", AduanError),
        (ADMIN, "leave_note", AduanError),
        (coordinator("cilacap"), "withdraw_summary", Conflict),
        (coordinator("cilacap"), "give_back_summary", Conflict),
        (coordinator("cilacap"), "publish_summary", Conflict),
    ],
)
def test_who_may_not_does_not(office: Office, who: Caller, action: str, refused: type[AduanError]) -> None:
    """Another agency, another government, administrators, reporters and the system; and nothing that is not there."""
    receipt = answered(office)
    fields = {"summary": SUMMARY, "note": NOTE, "reason": "x", "summary_version": 1}
    wanted = {"write_summary": ("summary",), "leave_note": ("note",), "withdraw_summary": ("reason",)}
    given = {name: fields[name] for name in wanted.get(action, ("summary_version",))}
    before = office.types(receipt.id)
    with pytest.raises(refused):
        commands.act(office.runtime, who, "cilacap", receipt.id, action, given, CAUSE)

    assert before == office.types(receipt.id)


def test_the_office_that_answers_writes_and_does_not_publish(office: Office) -> None:
    """It knows the matter; whoever runs the procedure decides."""
    receipt = office.file(reporter=REPORTER, message=MESSAGE)
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    who = Caller("cilacap", "operator", "dpupr", "budi")
    with pytest.raises(Conflict) as early:
        do(office, receipt, who, "write_summary", summary=SUMMARY)
    seen = queries.dossier(office.runtime, who, "cilacap", receipt.id)

    assert "never_public" == early.value.code
    assert ["leave_note"] == [each["action"] for each in seen["beside"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NIK 3301012345678901 tercantum", "holds_a_number"),
        ("NIK 3301 0123 4567 8901", "holds_a_number"),
        ("hubungi 0813-9876-5432", "holds_a_number"),
        ("hubungi +62 813 9876 5432", "holds_a_number"),
        ("surel siti@contoh.id", "holds_a_number"),
        ("Ibu siti   rahayu mengeluh", "names_the_reporter"),
        ("rumah di RT 02, Gang Kenari", "names_the_reporter"),
    ],
)
def test_a_text_that_points_at_somebody_is_refused(office: Office, text: str, code: str) -> None:
    """In the summary as in the answer, naming the field; nothing is recorded."""
    receipt = answered(office)
    with pytest.raises(Invalid) as in_summary:
        do(office, receipt, coordinator("cilacap"), "write_summary", summary=text)
    with pytest.raises(Invalid) as in_answer:
        do(office, receipt, coordinator("cilacap"), "write_summary", summary=SUMMARY, public_answer=text)

    assert {"summary": [code]} == in_summary.value.fields
    assert {"public_answer": [code]} == in_answer.value.fields
    assert "SummaryWritten" not in office.types(receipt.id)


def test_an_agency_cannot_guess_an_unnamed_reporter(office: Office) -> None:
    """What it writes is taken, whoever it names; whoever publishes knows the name, and is told."""
    receipt = office.file(reporter=REPORTER, message=MESSAGE, privacy="anonymous")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    while office.load(receipt.id).status == "in_progress":
        dossier = office.load(receipt.id)
        step = office.sop_of(dossier).step(str(dossier.step))
        names = [each.name for each in step.actions]
        name = next(each for each in ("answer", "approve", "forward") if each in names)
        office.act(receipt, step.actor, name, **({"text": ANSWER} if name == "answer" else {}))
    agency = Caller("cilacap", "operator", "dpupr", "budi")
    version = do(office, receipt, agency, "write_summary", summary="Ibu Siti Rahayu mengeluh")
    with pytest.raises(Invalid) as refused:
        do(office, receipt, coordinator("cilacap"), "publish_summary", summary_version=version)

    assert {"summary": ["names_the_reporter"]} == refused.value.fields


def test_given_back_and_withdrawn(office: Office) -> None:
    """With a reason each, which colleagues read and nobody else; then it can be written anew."""
    receipt = answered(office)
    version = do(office, receipt, coordinator("cilacap", "juru"), "write_summary", summary=SUMMARY)
    do(office, receipt, coordinator("cilacap"), "give_back_summary", summary_version=version, reason="Terlalu rinci")
    project(office)
    states = [to_publish(office.runtime, ADMIN, "cilacap")["items"][0]["publication"]]
    both(office, receipt, public_answer="Sumur aman.")
    seen = published_one(office.runtime, "cilacap", receipt.ticket)
    do(office, receipt, coordinator("cilacap"), "withdraw_summary", reason="Pelapor keberatan")
    project(office)
    states.append(to_publish(office.runtime, ADMIN, "cilacap")["items"][0]["publication"])

    assert ["given_back", "withdrawn"] == states
    assert "Sumur aman." == seen["public_answer"]
    assert [] == public(office)


def test_a_reporter_is_told_that_it_is_public_only_while_it_is(office: Office) -> None:
    """Of what they take back nothing is public, and they are led to no page that is not there."""
    receipt = answered(office)
    both(office, receipt)

    def told() -> tuple[bool, bool]:
        project(office)
        shown = track(office.runtime, "cilacap", receipt.ticket, receipt.tracking_code)["published"]
        return shown, bool(public(office))

    seen = [told()]
    office.say(receipt, "reopen", reason="Masih bau")
    seen.append(told())
    office.say(receipt, "withdraw", reason="Kami gali sumur lain")
    seen.append(told())
    office.act(receipt, "coordinator", "reinstate", reason="Tetangga juga mengadu")
    seen.append(told())

    assert [(True, True), (True, True), (False, False), (True, True)] == seen


def test_what_waits_is_read_page_by_page(office: Office) -> None:
    """Each once, by what is to be done with it: written summaries, those given back, then what nobody has written."""
    receipts = [answered(office) for _ in range(5)]
    versions = [do(office, each, coordinator("cilacap", "juru"), "write_summary", summary=SUMMARY) for each in receipts]
    for receipt, version in list(zip(receipts, versions, strict=True))[3:]:
        do(office, receipt, coordinator("cilacap"), "give_back_summary", summary_version=version, reason="Rinci")
    unwritten = [answered(office) for _ in range(2)]
    project(office)
    seen: list[tuple[str, str]] = []
    pages, after = 0, None
    while pages == 0 or after:
        page = to_publish(office.runtime, ADMIN, "cilacap", 2, after)
        seen += [(item["ticket"], item["publication"]) for item in page["items"]]
        pages, after = pages + 1, page["next"]

    assert 4 == pages
    assert ["written"] * 3 + ["given_back"] * 2 + ["unwritten"] * 2 == [state for _, state in seen]
    assert sorted(each.ticket for each in (*receipts, *unwritten)) == sorted(ticket for ticket, _ in seen)


def test_a_secret_complaint_is_never_public(office: Office) -> None:
    """Neither filed so, nor once its reporter asks for it."""
    receipt = answered(office, privacy="secret")
    with pytest.raises(Conflict) as refused:
        do(office, receipt, coordinator("cilacap"), "write_summary", summary=SUMMARY)
    project(office)

    assert "never_public" == refused.value.code
    assert [] == to_publish(office.runtime, ADMIN, "cilacap")["items"]


def test_an_erasure_takes_it_from_the_public(office: Office) -> None:
    """The key is gone, and with it the summary; the address is as if there had never been one."""
    receipt = answered(office)
    both(office, receipt)
    assert [receipt.ticket] == public(office)
    erase(office.runtime, ADMIN, "cilacap", receipt.ticket, "asked", CAUSE)

    assert [] == public(office)
    project(office)
    assert [] == public(office)
    with pytest.raises(NotFound):
        published_one(office.runtime, "cilacap", receipt.ticket)


def test_what_is_public_is_found_by_names_of_the_lists_only(office: Office) -> None:
    """By sub-district, category, office and month; a word that is no entry finds nothing."""
    receipt = answered(office)
    both(office, receipt)

    assert [receipt.ticket] == public(office, kecamatan="kesugihan", month="2026-10")
    for name in ("kecamatan", "category", "agency", "desa_"):
        with pytest.raises(Invalid) as refused:
            public(office, **{name: "Siti Rahayu"})
        assert {name} == set(refused.value.fields)
    assert [] == public(office, month="2026-09")
    assert [[receipt.ticket], []] == [
        public(office, status=each) for each in (office.load(receipt.id).status, "closed")
    ]
    with pytest.raises(Invalid) as hidden:
        public(office, status="withdrawn")
    assert {"status"} == set(hidden.value.fields)
    assert [{"id": "Kesugihan", "name": "Kesugihan", "filed": 1}] == published(office.runtime, "cilacap", {})[
        "by_kecamatan"
    ]


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_note_is_for_colleagues(office: Office, tenant: str) -> None:
    """At any time, after the end too; sealed, in no reporter's page, and it moves nothing."""
    receipt = answered(office, tenant)
    before = office.load(receipt.id)
    do(office, receipt, coordinator(tenant), "leave_note", note=NOTE)
    after = office.load(receipt.id)
    told = track(office.runtime, tenant, receipt.ticket, receipt.tracking_code)
    seen = queries.dossier(office.runtime, coordinator(tenant), tenant, receipt.id)
    stored = office.history(receipt.id)[-1]

    assert (before.status, before.step, before.due_at) == (after.status, after.step, after.due_at)
    assert NOTE == seen["timeline"][-1]["note"]
    assert NOTE not in json.dumps(told, default=str)
    assert "Noted" not in [each["event"] for each in told["timeline"]]
    assert isinstance(stored, DossierEvent)
    assert NOTE not in str(stored)


def test_the_same_note_sent_twice_is_one(office: Office) -> None:
    """A double tap, known by its key."""
    receipt = answered(office)
    cause = Cause(correlation_id="test", causation_id=f"request:{uuid4()}")
    who = coordinator("cilacap")
    for _ in range(2):
        commands.act(office.runtime, who, "cilacap", receipt.id, "leave_note", {"note": NOTE}, cause)

    assert 1 == office.types(receipt.id).count("Noted")
