"""A citizen's account: one for each contact, sealed, compared by a desk, and erased as a whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.application.citizens.accounts import Accounts
from shared.application.citizens.complaints import CitizenComplaints, Linked
from shared.application.citizens.contact import CitizensContact
from shared.application.citizens.sessions import IDLE, CitizenSessions
from shared.base.clock import SimulatedClock
from shared.base.errors import Conflict, NotFound
from shared.base.randomness import SeededRandomness
from shared.platform.secret import new_secret
from shared.store.vault.keys import MasterKey
from shared.store.vault.vault import Vault
from tests.fixtures.office import Office

MAIL = CitizensContact("email", "siti@warga.example")
PHONE = CitizensContact("phone", "+6281234567890")
WHO = {"name": "Siti Rahayu", "address": "Hanum", "identity": "3301012345678901"}
LINKED = Linked("CLP-2026-000001", "6b1f0e0e-0000-4000-8000-000000000001", "KODE234567", "Jalan rusak")


def test_a_contact_leads_to_one_account_of_each_government(office: Office, machine: SimulatedClock) -> None:
    """The first right code makes it; a second contact leads there too, and no other account may have it."""
    accounts = Accounts(office.runtime, machine)
    siti = accounts.enter("cilacap", MAIL)
    accounts.add_contact(siti, PHONE)
    budi = accounts.enter("cilacap", CitizensContact("email", "budi@warga.example"))
    with pytest.raises(Conflict, match="contact_taken"):
        accounts.add_contact(budi, PHONE)

    assert siti == accounts.enter("cilacap", MAIL) == accounts.enter("cilacap", PHONE)
    assert siti != accounts.enter("bantul", MAIL)
    assert {"email": MAIL.value, "phone": PHONE.value} == accounts.read(siti).contacts
    assert {"email": "budi@warga.example"} == accounts.read(budi).contacts


def test_an_identity_is_compared_by_the_number_told_at_the_desk(office: Office, machine: SimulatedClock) -> None:
    """For half an hour, once; and a change afterwards ends what was compared."""
    accounts = Accounts(office.runtime, machine)
    siti = accounts.enter("cilacap", MAIL)
    with pytest.raises(Conflict, match="identity_incomplete"):
        accounts.verify("cilacap", accounts.desk_number(siti), "rina")
    accounts.identify(siti, WHO)
    number = accounts.desk_number(siti)
    with pytest.raises(NotFound):
        accounts.at_desk("bantul", number)
    assert WHO == accounts.at_desk("cilacap", number).identity
    assert machine.now() == accounts.verify("cilacap", number, "rina").verified_at
    with pytest.raises(NotFound):
        accounts.verify("cilacap", number, "rina")
    accounts.identify(siti, dict(WHO))
    assert accounts.read(siti).verified_at is not None
    accounts.identify(siti, {**WHO, "name": "Siti R."})
    assert accounts.read(siti).verified_at is None
    late = accounts.desk_number(siti)
    machine.move_to(machine.now() + timedelta(minutes=30))
    with pytest.raises(NotFound):
        accounts.at_desk("cilacap", late)


def test_an_accounts_complaints_are_its_own(office: Office, machine: SimulatedClock) -> None:
    """Once each, with the latest code; nobody else's list has them, and no ticket stands in clear."""
    accounts, complaints = Accounts(office.runtime, machine), CitizenComplaints(office.runtime, machine)
    siti, budi = accounts.enter("cilacap", MAIL), accounts.enter("cilacap", PHONE)
    complaints.link(siti, "cilacap", LINKED)
    complaints.link(siti, "cilacap", replace(LINKED, code="KODEBARU23"), verified=True)
    complaints.link(budi, "cilacap", LINKED)

    assert ["KODEBARU23"] == [each.linked.code for each in complaints.of(siti)]
    assert LINKED == complaints.find(budi, LINKED.ticket)
    with pytest.raises(NotFound):
        complaints.find(budi, "CLP-2026-000002")
    assert complaints.filed_verified("cilacap", LINKED.ticket)
    assert not complaints.filed_verified("bantul", LINKED.ticket)
    told = str(office.rows("SELECT t::text FROM citizens.complaints t"))
    assert not [word for word in (LINKED.ticket, LINKED.dossier, LINKED.code, LINKED.title) if word in told]
    complaints.unlink(budi, LINKED.ticket)
    assert [] == complaints.of(budi)


def test_an_erased_account_is_gone_with_its_key(office: Office, machine: SimulatedClock) -> None:
    """Nothing of it is left in any table; whoever enters again begins anew."""
    accounts, complaints = Accounts(office.runtime, machine), CitizenComplaints(office.runtime, machine)
    siti = accounts.enter("cilacap", MAIL)
    accounts.identify(siti, WHO)
    accounts.desk_number(siti)
    complaints.link(siti, "cilacap", LINKED, verified=True)
    word = CitizenSessions(office.runtime, machine).begin(siti)
    accounts.erase(siti)

    for table in ("accounts", "contacts", "sessions", "complaints", "desk_numbers"):
        assert [] == office.rows(f"SELECT 1 FROM citizens.{table}")
    assert office.runtime.vault.keys(None, [siti])[siti] is None
    assert CitizenSessions(office.runtime, machine).whose("cilacap", word) is None
    with pytest.raises(NotFound):
        accounts.read(siti)
    assert siti != accounts.enter("cilacap", MAIL)


def test_a_visit_ends(office: Office, machine: SimulatedClock) -> None:
    """By leaving, everywhere at once, after half a day of nothing; and it is no visit at another government."""
    accounts, visits = Accounts(office.runtime, machine), CitizenSessions(office.runtime, machine)
    siti = accounts.enter("cilacap", MAIL)
    here, there = visits.begin(siti), visits.begin(siti)
    assert siti == visits.whose("cilacap", here)
    assert visits.whose("bantul", here) is None
    visits.end(here)
    assert [None, siti] == [visits.whose("cilacap", word) for word in (here, there)]
    visits.end_all(siti)
    assert visits.whose("cilacap", there) is None
    later = visits.begin(siti)
    machine.move_to(machine.now() + IDLE)
    assert visits.whose("cilacap", later) is None


def test_another_master_key_finds_the_same_accounts(office: Office, machine: SimulatedClock) -> None:
    """Hashes of the former key are made anew from what is sealed."""
    siti = Accounts(office.runtime, machine).enter("cilacap", MAIL)
    old = office.runtime.settings
    changed = replace(
        old, given_master_key=new_secret(SeededRandomness("another")), given_former_keys=(old.master_key,)
    )
    former, present = (MasterKey.from_text(each) for each in (old.master_key, changed.master_key))
    vault = Vault(office.runtime.database, present, office.runtime.randomness, [former])
    vault.rewrap()
    runtime = replace(office.runtime, settings=changed, vault=vault, _keys={})

    assert siti == Accounts(runtime, machine).enter("cilacap", MAIL)
    assert 1 == len(office.rows("SELECT 1 FROM citizens.contacts"))
