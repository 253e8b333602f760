"""A category that an officer gives stands in clear as well: an entry of the lists, or refused."""

import pytest

from services.intake.receipts import Receipt
from shared.base.errors import Invalid
from shared.domain.dossier.events import Classified
from shared.wording.codes import split_message
from tests.fixtures.office import Office
from tests.intake.talking import filed


def _classified(office: Office, category: str) -> Receipt:
    receipt = filed(office, tenant="bantul", message="Mohon perhatian Bapak Bupati.")
    office.run_system(receipt)
    office.act(receipt, "coordinator", "classify", category=category)
    return receipt


@pytest.mark.parametrize("written", ["PERHUBUNGAN", "perhubungan", " Perhubungan ", "\uff30erhubungan"])
def test_in_the_lists_own_spelling(office: Office, written: str) -> None:
    """Whatever the officer's keyboard says: one name is one row of the recap, and finds its agency."""
    receipt = _classified(office, written)
    last = office.history(receipt.id)[-1]

    assert isinstance(last, Classified)
    assert "PERHUBUNGAN" == last.category == office.load(receipt.id).category


@pytest.mark.parametrize("written", ["Bu Siti Rahayu", "PERHUBUNGAN Bu Siti", "jalan"])
def test_no_words_of_their_own(office: Office, written: str) -> None:
    """What is no entry is refused by its field, and nothing has happened."""
    with pytest.raises(Invalid) as caught:
        _classified(office, written)

    assert ["unknown_category"] == [split_message(each)[0] for each in caught.value.fields["category"]]
