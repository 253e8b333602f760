"""Which complaint a letter was about that somebody answers."""

from uuid import uuid4

from services.notify.talking import about
from tests.fixtures.office import START, Office


def test_letters_tell_the_tickets_of_their_dossiers(office: Office) -> None:
    """Several letters of several dossiers at once, in any letters; not another government's, nor what nobody knows."""
    first, second = office.file(), office.file()
    letters = (("wamid.A", first), ("wamid.B", second), ("wamid.C", first))
    for provider_id, receipt in letters:
        office.rows(
            "INSERT INTO notify.carried (key, dossier, version, recipient, template, tenant, channel, account, "
            "provider_id, state, handed_at, state_at) VALUES (%s, %s, 1, 'reporter', 'answered_final', 'cilacap', "
            "'whatsapp', '1', %s, 'sent', %s, %s)",
            str(uuid4()),
            str(receipt.id),
            provider_id,
            START,
            START,
        )
    asked = ["WAMID.a", "wamid.B", "wamid.C", "wamid.unknown"]

    assert {name: receipt.ticket for name, receipt in letters} == about(office.runtime, "cilacap", asked)
    assert {} == about(office.runtime, "bantul", asked)
    assert {} == about(office.runtime, "cilacap", [])
