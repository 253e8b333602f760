"""Answers that were begun with a template: complete, or refused; and the files that templates are read from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.routing.fields import check_filled
from shared.base.errors import AduanError, Invalid
from shared.domain.all_tenants import Tenants
from shared.domain.answer_templates import load_answers, offered_to
from shared.domain.sop.model import Action
from shared.platform.settings import PROJECT
from shared.wording.catalogue import catalogue
from shared.wording.faults import told_of
from shared.wording.yaml_lines import FileError

TENANTS = Tenants(PROJECT / "tenants")


def _places() -> Iterator[tuple[str, str]]:
    for tenant in TENANTS.all():
        for place in dict.fromkeys(place for each in tenant.answers for place in each.places):
            yield tenant.id, place


@pytest.mark.parametrize(("tenant", "place"), list(_places()))
@pytest.mark.parametrize(("event", "field"), [("Answered", "text"), ("Forwarded", "response"), ("Forwarded", "text")])
def test_what_is_left_in_brackets_is_refused(tenant: str, place: str, event: str, field: str) -> None:
    """In an answer, and in a draft that becomes one; naming the field and what is left."""
    action = Action(name="x", event=event, to="end", needs=(field,))  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        check_filled(lambda: TENANTS.get(tenant).answers, action, {field: f"Sudah kami kerjakan pada {place}."})

    told = AduanError(refused.value.code, refused.value.params, told_of(refused.value.fields))
    sentences = catalogue().field_sentences(told, "id")
    assert {field: [f"Masih ada yang harus diisi: {place}."]} == sentences


@pytest.mark.parametrize("text", ["Sudah [sic] dikerjakan", "Selesai.", "Pasal 3 [ayat 2]", "[", "]["])
def test_other_brackets_are_the_officers_own(text: str) -> None:
    """Only what a template asks for has to go."""
    action = Action(name="answer", event="Answered", to="end", needs=("text",))

    check_filled(lambda: TENANTS.get("cilacap").answers, action, {"text": text})


def test_an_office_is_offered_its_own_and_everybodys() -> None:
    """Another office's are not among them."""
    home = TENANTS.get("cilacap")
    own = {each.id for each in offered_to("dpupr", home.answers)}
    other = {each.id for each in offered_to("dinkes", home.answers)}

    assert {"jalan_ditambal"} == own - other
    assert (
        {"selesai", "dijadwalkan", "tidak_dapat", "sementara"}
        == other
        == {e.id for e in offered_to(None, home.answers)}
    )


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ("answers:\n  - {id: a, title: A, text: x}\n  - {id: a, title: B, text: y}\n", 3, "given twice"),
        ("answers:\n  - {id: a, title: A, text: x, agencies: [nobody]}\n", 2, "no agency 'nobody'"),
        ("answers:\n  - {id: a, title: A}\n", 2, "text"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, content: str, line: int, told: str) -> None:
    """Of each kind of mistake."""
    path = tmp_path / "answers.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileError) as wrong:
        load_answers(path, ["dpupr"])

    assert line == wrong.value.line
    assert told in f"{wrong.value.message} {wrong.value}"


def test_nobody_reads_templates_for_what_has_no_bracket() -> None:
    """Every officer's action is looked at, and hardly any was begun with one that is not complete."""
    action = Action(name="answer", event="Answered", to="end", needs=("text",))

    check_filled(lambda: pytest.fail("asked for templates"), action, {"text": "Sudah kami perbaiki (kemarin)."})
