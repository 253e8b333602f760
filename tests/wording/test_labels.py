"""What recaps call things."""

import pytest

from shared.domain.sop.vocabulary import CLASSES, STATUSES
from shared.wording.labels import word


@pytest.mark.parametrize("name", [*STATUSES, *CLASSES])
def test_every_status_and_class_is_said_in_indonesian(name: str) -> None:
    """Nobody reads a code."""
    assert name != word(name, "id")
    assert name.replace("_", " ") == word(name, "en")
