"""A code lets in whom it was brought to: once, for ten minutes, after few tries, and nobody else."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.notify import codes
from services.notify.carrying import Carriers
from services.notify.outbox import Outbox
from shared.application.citizens.accounts import Accounts
from shared.application.citizens.codes import GOOD_FOR, TRIES, Codes
from shared.application.citizens.contact import CitizensContact, contact_of
from shared.application.citizens.letters import CodeLetter, claim, done
from shared.application.identity.errors import TooManyAttempts, Unauthenticated
from shared.base.clock import SimulatedClock
from shared.base.errors import Invalid
from shared.channels.installed import Channels
from tests.fixtures.office import Office

SITI = CitizensContact("email", "siti@warga.example")


def _asked(
    office: Office, machine: SimulatedClock, contact: CitizensContact = SITI, place: str = "1"
) -> tuple[UUID, str]:
    challenge = Codes(office.runtime, machine).ask("cilacap", contact, place)
    [letter] = [each for each in claim(office.runtime, machine.now()) if each.id == challenge]
    done(office.runtime, letter.id)
    assert contact == letter.to
    return challenge, letter.code


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize("zero", ["0", "\uff10", "\u0660", "\ua9d0"])
def test_a_code_is_good_once(office: Office, machine: SimulatedClock, zero: str) -> None:
    """For whoever it was brought to; however it is typed, in digits of whatever keyboard, Javanese ones too."""
    challenge, code = _asked(office, machine)
    codes = Codes(office.runtime, machine)
    typed = "".join(chr(ord(zero) + int(digit)) for digit in code)

    assert SITI == codes.redeem("cilacap", challenge, f" {typed[:3]} {typed[3:]}")
    with pytest.raises(Unauthenticated, match="wrong_code"):
        codes.redeem("cilacap", challenge, code)


@pytest.mark.parametrize("kind", ["late", "another", "tenant", "tried"])
def test_what_is_not_the_code_is_refused_alike(office: Office, machine: SimulatedClock, kind: str) -> None:
    """Too late, for another challenge, at another government, or after five wrong tries."""
    challenge, code = _asked(office, machine)
    codes = Codes(office.runtime, machine)
    tenant = "bantul" if kind == "tenant" else "cilacap"
    if kind == "late":
        machine.move_to(machine.now() + GOOD_FOR)
    if kind == "tried":
        for _ in range(TRIES):
            with pytest.raises(Unauthenticated):
                codes.redeem(tenant, challenge, _wrong(code))
    with pytest.raises(Unauthenticated) as refused:
        codes.redeem(tenant, uuid4() if kind == "another" else challenge, code)

    assert ("wrong_code", {}) == (refused.value.code, refused.value.params)


def test_codes_are_asked_for_seldom(office: Office, machine: SimulatedClock) -> None:
    """Three from one place and five for one contact in a quarter of an hour, fifteen a day."""
    codes = Codes(office.runtime, machine)
    for place in ("1", "1", "1", "2", "2"):
        codes.ask("cilacap", SITI, place)
    for place in ("1", "3"):
        with pytest.raises(TooManyAttempts):
            codes.ask("cilacap", SITI, place)
    codes.ask("cilacap", CitizensContact("email", "budi@warga.example"), "1")
    for hour in range(1, 11):
        machine.move_to(machine.now() + timedelta(hours=1))
        codes.ask("cilacap", SITI, str(hour))
    machine.move_to(machine.now() + timedelta(hours=1))
    with pytest.raises(TooManyAttempts) as refused:
        codes.ask("cilacap", SITI, "9")

    assert 86_400 == refused.value.params["seconds"]


def test_a_code_that_has_run_out_is_brought_to_nobody(office: Office, machine: SimulatedClock) -> None:
    """And what it said is forgotten with the next that is asked for."""
    codes = Codes(office.runtime, machine)
    codes.ask("cilacap", SITI, "1")
    machine.move_to(machine.now() + GOOD_FOR)

    assert [] == list(claim(office.runtime, machine.now()))
    codes.ask("cilacap", SITI, "1")
    assert [("", ""), ("x", "x")] == office.rows(
        "SELECT left(regexp_replace(contact, '.+', 'x'), 1), left(regexp_replace(letter, '.+', 'x'), 1)"
        " FROM citizens.codes ORDER BY asked_at"
    )


def test_neither_code_nor_contact_lies_in_clear(office: Office, machine: SimulatedClock) -> None:
    """Not while it is on its way, and not in the account that follows."""
    challenge, code = _asked(office, machine, CitizensContact("phone", "+6281234567890"))
    contact = Codes(office.runtime, machine).redeem("cilacap", challenge, code)
    Accounts(office.runtime, machine).enter("cilacap", contact)
    for table in ("codes", "accounts", "contacts"):
        told = str(office.rows(f"SELECT t::text FROM citizens.{table} t"))

        assert code not in told
        assert "81234567890" not in told


@pytest.mark.parametrize(
    ("phone", "email", "expected"),
    [
        ("0812-3456-7890", None, CitizensContact("phone", "+6281234567890")),
        (" +62 812 3456 7890 ", "", CitizensContact("phone", "+6281234567890")),
        (None, " Siti@Warga.Example ", SITI),
        (None, None, "phone"),
        ("0812 3456 7890", "siti@warga.example", "email"),
        ("nol delapan", None, "phone"),
        (None, "bukan alamat", "email"),
        (None, "siti@warga.example\nBcc: x@y.example", "email"),
    ],
)
def test_a_contact_has_one_form(phone: str | None, email: str | None, expected: CitizensContact | str) -> None:
    """However it is written; what is none is refused by its field."""
    if isinstance(expected, CitizensContact):
        assert expected == contact_of(phone, email)
        return
    with pytest.raises(Invalid) as refused:
        contact_of(phone, email)

    assert expected in (refused.value.fields or {})


def test_a_code_is_mailed_and_lies_in_the_outbox_for_a_day(
    office: Office, machine: SimulatedClock, tmp_path: Path
) -> None:
    """In both languages; what is older is taken away with the next."""
    carriers = Carriers(Channels(office.runtime))
    outbox = Outbox(tmp_path)
    for _ in range(2):
        Codes(office.runtime, machine).ask("cilacap", SITI, "1")
        assert [1, 0] == [codes.tick(office.runtime, carriers, outbox, machine) for _ in range(2)]
        [letter] = outbox.letters()
        machine.move_to(machine.now() + timedelta(days=2))

    assert SITI.value in letter.to
    assert 2 == len(set(re.findall(r"Kode masuk Anda|Your code", letter.text)))


def test_two_senders_bring_a_code_once(office: Office, machine: SimulatedClock) -> None:
    """What one has claimed the other leaves, until the lease has run out."""
    Codes(office.runtime, machine).ask("cilacap", SITI, "1")
    first: list[CodeLetter] = list(claim(office.runtime, machine.now()))
    second = list(claim(office.runtime, machine.now()))
    machine.move_to(machine.now() + timedelta(seconds=61))

    assert (1, 0) == (len(first), len(second))
    assert [2] == [each.attempts for each in claim(office.runtime, machine.now())]
