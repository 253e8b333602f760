"""Whoever plays a person with a telephone knows every question that the talk asks as it stands in its file now."""

from typing import Any

import pytest

from cli.demo.telephones import _answer
from shared.platform.settings import PROJECT
from shared.wording.yaml_lines import load_yaml

_COMPLAINT = {
    "title": "Jalan rusak",
    "reporter": {"name": "Siti", "address": "Hanum", "identity": "3301234567890123"},
    "location": {"desa": "Hanum", "kecamatan": "Dayeuhluhur"},
}
_NEVER = {"ask_phone"}
"""Asked only where a channel does not know its people's numbers; these do."""


def _questions() -> list[str]:
    texts: Any = load_yaml(PROJECT / "tenants" / "_messages" / "talk.id.yaml").data
    asked = [name for name in texts if name.startswith("ask_") and name not in _NEVER]
    return [text for name in [*asked, "more_files"] for text in texts[name].values()]


@pytest.mark.parametrize("question", _questions())
def test_every_question_is_answered(question: str) -> None:
    """In its long form and in its short one; a question without an answer holds up ``aduan demo`` until it fails."""
    done: list[str] = []
    _answer(question, _COMPLAINT, done.append, lambda: done.append("a photo"))

    assert 1 == len(done)
