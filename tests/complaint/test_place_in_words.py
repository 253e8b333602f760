"""A place in words: taken wherever a place is, sealed, and kept beside what the lists know of it."""

import json
from typing import Any

import pytest

from services.intake.filing import Submission, file
from services.intake.reporter import act
from shared.base.errors import Invalid
from shared.domain.complaint.rows import columns, load_row
from shared.domain.complaint.schema import load_submission, load_supplement
from shared.domain.dossier.contents import complaint_of
from tests.fixtures.office import CAUSE, Office

WORDS = "Depan toko Makmur, sebelah kiri jembatan"
HANUM = {"kecamatan": "Dayeuhluhur", "desa": "Hanum", "lat": -7.2431, "lon": 108.4097}


def location(office: Office, **given: Any) -> tuple[Any, dict[str, Any]]:
    """File a complaint with a place; its receipt, and the place as it stands."""
    told = load_submission({"message": "Jalan berlubang", "location": given, "reporter": {"name": "Siti"}})
    receipt = file(office.runtime, Submission("cilacap", told, CAUSE))
    return receipt, standing(office, receipt)


def standing(office: Office, receipt: Any) -> dict[str, Any]:
    """The place of a complaint as it stands."""
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]
    found: dict[str, Any] = complaint_of(office.history(receipt.id), key)["location"]
    return found


def test_a_place_in_words_stands_beside_the_others(office: Office) -> None:
    """Alone, and with a village and a pin; none of it in clear but what the lists name."""
    assert {"text": WORDS} == location(office, text=WORDS)[1]
    receipt, place = location(office, **HANUM, text=WORDS)
    assert {**HANUM, "text": WORDS} == place
    written = json.dumps(
        office.rows("SELECT convert_from(state, 'UTF8') FROM eventstore.events WHERE dossier = %s", str(receipt.id))
    )
    assert "Makmur" not in written


def test_better_words_do_not_make_it_another_place(office: Office) -> None:
    """What is said more exactly of a place leaves its village and its pin; another village is another place."""
    receipt, _ = location(office, **HANUM, text=WORDS)
    office.act(receipt, "coordinator", "return", reason="Mohon patokannya")
    own = ("cilacap", receipt.ticket, receipt.tracking_code)
    act(office.runtime, *own, "supplement", {"location": {"text": "Di seberang masjid"}}, CAUSE)
    assert {**HANUM, "text": "Di seberang masjid"} == standing(office, receipt)
    office.act(receipt, "coordinator", "return", reason="Desanya keliru")
    act(office.runtime, *own, "supplement", {"location": {"kecamatan": "Kroya", "desa": "Bajing"}}, CAUSE)
    assert {"kecamatan": "Kroya", "desa": "Bajing"} == standing(office, receipt)


def test_words_of_a_place_are_one_line_and_no_story() -> None:
    """Line breaks become blanks; more than 300 characters are kept as written, and refused of who can be told."""
    told = load_submission({"message": "x", "location": {"text": "Depan toko\nMakmur"}})
    assert "Depan toko Makmur" == told["location"]["text"]
    long = {"location": {"text": "x" * 301}}
    assert {"location.text": "x" * 301} == load_submission({"message": "x", **long})["as_written"]
    with pytest.raises(Invalid) as refused:
        load_supplement(long)
    assert ["location.text"] == list(refused.value.fields)


def test_a_table_has_a_column_for_it() -> None:
    """As for every part of a place."""
    assert "location.text" in columns()
    assert WORDS == load_row({"message": "x", "location.text": WORDS})["location"]["text"]
