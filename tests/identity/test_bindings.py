"""Which of a government's own accounts enters which account, on a real database."""

from collections.abc import Callable
from functools import partial

import eventlet
import pytest

from shared.application.identity.attempts import Limits
from shared.application.identity.bindings import Bindings, OwnAccount
from shared.application.identity.errors import TooManyAttempts, Unauthenticated
from shared.application.identity.users import Users
from shared.base.caller import Caller
from shared.base.errors import AduanError, Conflict, Invalid, NotFound
from shared.platform.database.pool import Database

_ISSUER = "https://sso.example.go.id"
_HERE = "192.0.2.1"
_MAIL = "siti@cilacap.example"


@pytest.fixture
def users(database_url: str) -> Users:
    """A fresh database with two officers of one government and one of another."""
    made = Users(Database(database_url))
    for tenant, name in (("cilacap", "siti"), ("cilacap", "budi"), ("bantul", "siti")):
        made.add(Caller(tenant=tenant, actor="coordinator", user=name), "kata sandi panjang")
    return made


@pytest.fixture
def bindings(users: Users) -> Bindings:
    """Its bindings."""
    return Bindings(users.database, limits=Limits(from_one_place=3, at_one_account=50, by_one_address=50))


def _who(subject: str, email: str | None = None, issuer: str = _ISSUER) -> OwnAccount:
    return OwnAccount(issuer=issuer, subject=subject, email=email)


def _refused(attempt: Callable[[], object]) -> AduanError:
    with pytest.raises(AduanError) as caught:
        attempt()
    return caught.value


def test_who_is_bound_enters_there_and_nowhere_else(users: Users, bindings: Bindings) -> None:
    """Not at another government, by another issuer, or by an address where a name was said."""
    bindings.bind("cilacap", "Siti", _ISSUER, subject="s-1")
    entered = bindings.enter("cilacap", _who("s-1"), _HERE)
    odd = (
        ("bantul", _who("s-1")),
        ("cilacap", _who("s-1", issuer="https://other.example")),
        ("cilacap", _who("S-1")),
        ("cilacap", _who("s-2", _MAIL)),
    )

    assert Caller(tenant="cilacap", actor="coordinator", user="siti") == entered.caller
    assert users.lives(entered.session)
    assert ["login_unknown"] * 4 == [_refused(partial(bindings.enter, *at, _HERE)).code for at in odd]
    assert {"siti": "s-1"} == bindings.of("cilacap")


def test_an_address_belongs_to_who_comes_with_it_first(bindings: Bindings) -> None:
    """However it is written; of two at the same moment one enters, until the account is bound anew."""
    bindings.bind("cilacap", "siti", _ISSUER, email=f" {_MAIL.upper()} ")

    def enter(subject: str) -> str | None:
        try:
            bindings.enter("cilacap", _who(subject, _MAIL.title()), _HERE)
        except Unauthenticated:
            return None
        return subject

    first = [each for each in eventlet.GreenPool().imap(enter, ["s-1", "s-2"]) if each]
    other = {"s-1", "s-2"} - set(first)
    refused = [enter(each) for each in other]
    bindings.bind("cilacap", "siti", _ISSUER, email=_MAIL)

    assert 1 == len(first)
    assert [None] == refused
    assert other == {enter(each) for each in other}


def test_binding_anew_ends_what_is_open(users: Users, bindings: Bindings) -> None:
    """The account may be somebody else's now; unbound, or shut, nobody enters by it."""
    sessions = []
    for change in (
        lambda: bindings.bind("cilacap", "siti", _ISSUER, subject="s-2"),
        lambda: bindings.unbind("cilacap", "siti"),
        lambda: users.disable("cilacap", "siti"),
    ):
        bindings.bind("cilacap", "siti", _ISSUER, subject="s-1")
        sessions.append(bindings.enter("cilacap", _who("s-1"), _HERE).session)
        change()
        assert "login_unknown" == _refused(lambda: bindings.enter("cilacap", _who("s-1"), _HERE)).code

    assert [False] * 3 == [users.lives(each) for each in sessions]


def test_one_account_of_theirs_enters_one_of_ours(bindings: Bindings) -> None:
    """What is bound already, what is nobody's, and what is no name are told apart for the administrator."""
    bindings.bind("cilacap", "siti", _ISSUER, email=_MAIL)
    bindings.bind("bantul", "siti", _ISSUER, email=_MAIL)
    taken = _refused(lambda: bindings.bind("cilacap", "budi", _ISSUER, email=_MAIL))
    nobody = _refused(lambda: bindings.bind("cilacap", "tidak.ada", _ISSUER, subject="s"))
    odd: list[dict[str, str]] = [{}, {"subject": "s", "email": _MAIL}, {"email": "x"}, {"subject": "s\0"}]
    odd += [{"subject": "s" * 256}, {"email": f"{'x' * 250}@a.example"}, {"email": "a\0@b.example"}]

    assert (Conflict, "binding_taken") == (type(taken), taken.code)
    assert NotFound is type(nobody)
    assert {Invalid} == {type(_refused(partial(bindings.bind, "cilacap", "budi", _ISSUER, **g))) for g in odd}
    assert {"siti": _MAIL} == bindings.of("cilacap")


def test_trying_is_counted(bindings: Bindings) -> None:
    """As wrong passwords are; who is let in is not counted."""
    bindings.bind("cilacap", "siti", _ISSUER, subject="s-1")
    for _ in range(5):
        bindings.enter("cilacap", _who("s-1"), _HERE)
    codes = [_refused(lambda: bindings.enter("cilacap", _who("s-9"), _HERE)) for _ in range(4)]

    assert [Unauthenticated] * 3 + [TooManyAttempts] == [type(each) for each in codes]
