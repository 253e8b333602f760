"""What a guess leaves in a dossier, and what is learned from dossiers."""

import json
from dataclasses import replace

import pytest

from shared.application.dispositions import disposed_texts
from shared.application.dossiers.codec import to_data
from shared.domain.classifying.corpus import Labelled
from shared.domain.dossier.events import Classified
from tests.fixtures.office import Office

LIGHT = "Lampu jalan depan rumah Ibu Sutinah Wiryo mati"


def _classified(office: Office, **fields: object) -> Classified:
    receipt = office.file("cirebon", **fields)
    office.run_system(receipt)
    return next(event for event in office.history(receipt.id) if isinstance(event, Classified))


def test_the_reason_is_kept_without_the_reporters_words(office: Office) -> None:
    """The event says which words of the catalogue were found and which model was asked; no word of the reporter's."""
    event = _classified(office, message=LIGHT)

    assert "PERHUBUNGAN" == event.category
    assert {"decided:clear", "word:lampu jalan"} <= set(event.reasons)
    assert any(reason.startswith("model:") for reason in event.reasons)
    assert "sutinah" not in json.dumps(to_data(event)).casefold()


def test_an_office_without_category_waits_for_a_person(office: Office) -> None:
    """What belongs to the police is recognised, and disposed by nobody but a person."""
    receipt = office.file("cirebon", message="Motor saya hilang, laporan di polsek tidak ada kelanjutannya")
    office.run_system(receipt)
    event = next(event for event in office.history(receipt.id) if isinstance(event, Classified))

    assert (None, None) == (event.category, office.load(receipt.id).agency)
    assert "office:police" in event.reasons


@pytest.mark.parametrize("written", ["kesehatan", "KESEHATAN ", "Kesehatan"])
def test_what_the_reporter_chose_stays_in_the_lists_spelling(office: Office, written: str) -> None:
    """A category that the reporter chose is not guessed over, and counted under one name."""
    event = _classified(office, message=LIGHT, category=written)

    assert ("KESEHATAN", ("decided:given",)) == (event.category, event.reasons)


def test_past_dispositions_are_texts_to_learn_from(office: Office) -> None:
    """What an officer classified is learned as the officer said; a mere guess, and an erased complaint, are not."""
    guessed = office.file("cirebon", message=LIGHT)
    unclear = office.file("cirebon", message="Mohon perhatian Ibu Bupati.")
    for receipt in (guessed, unclear):
        office.run_system(receipt)
    office.act(unclear, "coordinator", "classify", classification="suggestion", category="agama")

    assert [Labelled("Mohon perhatian Ibu Bupati.", "suggestion", "AGAMA")] == list(
        disposed_texts(office.runtime, "cirebon")
    )
    assert [] == list(disposed_texts(office.runtime, "bantul"))

    office.runtime.vault.destroy(unclear.id)

    assert [] == list(disposed_texts(replace(office.runtime), "cirebon"))
