"""Documents are made from templates, numbered and dated, and say of a reporter no more than may be known."""

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pikepdf
import pytest

from services.intake.filing import Submission, file
from services.intake.receipts import Receipt
from services.intake.reporter import track
from services.routing import documents, files
from services.routing.service import RoutingService
from shared.application.files import handing
from shared.base.caller import Caller
from shared.base.errors import Conflict, Forbidden, Invalid, NotFound
from shared.base.present_call import set_call
from shared.domain.complaint.schema import load_submission
from shared.domain.documents.forms import KINDS, forms_of
from shared.domain.documents.sample import SAMPLE
from shared.domain.documents.setting import set_document
from shared.domain.documents.values import About, values_of
from shared.domain.dossier.contents import tracking_code_of
from shared.domain.tenants import load_tenant
from shared.platform.settings import PROJECT
from shared.wording.yaml_lines import FileError
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")
OPERATOR = Caller(T, "operator", "dpupr", user="operator-1")


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    """An installation with a folder for files."""
    office.keep_files_in(tmp_path / "files")
    return office


def disposed(office: Office, **fields: Any) -> Receipt:
    """A complaint before an agency's operator."""
    receipt = office.file(T, message="Jalan rusak #set page(width: 1pt)\n$sum_1^n$", **fields)
    office.act(receipt, "coordinator", "dispose", agency="dpupr", note="Segera ditindaklanjuti")
    return receipt


def make(office: Office, receipt: Receipt, who: Caller, kind: str, **fields: Any) -> dict[str, Any]:
    """Have a document made."""
    return documents.make(office.runtime, who, T, receipt.id, {"kind": kind, **fields}, CAUSE)


def content(office: Office, receipt: Receipt, who: Caller, file: str) -> bytes:
    """A file's bytes."""
    handed = files.hand(office.runtime, who, T, receipt.id, file)
    return b"".join(handing.content(office.runtime.files, handed))


def about(office: Office, receipt: Receipt, **more: Any) -> About:
    """What a document of a dossier is made of."""
    dossier, events = office.runtime.dossiers("routing").open(receipt.id)
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    assert key is not None
    return About(
        dossier=dossier,
        events=events,
        tenant=office.runtime.tenants.get(T),
        key=key,
        now=office.time.now(),
        signer="Admin Utama",
        number="ND/1",
        portal="https://laporbup.example/",
        **more,
    )


@pytest.mark.parametrize("kind", ["nota_dinas", "disposition_sheet"])
def test_a_document_becomes_a_file_of_the_dossier(office: Office, kind: str) -> None:
    """Numbered by the pattern, named for what it is, in one page, and read as any file."""
    receipt = disposed(office)
    made = make(office, receipt, OPERATOR, kind, note="Mohon petunjuk")
    office.later(minutes=1)
    again = make(office, receipt, OPERATOR, kind)
    prefix = {"nota_dinas": "ND", "disposition_sheet": "DISP"}[kind]
    with pikepdf.open(io.BytesIO(content(office, receipt, OPERATOR, made["id"]))) as opened:
        pages, title = len(opened.pages), str(opened.docinfo["/Title"])

    assert [f"{prefix}/{n}/{receipt.ticket}/X/2026" for n in (1, 2)] == [made["number"], again["number"]]
    assert (kind, "application/pdf", 1) == (made["kind"], made["media_type"], pages)
    assert title.endswith(made["number"])
    assert ["FileAdded", "FileAdded"] == office.types(receipt.id)[-2:]


def test_the_same_dossier_at_the_same_instant_gives_the_same_bytes(office: Office) -> None:
    """Dates come from the clock, fonts from the typesetter, and nothing from this machine."""
    receipt = disposed(office)
    forms = forms_of(office.runtime.tenants.get(T))
    for kind in KINDS:
        first, second = (set_document(forms, kind, about(office, receipt, code="K-1")) for _ in range(2))

        assert first == second


def test_a_receipt_that_two_instances_make_for_one_call_bears_one_code(office: Office) -> None:
    """A call whose connection broke may reach another instance: the code on either paper is the one that holds."""
    receipt, desk = disposed(office), cast("Any", RoutingService())
    desk.runtime = office.runtime
    fields = {"kind": "receipt", "via": "counter", "code": "new"}

    def told(call_id: str) -> str:
        set_call(call_id)
        try:
            return str(desk.document(T, str(receipt.id), fields, COORDINATOR.to_dict())["tracking_code"])
        finally:
            set_call(None)

    first, copy = told("c1"), told("c1")

    assert first == copy
    assert first != told("c2")
    assert 2 == office.types(receipt.id).count("CodeRenewed")


def test_a_request_that_comes_again_makes_no_second_document(office: Office) -> None:
    """By its key it is answered with the one that it made; the same key for another paper is refused."""
    receipt, desk = disposed(office), cast("Any", RoutingService())
    desk.runtime = office.runtime

    def asked(key: str, kind: str = "nota_dinas") -> Any:
        return desk.document(T, str(receipt.id), {"kind": kind}, OPERATOR.to_dict(), key=key)

    first = asked("k1")
    office.later(minutes=1)
    again, other = asked("k1"), asked("k2")
    with pytest.raises(Invalid, match="key_reused"):
        asked("k1", "disposition_sheet")

    assert first == again
    assert first["number"] != other["number"]
    assert 2 == office.types(receipt.id).count("FileAdded")


def test_what_people_write_is_no_command_of_the_typesetter(office: Office) -> None:
    """Markup in a message stays what it is: letters on an A4 page."""
    receipt = disposed(office)
    made = make(office, receipt, OPERATOR, "nota_dinas", note='#panic("x") ] \\ $ _ * @ <a>')
    with pikepdf.open(io.BytesIO(content(office, receipt, OPERATOR, made["id"]))) as opened:
        width = float(opened.pages[0].MediaBox[2])

    assert 595 == int(width)


def test_a_document_says_what_its_reader_needs(office: Office) -> None:
    """In Indonesian words and in the government's own time."""
    receipt = disposed(office, title="Jalan berlubang")
    said = values_of(about(office, receipt, code="KODE-1"))

    assert ("Kabupaten Cilacap", "5 Oktober 2026", "5 Oktober 2026 pukul 08.00 WIB") == (
        said["government"],
        said["date"],
        said["filed"],
    )
    assert ("Dinas Pekerjaan Umum dan Penataan Ruang", "Segera ditindaklanjuti", "Siti", "Hanum") == tuple(
        said[name] for name in ("recipient", "instruction", "reporter", "location")
    )
    assert f"https://laporbup.example/cilacap/lacak/{receipt.ticket}" == said["link"]
    assert f"{said['link']}#KODE-1" == about(office, receipt, code="KODE-1").link


@pytest.mark.parametrize("privacy", ["anonymous", "secret"])
def test_a_reporter_who_would_not_be_known_is_named_nowhere(office: Office, privacy: str) -> None:
    """Documents go from hand to hand."""
    receipt = disposed(office, privacy=privacy)
    said = values_of(about(office, receipt))

    assert "Siti" not in str(said)
    assert f"Pelapor aduan {receipt.ticket}" == said["addressee"]


def test_a_letter_conveys_the_answer_that_was_written(office: Office) -> None:
    """The draft until it is given, then the answer; none without either."""
    receipt = disposed(office)
    with pytest.raises(Conflict, match="no_answer_yet"):
        make(office, receipt, OPERATOR, "answer_letter")
    office.act(receipt, "operator", "forward", response="Akan ditambal")
    drafted = values_of(about(office, receipt))["answer"]
    made = make(office, receipt, COORDINATOR, "answer_letter")

    assert "Akan ditambal" == drafted
    assert f"JWB/1/{receipt.ticket}/X/2026" == made["number"]


def test_a_letter_of_words_that_were_never_given_is_not_the_reporters(office: Office) -> None:
    """Set from a draft that nobody answered with, it stays with the desks; of a second answer until it is given."""
    receipt = disposed(office)

    def letter(words: str | None = None) -> tuple[str, str]:
        """Have one made, and see what stands on it."""
        if words is not None:
            office.act(receipt, "liaison", "forward")
            office.act(receipt, "head", "forward", response=words)
        made = make(office, receipt, COORDINATOR, "answer_letter")
        return str(made["id"]), values_of(about(office, receipt))["answer"]

    def shown() -> list[str]:
        """What the reporter may have."""
        return [each["id"] for each in track(office.runtime, T, receipt.ticket, receipt.tracking_code)["files"]]

    office.act(receipt, "operator", "forward", response="Bukan urusan kami")
    draft, _ = letter()
    first, _ = letter("Akan ditambal")
    office.act(receipt, "liaison", "forward", response="Akan ditambal")
    before = shown()
    office.act(receipt, "operator", "answer", text="Akan ditambal")
    answered = shown()
    office.say(receipt, "reopen", reason="Belum ditambal")
    office.act(receipt, "coordinator", "dispose", agency="dpupr")
    office.act(receipt, "operator", "forward")
    second, words = letter("Ditambal kemarin")
    reopened = shown()
    office.act(receipt, "liaison", "forward", response="Ditambal kemarin")
    office.act(receipt, "operator", "answer", text="Ditambal kemarin")

    assert "Ditambal kemarin" == words
    assert ([], [first], [first], [first, second]) == (before, answered, reopened, shown())
    assert draft not in shown()


def test_a_letter_of_an_agency_that_was_wrong_is_not_the_reporters(office: Office) -> None:
    """Also one that it has written itself: another answers, and begins with none of its words."""
    receipt = disposed(office)
    office.act(receipt, "operator", "forward", response="Bukan urusan kami")
    own = {"file": uuid4(), "kind": "answer_letter", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    files = office.runtime.dossiers("routing")
    files.append([office.runtime.desk(T).note(office.load(receipt.id), "FileAdded", OPERATOR, CAUSE, own)])
    office.act(receipt, "coordinator", "recall", reason="Keliru")
    with pytest.raises(Conflict, match="no_answer_yet"):
        make(office, receipt, COORDINATOR, "answer_letter")
    office.act(receipt, "coordinator", "transfer", to="BBPJN", reason="Kewenangan balai")
    office.act(receipt, "coordinator", "answer", text="Balai memperbaikinya.")

    assert [] == track(office.runtime, T, receipt.ticket, receipt.tracking_code)["files"]


def test_a_receipt_hands_over_a_new_code(office: Office) -> None:
    """The old one ends; no agency can print it, or read it among the files."""
    receipt = disposed(office)
    made = make(office, receipt, COORDINATOR, "receipt", via="counter", code="new")
    dossier, events = office.runtime.dossiers("routing").open(receipt.id)
    key = office.runtime.vault.keys(None, [dossier.id])[dossier.id]

    assert made["tracking_code"] == tracking_code_of(events, key) != receipt.tracking_code
    assert track(office.runtime, T, receipt.ticket, made["tracking_code"])
    with pytest.raises(NotFound):
        track(office.runtime, T, receipt.ticket, receipt.tracking_code)
    assert content(office, receipt, COORDINATOR, made["id"]).startswith(b"%PDF")
    with pytest.raises(NotFound):
        content(office, receipt, OPERATOR, made["id"])
    with pytest.raises(Forbidden):
        make(office, receipt, OPERATOR, "receipt", via="counter", code="new")


def test_printing_a_receipt_again_ends_no_code(office: Office) -> None:
    """Whoever registered it prints the code that they handed over, as often as they like; nobody else is told it."""
    registered = file(
        office.runtime,
        Submission(
            T,
            load_submission({"message": "Lampu jalan mati", "channel": "counter"}),
            CAUSE,
            user=COORDINATOR.user or "",
            actor=COORDINATOR.actor,
            trusted=True,
        ),
    )
    for _ in range(2):
        made = make(office, registered, COORDINATOR, "receipt", via="counter")
        assert "tracking_code" not in made
        assert track(office.runtime, T, registered.ticket, registered.tracking_code)
    assert "CodeRenewed" not in [event.type for event in office.history(registered.id)]
    for other in (replace(COORDINATOR, user="coordinator-2"), OPERATOR):
        with pytest.raises((Forbidden, NotFound)):
            make(office, registered, other, "receipt", via="counter")
    make(office, registered, replace(COORDINATOR, user="coordinator-2"), "receipt", via="counter", code="new")
    with pytest.raises(Forbidden, match="code_is_the_reporters"):
        make(office, registered, COORDINATOR, "receipt", via="counter")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "poem"}, "kind"),
        ({"kind": "receipt"}, "via"),
        ({"kind": "receipt", "via": "pigeon"}, "via"),
        ({"kind": "nota_dinas", "via": "counter"}, "via"),
        ({"kind": "nota_dinas", "colour": "red"}, "colour"),
    ],
)
def test_what_is_asked_for_is_checked(office: Office, fields: dict[str, Any], expected: str) -> None:
    """The field at fault, and no code is ended by a mistake."""
    receipt = disposed(office)
    with pytest.raises(Invalid) as refused:
        documents.make(office.runtime, COORDINATOR, T, receipt.id, fields, CAUSE)

    assert [expected] == list(refused.value.fields)
    assert "CodeRenewed" not in office.types(receipt.id)


def test_another_agency_makes_nothing(office: Office) -> None:
    """Whoever may not add files there may not have them made either."""
    receipt = disposed(office)
    with pytest.raises(Forbidden):
        make(office, receipt, Caller(T, "operator", "dinkes"), "nota_dinas")


def test_a_government_has_its_own_letterhead_numbers_and_templates(office: Office, tmp_path: Path) -> None:
    """What it puts into its folder holds; what it leaves out comes from the common one."""
    tenants = tmp_path / "tenants"
    for name in ("cilacap", "_documents", "_national", "_reference"):
        shutil.copytree(PROJECT / "tenants" / name, tenants / name)
    own = tenants / T / "documents"
    own.mkdir()
    settings = "letterhead: [Dinas Komunikasi dan Informatika]\nplace: Cilacap\nnumbers: {nota_dinas: 'X-{sequence}'}\n"
    (own / "documents.yaml").write_text(settings)
    (own / "receipt.typ").write_text('#import "letter.typ": data\n#data.letterhead.at(0)')
    forms = forms_of(load_tenant(tenants / T))
    receipt = disposed(office)

    assert ("X-7", "DISP/1/T-1/XII/2026") == (
        forms.number("nota_dinas", "T-1", None, 7, office.time.now()),
        forms.number("disposition_sheet", "T-1", None, 1, office.time.now().replace(month=12)),
    )
    assert ("Cilacap", ("Dinas Komunikasi dan Informatika",)) == (forms.place, forms.letterhead)
    assert set_document(forms, "receipt", about(office, receipt)) != set_document(
        forms_of(office.runtime.tenants.get(T)), "receipt", about(office, receipt)
    )
    (own / "documents.yaml").write_text("numbers: {nota_dinas: '{colour}'}\n")
    with pytest.raises(FileError, match="nota_dinas"):
        forms_of(load_tenant(tenants / T))


def test_templates_are_tried_with_all_that_they_may_ask_for(office: Office) -> None:
    """What `aduan sop check` sets documents of has every value of a real one, none of them blank."""
    receipt = disposed(office)

    assert set(values_of(about(office, receipt))) == set(SAMPLE)
    assert all(SAMPLE.values())
