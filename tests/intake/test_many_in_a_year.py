"""A nation's year: more complaints than a ticket's number has places for, and tickets of another century."""

import pytest

from services.reporting.projection import RecapProjection
from services.reporting.search import search
from shared.application.dossiers.codec import decode
from shared.application.identity.membership import administrator
from shared.channels.talk.hearing import tickets_in
from shared.store.projection.runner import apply_batch
from tests.fixtures.office import Office

T = "cilacap"


def test_numbers_go_on_where_their_places_end(office: Office) -> None:
    """The next after 999999 has seven places; it is found, followed and acted upon as every other is."""
    office.rows("INSERT INTO intake.ticket_numbers (tenant, year, last) VALUES (%s, 2026, 999998)", T)
    receipts = [office.file(T) for _ in range(3)]
    office.say(receipts[2], "withdraw", reason="Sudah diperbaiki")
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    found = [
        [each["ticket"] for each in search(office.runtime, administrator("root"), T, {"ticket": typed})["items"]]
        for typed in ("clp 2026 999999", "CLP/2026/1000000", "#clp20261000001")
    ]

    assert ["CLP-2026-999999", "CLP-2026-1000000", "CLP-2026-1000001"] == [each.ticket for each in receipts]
    assert [[each.ticket] for each in receipts] == found
    assert ["check", "check", None] == [office.load(each.id).step for each in receipts]


@pytest.mark.parametrize(
    "ticket", ["CLP-2026-000123", "CLP-2026-1000001", "CLP-2031-123456789", "CLP-2100-000001", "CLP-2999-999999999999"]
)
def test_a_conversation_knows_every_ticket_that_is_given(ticket: str) -> None:
    """Also of the years after 2099, and of a government that takes more than a million in one."""
    bare = ticket.replace("-", " ").lower()

    for said in (f"Bagaimana kabar {ticket}?", f"status {bare} 7KQ2 M9XR TB", f"#{ticket}, sudah?"):
        assert [ticket] == tickets_in(said, ["BTL", "CLP"])
