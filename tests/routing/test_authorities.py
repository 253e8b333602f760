"""Whom a complaint was handed to: a list's entry in clear, others sealed; earlier words are nobody's to hear."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest

from services.intake.erasing import erase
from services.intake.reporter import track
from services.routing import queries
from shared.application.dossiers.codec import to_data
from shared.application.identity.membership import administrator
from shared.base.caller import Caller
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.authorities import authority_of
from shared.domain.dossier.events import Transferred
from shared.domain.dossier.former_words import FORMER_WORDS
from shared.messaging.wire.envelope import to_message
from shared.platform.settings import PROJECT
from shared.store.eventstore.reading import RecordedEvent
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
COORDINATOR = Caller(T, "coordinator", user="coordinator-1")
TENANTS = Tenants(PROJECT / "tenants")
FREE = "Bengkel Pak Slamet, Jl. Sutomo 5"


@pytest.mark.parametrize("written", ["pln", "PLN", "pt pln  (persero)", " Pln\u200b"])
def test_an_authority_of_the_lists_is_recorded_by_its_id(office: Office, written: str) -> None:
    """However it is written; told by its name."""
    receipt = office.file()
    office.act(receipt, "coordinator", "transfer", to=written, reason="Listrik")
    event = office.history(receipt.id)[-1]
    seen = queries.dossier(office.runtime, COORDINATOR, T, receipt.id)
    public = track(office.runtime, T, receipt.ticket, receipt.tracking_code)

    assert isinstance(event, Transferred)
    assert ("pln", None) == (event.authority, event.to)
    assert ["PT PLN (Persero)"] * 4 == [
        seen["timeline"][-1]["to"],
        seen["elsewhere"]["to"],
        public["timeline"][-1]["to"],
        public["elsewhere"]["to"],
    ]


def test_any_other_is_sealed(office: Office) -> None:
    """Its words are nowhere in the log, are read by who may, and end with the reporter's key."""
    receipt = office.file()
    office.act(receipt, "coordinator", "transfer", to=FREE, reason="Bukan kewenangan kami")
    seen = queries.dossier(office.runtime, COORDINATOR, T, receipt.id)
    public = track(office.runtime, T, receipt.ticket, receipt.tracking_code)
    event = office.history(receipt.id)[-1]

    assert FREE not in json.dumps(to_data(event))
    assert [FREE] * 3 == [seen["timeline"][-1]["to"], seen["elsewhere"]["to"], public["timeline"][-1]["to"]]

    erase(office.runtime, administrator("root"), T, receipt.ticket, "asked", CAUSE)

    erased = queries.dossier(office.runtime, COORDINATOR, T, receipt.id)
    assert FREE not in json.dumps(erased)


def test_words_of_earlier_events_are_told_as_if_they_were_sealed(office: Office) -> None:
    """To who may read the dossier, until its reporter is erased."""
    receipt = office.file()
    office.act(receipt, "coordinator", "transfer", to="PLN", reason="x")
    event = office.history(receipt.id)[-1]
    assert isinstance(event, Transferred)
    former = replace(event, authority=None, to=FREE, sealed=None)
    key = office.runtime.vault.keys(None, [receipt.id])[receipt.id]

    assert [FREE, None] == [authority_of(former, TENANTS.get(T), each) for each in (key, None)]


@pytest.mark.parametrize(("kind", "words"), FORMER_WORDS.items(), ids=str)
def test_words_of_earlier_events_are_not_published(kind: tuple[str, int], words: tuple[str, ...]) -> None:
    """Whoever listens to the broker hears of what happened, not what somebody wrote where a list's entry is now."""
    name, schema = kind
    data = {"schema": schema, "tenant": T, "status": "transferred", **dict.fromkeys(words, FREE)}
    recorded = RecordedEvent(1, uuid4(), 2, name, json.dumps(data).encode())
    newer = replace(recorded, state=json.dumps({**data, "schema": schema + 1}).encode())

    assert {**data, **dict.fromkeys(words)} == json.loads(to_message(recorded).body)
    assert newer.state == to_message(newer).body


@pytest.mark.parametrize("tenant", TENANTS.all(), ids=lambda tenant: tenant.id)
def test_every_government_knows_its_province_and_what_all_know(tenant: object) -> None:
    """Names of more than one word each, no id of an agency among them."""
    found = TENANTS.get(getattr(tenant, "id", "")).authorities

    assert {"pln", "kemenpanrb", "polri"} <= set(found)
    assert any(name.startswith("Pemerintah ") and "lain" not in name for name in found.values())
