"""What stands twice is found at a price that grows with the document and no faster, whoever has thought it up."""

import tracemalloc

import pytest

from shared.base.errors import Invalid
from shared.base.strict_json import parsed

MANY = 50_000
WIDE = "".join(f'"k{number}":1,' for number in range(MANY))


def _told(document: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        parsed(document)
    return list(refused.value.fields)


def test_the_last_of_many_names_is_found() -> None:
    """Each name is looked at once: held against all before it, they would keep the process busy for minutes."""
    assert [f"k{MANY - 1}"] == _told(f'{{{WIDE}"k{MANY - 1}":1}}')


def test_many_objects_in_which_something_stands_twice() -> None:
    """Where none of them can be named, each is held against what was found once, not against all of it."""
    twice = ",".join(['{"a":1,"a":1}'] * 10_000)
    empty = "".join(f'"k{number}":{{}},' for number in range(MANY))

    assert ["body"] == _told(f'{{"q":[{twice}],{empty}"z":1}}')


def test_a_long_name_is_not_written_out_for_all_below_it() -> None:
    """A megabyte that would unfold to gigabytes takes some megabytes."""
    below = ",".join(f'"k{number}":{{}}' for number in range(5_000))
    document = f'{{"{"A" * 100_000}":{{{below}}},"z":[{{"a":1,"a":1}}]}}'
    tracemalloc.start()
    try:
        assert ["body"] == _told(document)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50_000_000
