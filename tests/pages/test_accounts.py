"""Officers' accounts: opened and shut by an administrator, with a password that its officer changes."""

from collections.abc import Callable

from tests.journey.installation import Api
from tests.pages.desks import PASSWORD, Desks
from tests.pages.visitor import Page, Visitor

Visitors = Callable[..., Visitor]


def test_an_administrator_opens_and_shuts_an_account(api: Api, desks: Desks, visitor: Visitors) -> None:
    """The password is shown once, works, and works no more when the account is shut."""
    del api
    chief = desks.administrator("cilacap")
    page = chief.get("/cilacap/kelola/akun")
    wrong = chief.send(page, "/kelola/akun", deed="open", username="baru.sekali", actor="operator", agency="")
    made = chief.send(page, "/kelola/akun", deed="open", username="baru.sekali", actor="operator", agency="dishub")
    password = made.one("p", class_="code").text
    entered = _enter(visitor(), "baru.sekali", password)
    form = made.form("/keluar").values
    given = {"tanda": form["tanda"], "username": "baru.sekali", "deed": "shut", "why": "Pindah tugas"}
    shut = chief.post("/cilacap/kelola/akun", given)
    history = chief.get("/cilacap/kelola/instansi/petugas/baru.sekali").text
    again = _enter(visitor(), "baru.sekali", password)

    assert 422 == wrong.status
    [unused, used] = [_row_of("baru.sekali", each) for each in (made, shut)]
    assert (True, False) == ("belum pernah dipakai" in unused, "terakhir terlihat" in unused)
    assert "terakhir terlihat" in used
    assert "Kotak masuk Dinas Perhubungan" == entered.heading
    assert password not in chief.get("/cilacap/kelola/akun").html
    assert "baru.sekali sudah ditutup" in shut.text
    assert "uji.admin: akun ditutup. Sebab: Pindah tugas" in history
    assert "uji.admin: akun dibuka." in history
    assert 401 == again.status


def test_an_officer_changes_their_password_and_ends_their_visits(api: Api, desks: Desks, visitor: Visitors) -> None:
    """The visit goes on here and ends elsewhere; the old password is of no use."""
    del api
    name = desks.account("cilacap", "liaison", "dlh")  # nobody else's: its password is another afterwards
    here, elsewhere = visitor(), visitor()
    _enter(here, name, PASSWORD)
    _enter(elsewhere, name, PASSWORD)
    page = here.get("/cilacap/akun")
    wrong = here.send(page, "/akun", old="salah", new="kata sandi yang baru", again="kata sandi yang baru", akhiri=None)
    done = here.send(page, "/akun", old=PASSWORD, new="kata sandi yang baru", again="kata sandi yang baru", akhiri=None)

    assert 422 == wrong.status
    assert "Kata sandi sudah diganti." in done.text
    assert "Masuk petugas" == elsewhere.get("/cilacap/meja").heading
    assert 401 == _enter(visitor(), name, PASSWORD).status


def _row_of(name: str, page: Page) -> str:
    """What a list of accounts tells of one."""
    return next(each.text for each in page.all("tr") if name in each.text.split())


def _enter(somebody: Visitor, name: str, password: str) -> Page:
    return somebody.send(somebody.get("/cilacap/masuk"), "/masuk", username=name, password=password)
