"""Officers who log in with their government's own account: who is let in, and what is told to everybody else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cli.installation import running
from shared.application.identity.bindings import Bindings
from shared.application.identity.users import Users
from tests.fixtures.oidc_provider import SENT_BACK, OidcProvider
from tests.journey.installation import Api
from tests.pages.desks import PASSWORD, Desks, filed
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]

_IN = "Masuk dengan akun pemerintah"
_UNKNOWN = "Akun pemerintah ini tidak terhubung dengan akun petugas."
_DOUBTED = "Jawaban layanan akun pemerintah tidak dapat dipercaya."
_OVER = "Proses masuk ini sudah lewat waktunya atau dimulai di peramban lain."


@pytest.fixture(scope="module")
def officer(api: Api, desks: Desks, signing: OidcProvider) -> str:
    """An account that is entered by the provider's ``sub-1``."""
    name = desks.account("cilacap", "liaison", "dinkes")
    _bind(api, signing, name, subject="sub-1")
    return name


@pytest.fixture
def bound(officer: str, signing: OidcProvider) -> Iterator[str]:
    """Whose officer comes, and all is well."""
    signing.well(sub="sub-1")
    yield officer
    signing.well()


def _bind(api: Api, signing: OidcProvider, name: str, **who: str) -> None:
    assert api.data is not None
    with running(api.data) as runtime:
        Bindings(runtime.database).bind("cilacap", name, signing.address, **who)


def _sent_back(somebody: Visitor, path: str = "/cilacap/masuk/oidc") -> str:
    """Go to the provider; the address to which it sends back, not yet gone to."""
    there = somebody.session.get(somebody.address + path, timeout=60, allow_redirects=False).headers["Location"]
    return somebody.session.get(there, timeout=60, allow_redirects=False).headers["Location"]


def _inside(somebody: Visitor) -> bool:
    return somebody.get("/cilacap/meja").heading != "Masuk petugas"


def test_an_officer_enters_as_an_administrator_said(
    api: Api, desks: Desks, signing: OidcProvider, visitor: Visitors
) -> None:
    """Bound on the page of accounts by a verified address; then the visit is like any other."""
    del api
    name, chief, somebody = desks.account("cilacap", "operator", "dinkes"), desks.administrator("cilacap"), visitor()
    signing.well(sub="dinkes-1", email="Operator.Dinkes@Cilacap.example", email_verified=True)
    page = chief.get("/cilacap/kelola/akun")
    form = next(each for each in page.forms if each.values.get("deed") == "bind")
    given = {**form.values, "username": name, "email": "operator.dinkes@cilacap.example"}
    made = chief.post("/cilacap/kelola/akun", given)
    wrong = [
        chief.post("/cilacap/kelola/akun", {**given, **odd})
        for odd in ({"subject": "x"}, {"email": ""}, {"email": "surel"}, {"email": "", "subject": "a\x7fb"})
    ]
    door = somebody.get("/cilacap/masuk", params={"lanjut": "/cilacap/semua"})
    entered = somebody.get(next(each for each in door.all("a") if _IN in each.text).attributes["href"])
    history = chief.get(f"/cilacap/kelola/instansi/petugas/{name}").text
    ended = chief.post("/cilacap/kelola/akun", {**given, "email": "", "deed": "unbind"})

    assert f"Akun {name} dihubungkan" in made.text
    assert [422] * 4 == [each.status for each in wrong]
    assert [(name, "")] * 4 == [
        (each.one("option", selected="").attributes["value"], each.one("input", id="username").attributes["value"])
        for each in wrong
    ]
    assert entered.address.endswith("/cilacap/semua"), entered.text
    assert "dihubungkan dengan akun pemerintah" in history
    assert f"Akun {name} dilepas" in ended.text
    assert not _inside(somebody)


def test_nobody_else_gets_in_and_all_read_alike(
    api: Api, desks: Desks, signing: OidcProvider, visitor: Visitors
) -> None:
    """Unknown, shut, an address that nobody verified, and one that has become somebody else's."""
    name, shut = desks.account("cilacap", "operator", "dlh"), desks.account("cilacap", "operator", "disdikbud")
    _bind(api, signing, name, email="dlh@cilacap.example")
    _bind(api, signing, shut, subject="shut-1")
    assert api.data is not None
    with running(api.data) as runtime:
        Users(runtime.database).disable("cilacap", shut)
    address = {"email": "dlh@cilacap.example"}
    read = []
    for person in (
        {"sub": "nobody"},
        {"sub": "shut-1"},
        {"sub": "dlh-1", **address},
        {"sub": "dlh-1", **address, "email_verified": "true"},
        {"sub": "dlh-1", **address, "email_verified": True},
        {"sub": "dlh-2", **address, "email_verified": True},
    ):
        signing.well(**person)
        somebody = visitor()
        read.append((somebody.get("/cilacap/masuk/oidc"), _inside(somebody)))
    with running(api.data) as runtime:
        Users(runtime.database).set_password("cilacap", shut, PASSWORD)

    assert [False, False, False, False, True, False] == [inside for _, inside in read]
    refused = [page for page, inside in read if not inside]
    assert {401} == {page.status for page in refused}
    assert 1 == len({page.text for page in refused})
    assert _UNKNOWN in refused[0].text


@pytest.mark.parametrize(
    ("claims", "how"),
    [
        ({"nonce": "another"}, {}),
        ({"nonce": None}, {}),
        ({"aud": "somebody"}, {}),
        ({"aud": ["aduan", "somebody"], "azp": "somebody"}, {}),
        ({"aud": None}, {}),
        ({"iss": "https://sso.example"}, {}),
        ({"exp": 1_700_000_000}, {}),
        ({"exp": None}, {}),
        ({"iat": 4_000_000_000, "exp": 4_100_000_000}, {}),
        ({"sub": None}, {}),
        ({"sub": ""}, {}),
        ({"sub": ["sub-1"]}, {}),
        ({"exp": "tomorrow"}, {}),
        ({"exp": float("inf"), "iat": float("nan")}, {}),
        ({"at_hash": 5}, {}),
        ({"aud": {"aduan": 1}}, {}),
        ({"sub": "sub\x001"}, {}),
        ({"sub": "\ud800"}, {}),
        ({}, {"algorithm": "none"}),
        ({}, {"algorithm": "HS256"}),
        ({}, {"stranger": True}),
    ],
)
def test_a_word_that_does_not_fit_is_not_believed(
    bound: str, signing: OidcProvider, visitor: Visitors, claims: dict[str, Any], how: dict[str, Any]
) -> None:
    """Of another trip, for others, by others, too old or unsigned: told as that, and nobody is let in."""
    del bound
    signing.twisted = claims
    signing.algorithm = how.get("algorithm", "RS256")
    if "stranger" in how:
        signing.stranger = OidcProvider().key
    somebody = visitor()
    page = somebody.get("/cilacap/masuk/oidc")

    assert (401, True) == (page.status, _DOUBTED in page.text), page.text
    assert "Masuk petugas" == page.heading
    assert not _inside(somebody)


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        ("away", 503, "tidak menjawab"),
        ("broken", 503, "tidak menjawab"),
        ("other client", 503, "menolak Aduan"),
        ("drips", 503, "tidak menjawab"),
        ("access_denied", 401, "tidak meloloskan Anda"),
        ("temporarily_unavailable", 503, "tidak menjawab"),
        ("unauthorized_client", 503, "menolak Aduan"),
    ],
)
def test_a_provider_that_fails_is_told_of(
    bound: str, signing: OidcProvider, visitor: Visitors, fault: str, status: int, told: str
) -> None:
    """No page fails by it, no wait is without end, and the password is still asked for."""
    del bound
    somebody = visitor()
    back = _sent_back(somebody) if fault not in SENT_BACK else ""
    signing.fault = fault
    page = somebody.get(back or "/cilacap/masuk/oidc")

    assert (status, True) == (page.status, told in page.text), page.text
    assert "username" in page.form("/masuk").values


def test_a_trip_is_one_browsers_and_made_once(bound: str, signing: OidcProvider, visitor: Visitors) -> None:
    """Another browser's return, a changed one, none at all, and one that is sent once more let nobody in."""
    del bound, signing
    somebody, other, careless = visitor(), visitor(), visitor()
    back = _sent_back(somebody)
    _sent_back(other)
    _sent_back(careless)
    first = [visitor().get(back), other.get(back), careless.get(back.replace("state=", "state=x"))]
    odd = [
        visitor().get(f"/cilacap/masuk/oidc/kembali{words}") for words in ("", "?state=", "?state=%00&code=%ff&code=2")
    ]
    entered = somebody.get(back)
    again = visitor()
    again.session.cookies.update(careless.session.cookies)
    last = [somebody.get(back), again.get(back)]

    assert {(401, True)} == {(page.status, _OVER in page.text) for page in (*first, *odd, *last)}
    assert entered.address.endswith("/cilacap/meja")
    assert [False, False] == [_inside(other), _inside(careless)]


def test_a_new_key_is_looked_for(bound: str, signing: OidcProvider, visitor: Visitors) -> None:
    """A provider changes its keys without telling anybody; its description is asked for once only."""
    del bound
    first, second = visitor(), visitor()
    first.get("/cilacap/masuk/oidc")
    before = signing.asked.count("/.well-known/openid-configuration")
    signing.new_key()
    second.get("/cilacap/masuk/oidc")

    assert [True, True] == [_inside(first), _inside(second)]
    assert before == signing.asked.count("/.well-known/openid-configuration")


def test_it_is_offered_where_it_is_set_up_only(visitor: Visitors) -> None:
    """Elsewhere there is no such address; a provider that is away is told of, and the password asked for."""
    pages: list[Page] = [visitor().get(f"/{tenant}/masuk") for tenant in ("cilacap", "trenggalek", "bantul")]
    away = visitor().get("/trenggalek/masuk/oidc?lanjut=/trenggalek/semua")
    odd = [
        visitor().get(f"/cilacap/masuk/oidc?{words}").status for words in ("lanjut=a&lanjut=b", "lanjut=" + "x" * 3000)
    ]
    none = [visitor().get(f"/bantul/masuk/oidc{path}").status for path in ("", "/kembali?state=a&code=b")]

    assert [True, True, False] == [_IN in page.text for page in pages]
    assert (503, True) == (away.status, "tidak menjawab" in away.text)
    assert "/trenggalek/semua" == away.form("/masuk").values["lanjut"]
    assert [422, 422] == odd
    assert [404, 404] == none


def test_a_form_that_came_too_late_is_not_lost_on_the_way(bound: str, api: Api, visitor: Visitors) -> None:
    """Shown again after the trip; not to whoever opens the log-in by themselves, and not carried if it is too long."""
    del bound
    ticket = filed(api)["ticket"]
    somebody = visitor()

    def late_by(who: Visitor, text: str) -> Page:
        token = who.get("/cilacap/lacak").form("/lacak").values["tanda"]
        return who.post(f"/cilacap/berkas/{ticket}/catatan", {"tanda": token, "text": text})

    asked = late_by(somebody, "Sudah saya telepon")
    failed = somebody.get("/cilacap/masuk/oidc/kembali?state=x&code=y")
    back = somebody.get("/cilacap/masuk/oidc")
    long = late_by(visitor(), "panjang " * 500)
    anew = visitor()
    late_by(anew, "Sudah saya telepon")
    anew.get("/cilacap/masuk")

    assert _IN in asked.text
    assert failed.form("/masuk").values["titipan"]
    assert "Tulisan Anda masih ada" == back.heading
    assert back.form(f"/berkas/{ticket}/lanjut").values["titipan"]
    assert (False, True) == (_IN in long.text, "terlalu panjang untuk dibawa" in long.text)
    assert anew.get("/cilacap/masuk/oidc").address.endswith("/cilacap/meja")
