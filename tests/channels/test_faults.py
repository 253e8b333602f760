"""Every fault of comparable systems has a test that is there: see README.md beside this file."""

import re
from pathlib import Path
from typing import Final

FAULTS: Final = {*map(str, range(1, 51)), "32a", "32b", "40a", "40b"}
_HERE: Final = Path(__file__).parent
_ROW: Final = re.compile(r"^\| (?P<number>\d+[ab]?) \| [^|]+ \| (?P<tests>.+) \|$", re.MULTILINE)
_TEST: Final = re.compile(r"`([\w./]+)::(\w+)`")


def test_every_fault_has_its_test() -> None:
    """No row without one, no row twice, and no name of a test that has gone."""
    rows = [(row["number"], _TEST.findall(row["tests"])) for row in _ROW.finditer((_HERE / "README.md").read_text())]
    assert sorted(FAULTS) == sorted(number for number, _ in rows)
    for number, named in rows:
        assert named, number
        for file, test in named:
            assert f"def {test}(" in (_HERE / file).read_text(), (number, test)
