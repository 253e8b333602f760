"""Accounts on a real database: logging in, shutting out, and how often one may guess."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import eventlet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.security import check_password_hash, generate_password_hash

from shared.application.identity import passwords
from shared.application.identity.allowances import Allowance, place_of, use
from shared.application.identity.attempts import Limits
from shared.application.identity.errors import TooManyAttempts, Unauthenticated
from shared.application.identity.membership import administrator
from shared.application.identity.users import Users
from shared.base.caller import Caller
from shared.base.clock import SimulatedClock
from shared.base.errors import AduanError, Conflict, Invalid, NotFound
from shared.base.randomness import SeededRandomness
from shared.platform.database.pool import Database

_PASSWORD = "kata sandi panjang"
_OFFICER = Caller(tenant="cilacap", actor="operator", agency="dpupr", user="siti")
_HERE = "192.0.2.1"


@pytest.fixture
def machine() -> SimulatedClock:
    """The machine's clock, moved by the test."""
    return SimulatedClock(datetime(2026, 10, 1, tzinfo=UTC))


@pytest.fixture
def users(database_url: str, machine: SimulatedClock) -> Users:
    """The accounts of a fresh database, with one officer."""
    made = Users(
        Database(database_url),
        randomness=SeededRandomness("users"),
        machine=machine,
        limits=Limits(from_one_place=3, at_one_account=6, by_one_address=8),
    )
    made.add(_OFFICER, _PASSWORD)
    return made


def _refused(attempt: Callable[[], object]) -> AduanError:
    with pytest.raises(AduanError) as caught:
        attempt()
    return caught.value


def test_logging_in(users: Users) -> None:
    """A name, in any case, and its password stand for the account's identity."""
    entered = users.log_in("cilacap", " Siti ", _PASSWORD, _HERE)

    assert _OFFICER == entered.caller
    assert users.lives(entered.session)


@pytest.mark.parametrize("sign", [" ", "\u200b", "\ue000", "\u0301", "\u3164", "\u0378"])
def test_what_nobody_can_see_is_no_password(users: Users, sign: str) -> None:
    """However long it is."""
    refused = _refused(lambda: users.set_password("cilacap", "siti", sign * 12))

    assert isinstance(refused, Invalid)
    assert {"password": ["required"]} == refused.fields


def test_nobody_can_find_out_who_has_an_account(users: Users) -> None:
    """An unknown name, a wrong password, another tenant and a shut account are refused in the same words."""
    users.add(Caller(tenant="cilacap", actor="coordinator", user="budi"), _PASSWORD)
    users.disable("cilacap", "budi")

    refusals = [
        _refused(lambda: users.log_in("cilacap", "nobody", _PASSWORD, _HERE)),
        _refused(lambda: users.log_in("cilacap", "siti", "wrong password", _HERE)),
        _refused(lambda: users.log_in("bantul", "siti", _PASSWORD, _HERE)),
        _refused(lambda: users.log_in("cilacap", "budi", _PASSWORD, _HERE)),
        _refused(lambda: users.log_in("cilacap", "si\x00ti", _PASSWORD, _HERE)),  # which no database takes
    ]

    assert [("wrong_credentials", 401)] * 5 == [(error.code, error.status) for error in refusals]
    assert all(isinstance(error, Unauthenticated) and not error.params for error in refusals)


def test_an_unknown_name_costs_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an account a hash of the same cost is computed, so that the time taken tells nothing."""
    compared: list[str] = []

    def watched(kept: str, password: str) -> bool:
        compared.append(kept.split("$", maxsplit=1)[0])
        return check_password_hash(kept, password)

    monkeypatch.setattr(passwords, "check_password_hash", watched)
    passwords.matches(passwords.made(_PASSWORD), "wrong password")

    assert not passwords.matches(None, "the password of nobody")
    assert compared[0] == compared[1]


def test_a_shut_account_has_no_tokens(users: Users) -> None:
    """Disabling an account ends its sessions at once, not when their tokens expire."""
    session = users.log_in("cilacap", "siti", _PASSWORD, _HERE).session

    users.disable("cilacap", "siti")

    assert not users.lives(session)


def test_a_new_password_ends_old_sessions(users: Users) -> None:
    """After a change the old password and its sessions are worth nothing, and the new password opens the account."""
    session = users.log_in("cilacap", "siti", _PASSWORD, _HERE).session

    users.set_password("cilacap", "siti", "kata sandi yang baru")

    assert not users.lives(session)
    assert "wrong_credentials" == _refused(lambda: users.log_in("cilacap", "siti", _PASSWORD, _HERE)).code
    assert users.lives(users.log_in("cilacap", "siti", "kata sandi yang baru", _HERE).session)


def test_guessing_is_limited(users: Users, machine: SimulatedClock) -> None:
    """After some wrong passwords from one place even the right one is refused, until the window is over."""
    for _ in range(3):
        _refused(lambda: users.log_in("cilacap", "siti", "wrong password", _HERE))

    refused = _refused(lambda: users.log_in("cilacap", "siti", _PASSWORD, _HERE))
    machine.move_to(machine.now() + timedelta(minutes=15))

    assert ("too_many_attempts", 429, {"seconds": 900}) == (refused.code, refused.status, refused.params)
    assert _OFFICER == users.log_in("cilacap", "siti", _PASSWORD, _HERE).caller


def test_an_officer_is_not_locked_out_by_others(users: Users) -> None:
    """Somebody else's few guesses at an account do not keep its officer out."""
    for _ in range(4):
        _refused(lambda: users.log_in("cilacap", "siti", "wrong password", "198.51.100.7"))

    assert _OFFICER == users.log_in("cilacap", "siti", _PASSWORD, _HERE).caller


def test_guessing_from_many_places_is_limited(users: Users) -> None:
    """One account cannot be guessed at from everywhere without end."""
    for last in range(6):
        _refused(partial(users.log_in, "cilacap", "siti", "wrong password", f"198.51.100.{last}"))

    assert isinstance(_refused(lambda: users.log_in("cilacap", "siti", _PASSWORD, _HERE)), TooManyAttempts)


def test_one_place_cannot_try_many_accounts(users: Users) -> None:
    """One address cannot try a password on every account."""
    for number in range(8):
        _refused(partial(users.log_in, "cilacap", f"officer{number}", "wrong password", _HERE))

    assert isinstance(_refused(lambda: users.log_in("cilacap", "siti", _PASSWORD, _HERE)), TooManyAttempts)


def test_logging_in_is_not_guessing(users: Users) -> None:
    """Who knows the password may log in as often as they like."""
    callers = [users.log_in("cilacap", "siti", _PASSWORD, _HERE).caller for _ in range(10)]

    assert [_OFFICER] * 10 == callers


def test_guesses_at_once_count_each(users: Users) -> None:
    """A volley of guesses gets no more tries than guesses one after the other."""

    def guess() -> str:
        return _refused(lambda: users.log_in("cilacap", "siti", "wrong password", _HERE)).code

    pool = eventlet.GreenPool()
    codes = [each.wait() for each in [pool.spawn(guess) for _ in range(12)]]

    assert 3 == codes.count("wrong_credentials")


def test_what_is_counted_for_a_minute_lets_go_of_no_longer_count(users: Users, machine: SimulatedClock) -> None:
    """All counts lie in one table: who asks for something with a short window does not end others' windows by it."""
    for _ in range(3):
        _refused(lambda: users.log_in("cilacap", "siti", "wrong password", _HERE))
    machine.move_to(machine.now() + timedelta(minutes=2))

    use(users.database, machine, Allowance(9, timedelta(minutes=1)), "anything", "198.51.100.0/24", "too_many_posts")

    assert isinstance(_refused(lambda: users.log_in("cilacap", "siti", _PASSWORD, _HERE)), TooManyAttempts)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("", ""),
    ],
)
def test_a_place_is_a_network(address: str, place: str) -> None:
    """Who has one address of it mostly has them all; what is no address is a place of its own."""
    assert place == place_of(address)


def test_names_and_addresses_are_not_kept(users: Users) -> None:
    """The count of attempts holds neither an account's name nor anybody's address."""
    _refused(lambda: users.log_in("cilacap", "siti", "wrong password", _HERE))
    with users.database.autocommit() as cursor:
        cursor.execute("SELECT key FROM identity.attempts")
        keys = [bytes(row[0]) for row in cursor.fetchall()]

    assert [32, 32, 32] == [len(key) for key in keys]


def test_accounts_can_be_listed(users: Users) -> None:
    """The list names role and office, one tenant's or all, and never a hash."""
    users.add(administrator("root"), _PASSWORD)

    assert [("*", "root", True), ("cilacap", "siti", False)] == [
        (user.tenant, user.username, user.admin) for user in users.all()
    ]
    assert ["siti"] == [user.username for user in users.all("cilacap")]
    assert not any("hash" in name or "password" in name for name in vars(users.all()[0]))


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [("Siti Aminah", _PASSWORD, "username"), ("x", _PASSWORD, "username"), ("budi", "pendek", "password")],
)
def test_an_unfit_account_is_refused(users: Users, username: str, password: str, field: str) -> None:
    """A name that is no account name, or a password that can be guessed, is refused by the field."""
    with pytest.raises(Invalid) as caught:
        users.add(Caller(tenant="cilacap", actor="coordinator", user=username), password)

    assert [field] == list(caught.value.fields)


def test_a_name_is_given_once(users: Users) -> None:
    """A tenant has one account of a name; another tenant may have its own."""
    with pytest.raises(Conflict):
        users.add(_OFFICER, _PASSWORD)

    assert "siti" == users.add(Caller(tenant="bantul", actor="operator", agency="dpu", user="siti"), _PASSWORD).username


def test_an_account_that_is_not_there(users: Users) -> None:
    """Shutting an unknown account is an error, so that a slip of the pen is noticed."""
    with pytest.raises(NotFound):
        users.disable("cilacap", "nobody")


_SPELLINGS = (
    "Caf\u00e9 Dayeuhluhur",
    "Cafe\u0301 Dayeuhluhur",
    "\uff23af\u00e9\u00a0Dayeuhluhur",
    "Caf\u00e9 Dayeuhluhur",
)


@pytest.mark.parametrize("typed", _SPELLINGS, ids=ascii)
@pytest.mark.parametrize("chosen", _SPELLINGS, ids=ascii)
def test_a_password_may_be_typed_on_any_keyboard(users: Users, chosen: str, typed: str) -> None:
    """What looks the same is the same password, whichever signs it was chosen and typed with."""
    users.add(Caller(tenant="cilacap", actor="coordinator", user="budi"), chosen)

    assert "budi" == users.log_in("cilacap", "budi", typed, _HERE).caller.user


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))
def test_all_canonically_equal_passwords_are_one(text: str) -> None:
    """Whatever the letters: composed, decomposed and compatible forms give one hash's password."""
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")} | {text}

    assert 1 == len({passwords.normalised(form) for form in forms})


@pytest.mark.parametrize("typed", _SPELLINGS[:2], ids=ascii)
@pytest.mark.parametrize("kept", _SPELLINGS[:2], ids=ascii)
def test_a_hash_of_before_still_opens(kept: str, typed: str) -> None:
    """Accounts were made of what was typed, before passwords were brought into one form."""
    before = generate_password_hash(kept, method="scrypt:1024:8:1")

    assert passwords.matches(before, typed)
    assert not passwords.matches(before, typed + "!")


def test_a_hash_of_before_is_made_anew_at_todays_cost_by_the_next_log_in(users: Users) -> None:
    """With the same password; visits that were open go on, and a hash of today is left as it is."""
    before = generate_password_hash(_PASSWORD, method="scrypt:512:8:1")

    def kept() -> str:
        with users.database.autocommit() as at:
            at.execute("SELECT password_hash FROM identity.users WHERE username = 'siti'")
            [(found,)] = at.fetchall()
        return str(found)

    with users.database.autocommit() as at:
        at.execute("UPDATE identity.users SET password_hash = %s WHERE username = 'siti'", (before,))
    session = users.log_in("cilacap", "siti", _PASSWORD, _HERE).session
    renewed = kept()
    users.log_in("cilacap", "siti", _PASSWORD, _HERE)

    assert (True, False) == (passwords.outdated(before), passwords.outdated(renewed))
    assert users.lives(session)
    assert renewed == kept()


def test_a_new_password_is_hashed_before_its_transaction_begins(users: Users) -> None:
    """It takes a tenth of a second, in which no transaction is held; once, however often that is tried."""
    made: list[str] = []

    def make(password: str) -> str:
        made.append(password)
        return passwords.made(password)

    users = replace(users, make=make)
    budi, new = replace(_OFFICER, user="budi"), "kata sandi yang baru"
    opening, renewing = users.opening(budi, _PASSWORD), users.renewing("cilacap", "siti", new)
    before = list(made)
    with users.database.transaction() as at:
        opening(at)
        renewing(at)

    assert [_PASSWORD, new] == before == made
    assert budi == users.log_in("cilacap", "budi", _PASSWORD, _HERE).caller
    assert _OFFICER == users.log_in("cilacap", "siti", new, _HERE).caller

    users.add(replace(_OFFICER, user="tini"), _PASSWORD)
    users.set_password("cilacap", "siti", _PASSWORD)

    assert [_PASSWORD, new, _PASSWORD, _PASSWORD] == made


@pytest.mark.parametrize("text", ["\ud800" * 12, "kata sandi \udcff panjang"], ids=ascii)
def test_half_a_sign_is_no_password(users: Users, text: str) -> None:
    """What is no text is refused, not an error of ours."""
    assert {"password": ["invalid"]} == _refused(lambda: users.set_password("cilacap", "siti", text)).fields
    assert "wrong_credentials" == _refused(lambda: users.log_in("cilacap", "siti", text, _HERE)).code
