"""Procedures that could follow those of the files."""

import re
from typing import Final

from shared.platform.settings import PROJECT

_WITHIN: Final = re.compile(r"^    within: (\d+) (\w+)$", re.MULTILINE)


def new_version(tenant: str = "cilacap", version: int = 3, longer: int = 1) -> str:
    """The text of one: as the present file, but for its number and a longer first standard.

    :param longer: by how many of its own units.
    """
    text = (PROJECT / "tenants" / tenant / "sop.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^version: \d+$", f"version: {version}", text, count=1, flags=re.MULTILINE)
    return _WITHIN.sub(lambda found: f"    within: {int(found[1]) + longer} {found[2]}", text, count=1)
