"""docs/complaints.md says what the code does."""

import re

from shared.domain.complaint.channels import GENERAL
from shared.domain.complaint.privacy import PRIVACIES
from shared.domain.complaint.rows import columns
from shared.domain.complaint.schema import FIXED
from shared.platform.settings import PROJECT

_PAGE = (PROJECT / "docs" / "complaints.md").read_text(encoding="utf-8")


def _named_after(beginning: str) -> list[str]:
    """The words in code type of the paragraph's part that begins so, up to its full stop."""
    part = _PAGE.split(beginning, 1)[1].split(".\n", 1)[0].split(". ", 1)[0].split("\n\n")
    return re.findall(r"`([a-z0-9_.]+)`", part[0] if "`" in part[0] else part[1])


def test_the_page_names_what_there_is() -> None:
    """Channels, columns, kinds of privacy, and what no supplement changes."""
    assert list(GENERAL) == _named_after("in every government: ")
    assert list(columns()) == _named_after("any letters:")
    assert list(PRIVACIES) == _named_after("a privacy that is none of")[:3]
    assert list(FIXED) == _named_after("any of the fields but ")
