"""Letters as they are kept until they have been dealt with, perhaps by a process of another version."""

import pytest

from channels.letters import Correspondence

_OF_THE_VERSION_BEFORE = {
    *("channel", "account", "id", "to", "name", "at", "subject", "text", "quotes", "media"),
    *("refused", "verified", "whole", "ticket", "doubted"),
}


def letter(*, by_itself: bool) -> Correspondence:
    """A letter of somebody's, or of their mailbox's."""
    return Correspondence(
        channel="email",
        account="aduan@cilacap.example",
        id="1@warga.example",
        to="siti@warga.example",
        name="Siti",
        at="2026-10-05T01:00:00+00:00",
        subject="Jalan rusak",
        text="Di Hanum.",
        quotes=("2@cilacap.example",),
        by_itself=by_itself,
    )


@pytest.mark.parametrize("by_itself", [False, True])
def test_a_letter_is_read_as_it_was_kept(by_itself: bool) -> None:
    """Also what its mailbox wrote in somebody's absence."""
    assert letter(by_itself=by_itself) == Correspondence.from_dict(letter(by_itself=by_itself).to_dict())


def test_what_somebody_wrote_is_read_by_the_version_before() -> None:
    """It takes no field that it does not know: during an upgrade, and after one was undone, complaints come by mail."""
    assert _OF_THE_VERSION_BEFORE == set(letter(by_itself=False).to_dict())
