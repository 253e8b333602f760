"""Frozen dataclasses made the short way are those that the long way makes."""

from dataclasses import dataclass, field, replace

import pytest

from shared.base.frozen import changed, maker


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What is sent."""

    to: str
    weight: int = 1


@dataclass(frozen=True, kw_only=True)
class Registered(Parcel):
    """What is signed for."""

    by: str | None = None


def test_what_is_made_and_changed_the_short_way_is_the_same() -> None:
    """Equal, of the same class, with the same defaults, and as frozen."""
    made = maker(Registered)({"to": "Bandung", "by": "clerk"})
    expected = Registered(to="Bandung", by="clerk")

    assert (expected, repr(expected), hash(expected)) == (made, repr(made), hash(made))
    assert replace(expected, weight=3) == changed(made, weight=3)
    assert expected == made
    with pytest.raises(AttributeError):
        made.weight = 2  # type: ignore[misc]


@pytest.mark.parametrize("values", [{}, {"by": "clerk"}, {"to": "Bandung", "from": "Jakarta"}])
def test_fields_that_are_missing_or_unknown_are_refused(values: dict[str, str]) -> None:
    """As the class itself refuses them."""
    with pytest.raises(TypeError):
        maker(Registered)(values)


def test_a_field_that_is_unknown_cannot_be_changed() -> None:
    """As ``replace`` refuses it."""
    with pytest.raises(TypeError):
        changed(Parcel(to="Bandung"), colour="red")


def test_a_class_that_does_more_is_refused() -> None:
    """It would not be done."""

    @dataclass(frozen=True)
    class Busy:
        kept: list[str] = field(default_factory=list)

    with pytest.raises(TypeError):
        maker(Busy)
