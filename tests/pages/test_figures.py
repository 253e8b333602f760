"""The board, the recap, and the figures for everybody."""

import csv
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from portal.pages.figures import bars, months
from portal.pages.figures.tiles import tiles
from tests.journey.installation import Api, officer
from tests.pages.desks import Desks
from tests.pages.gallery import Gallery, answered
from tests.pages.screen import DESK, Screen
from tests.pages.visitor import Visitor

Visitors = Callable[..., Visitor]


def _disposed(api: Api, agency: str = "dpupr", **complaint: str) -> str:
    receipt = api.file("cilacap", message="Jalan rusak di depan pasar", **complaint)
    done = api.act(officer("cilacap", "coordinator"), receipt["id"], "dispose", agency=agency, despite="Nama menyusul")
    assert done.ok
    api.rest()
    return str(receipt["ticket"])


def test_the_board_tells_what_lies_where_and_leads_to_the_list(api: Api, desks: Desks) -> None:
    """A row for each office and step with its count, and the list behind it."""
    ticket = _disposed(api, "dispertan")
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get("/cilacap/papan")
    link = next(
        each.attributes["href"]
        for each in page.all("a")
        if "step=receive" in each.attributes["href"] and "agency=dispertan" in each.attributes["href"]
    )
    behind = somebody.get(link)

    assert "Dinas Pertanian" in page.text
    assert ticket in behind.text


def test_an_office_sees_its_own_part_of_the_board_and_the_recap(api: Api, desks: Desks) -> None:
    """Nothing of other offices, and it is said that this is a part."""
    _disposed(api)
    somebody = desks.enter("cilacap", "operator", "dishub")
    board, recap = somebody.get("/cilacap/papan"), somebody.get("/cilacap/rekap/2026-10")

    assert "Dinas Pekerjaan Umum" not in board.text
    assert "Bagian dinas Anda saja." in recap.text


def test_the_recap_tells_the_month_compares_it_and_comes_as_a_file(api: Api, desks: Desks) -> None:
    """The sentence, the tiles, the figures with their numbers, and the register in three forms."""
    _disposed(api)
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get("/cilacap/rekap/2026-10", params={"banding": "2026-09"})
    files = {
        form: somebody.session.get(f"{api.address}/cilacap/buku/2026-10.{form}", timeout=60)
        for form in ("csv", "xlsx", "pdf")
    }

    by_channel = [each for each in page.all("a") if "saluran=web" in each.attributes["href"]]
    of_channel = somebody.session.get(api.address + by_channel[0].attributes["href"], timeout=60)

    assert "Rekap aduan Oktober 2026" == page.heading
    assert (3, 200, b"PK\x03") == (len(by_channel), of_channel.status_code, of_channel.content[:3])
    assert "lebih banyak" in page.text
    assert page.all("table", class_="bars")
    assert page.all("svg", class_="columns")
    assert all(told in page.text for told in ("Hari demi hari", "Dikembalikan, menurut sebabnya"))
    assert {"csv": b"No,", "xlsx": b"PK\x03", "pdf": b"%PDF"[:3]} == {
        form: answer.content[:3] for form, answer in files.items()
    }
    assert all("attachment" in answer.headers["Content-Disposition"] for answer in files.values())


def test_a_month_and_a_year_are_kept_as_files(api: Api, desks: Desks) -> None:
    """The page's figures in three forms, for the reader's part; an office's file holds its own part only."""
    _disposed(api)
    receipt = api.file("cilacap", message="Jalan rusak di depan pasar", reporter={"name": "Siti", "address": "Hanum"})
    assert api.reporter("cilacap", receipt, "ask-about-data", kind="access").ok
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get("/cilacap/rekap/2026")
    shown = somebody.get("/cilacap/rekap/2026-10").text
    links = [each.attributes["href"] for each in page.all("a") if each.attributes["href"].endswith(".csv")]
    year = list(csv.reader(somebody.session.get(api.address + links[0], timeout=60).text.lstrip("\ufeff").splitlines()))
    month = somebody.session.get(f"{api.address}/cilacap/rekap/2026-10.csv", timeout=60).text
    kinds = {
        form: somebody.session.get(f"{api.address}/cilacap/rekap/{period}.{form}", timeout=60).content[:4]
        for period in ("2026", "2026-10")
        for form in ("xlsx", "pdf")
    }
    elsewhere = desks.enter("cilacap", "operator", "dinkes")
    other = elsewhere.session.get(f"{api.address}/cilacap/rekap/2026-10.csv", timeout=60)
    own = elsewhere.get("/cilacap/rekap/2026")
    october = next(row for row in year if row and row[0] == "Oktober 2026")
    whole = next(row for row in year if row and row[0] == "Setahun")

    listed = [next(row.text for row in each.all("tr") if "Oktober 2026" in row.text) for each in (page, own)]
    standings = (
        "Masih berjalan; angkanya sementara.",
        "Disusun",
        "Sedang disusun",
        "Sudah lewat; dihitung dari catatan.",
    )
    registers = {each.attributes["href"] for each in page.all("a") if "/buku/2026-10" in each.attributes["href"]}

    assert all(any(told in row for told in standings) for row in listed)
    assert listed[0].replace(".", "").startswith(f"Oktober 2026\n{october[1]}\n")
    assert {f"/cilacap/buku/2026-10.{form}" for form in ("xlsx", "pdf", "csv")} == registers
    assert 0 < int(october[1]) == int(whole[1])
    assert f"Semua,,{october[1]}," in month
    for kind in ("Salinan", "Pembetulan", "Penghapusan"):
        assert f"Permintaan tentang data pribadi,{kind} data," in month
    for part in ("Hari demi hari,2026-10-05,", "Lama sampai jawaban pertama,", "Di langkah mana waktu terpakai,"):
        assert part in month, part
    assert "Permintaan tentang data pribadi" in shown
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in month
    assert {"xlsx": b"PK\x03\x04", "pdf": b"%PDF"} == kinds
    assert "Dinas Pekerjaan Umum" not in other.text


@pytest.mark.parametrize(
    "path",
    [
        "rekap/2026.exe",
        "rekap/1800.pdf",
        "rekap/2026-13.csv",
        "rekap/2026-13",
        "rekap/x",
        "kinerja/26-10",
        "buku/2026-10.exe",
    ],
)
def test_what_is_no_month_is_nothing(desks: Desks, path: str) -> None:
    """An address that means nothing says so."""
    assert 404 == desks.enter("cilacap", "coordinator").get(f"/cilacap/{path}").status


def test_a_month_of_few_complaints_is_not_told(visitor: Visitors) -> None:
    """Who knows of one of them would know of the others."""
    page = visitor().get("/bantul/kinerja/2020-01")

    assert 200 == page.status
    assert "Kurang dari lima aduan" in page.text
    assert not page.all("ul", class_="kpis")


def test_everybody_sees_figures_and_nobody_in_them(api: Api, visitor: Visitors) -> None:
    """No name, no ticket, no role; small counts are not told."""
    ticket = _disposed(api, title="Judul rahasia")
    for _ in range(5):
        for office in ("dispertan", "dishub", "dpupr"):
            _disposed(api, office)
    for _ in range(2):  # steps that this office had in its hands, more of its complaints than the others have
        answered(api)
    page = visitor().get("/cilacap/kinerja/2026-10")

    assert 200 == page.status
    assert "Kinerja Oktober 2026" == page.heading
    assert page.all("ul", class_="kpis")
    data = f"{api.address}/cilacap/data/rekap-2026-10"
    hands = visitor().session.get(f"{data}.json", timeout=60).json()["own_hands"]
    table = csv.DictReader(visitor().session.get(f"{data}.csv", timeout=60).text.splitlines())
    assert "dpupr" in [each["id"] for each in hands]
    assert [(each["id"], str(each["late"] if each["late"] is not None else "")) for each in hands] == [
        (row["id"], row["beyond_standard"]) for row in table if row["part"] == "own_hands"
    ]
    assert "Tepat waktu menurut dinas Hanya waktu di tangan sendiri." in page.text
    for private in (ticket, "Judul rahasia", "Admin Utama"):
        assert private not in page.html


@pytest.mark.parametrize(
    ("month", "before", "after"), [("2026-01", "2025-12", "2026-02"), ("2026-12", "2026-11", "2027-01")]
)
def test_months_follow_one_another(month: str, before: str, after: str) -> None:
    """Over the turn of the year too."""
    assert (before, after) == (months.before(month), months.after(month))


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("Oktober 2026", "2026-10"),
        (" OCTOBER  2025", "2025-10"),
        ("2026-1", "2026-01"),
        ("1/2026", "2026-01"),
        ("mei", "2026-05"),
        ("November", "2025-11"),
        ("13/2026", None),
        ("oktober kemarin", None),
        ("oktober 12026", None),
        ("Kroya", None),
        ("", None),
    ],
)
def test_a_month_is_meant_by_its_name(typed: str, month: str | None) -> None:
    """In either language and in figures; without a year the last that has begun."""
    assert month == months.meant(typed, datetime.fromisoformat("2026-10-05T08:00:00+07:00"))


def test_a_month_has_its_days() -> None:
    """The first and the last, of a leap year too."""
    assert [("2026-10-01", "2026-10-31"), ("2028-02-01", "2028-02-29")] == [
        months.days_of(each) for each in ("2026-10", "2028-02")
    ]


def test_a_figure_leads_to_the_complaints_of_its_month(api: Api, desks: Desks) -> None:
    """And to no others: the list behind it holds as many as it says."""
    ticket = _disposed(api, category="KESEHATAN")
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get("/cilacap/rekap/2026-10")
    addresses = [each.attributes["href"] for each in page.all("a") if "/semua?" in each.attributes["href"]]
    behind = somebody.get(next(each for each in addresses if "category=KESEHATAN" in each))

    assert all("since=2026-10-01" in each and "until=2026-10-31" in each for each in addresses)
    assert {"agency", "category", "channel"} <= {each.rpartition("&")[2].partition("=")[0] for each in addresses}
    assert ticket in behind.text


def test_a_main_figure_leads_to_its_list(api: Api, desks: Desks) -> None:
    """What was answered, what was in time; nobody but officers is led to a list."""
    ticket = answered(api)["ticket"]
    waiting = api.file("cilacap", message="Belum dijawab")["ticket"]
    api.rest()
    somebody = desks.enter("cilacap", "coordinator")
    page = somebody.get("/cilacap/rekap/2026-10")
    addresses = [each.attributes["href"] for each in page.all("a", class_="kpi")]
    lists = [somebody.leaf_through(each) for each in addresses[:3]]
    public = somebody.get("/cilacap/kinerja/2026-10")

    assert ["", "answered", "met"] == [each.partition("counted=")[2] for each in addresses[:3]]
    assert [True, True, True] == [ticket in each for each in lists]
    assert [True, False, False] == [waiting in each for each in lists]
    assert "/semua" not in public.html


_READ = "return [...document.querySelectorAll('.figures details table')].map((one) => one.checkVisibility())"


@pytest.mark.browser
def test_on_paper_the_numbers_of_a_figure_stand_open(screen: Screen, gallery: Gallery) -> None:
    """Nobody unfolds anything there; on the screen they stay folded until they are asked for."""
    screen.become(gallery.doors["coordinator"])
    screen.width(DESK)
    screen.open("/cilacap/rekap/2026-10")
    shown = screen.run(_READ)
    screen.paper(on=True)
    printed = screen.run(_READ)

    assert shown
    assert (False, True) == (any(shown), all(printed))


@pytest.mark.parametrize(
    ("share", "mean", "told"),
    [
        (0.8, 4.0, ("sama dengan pembanding", "sama dengan pembanding")),
        (0.80001, 4.001, ("sama dengan pembanding", "sama dengan pembanding")),
        (0.85, 4.5, ("naik 5 poin", "naik 0,5")),
        (0.75, 3.5, ("turun 5 poin", "turun 0,5")),
    ],
)
def test_a_main_figure_that_is_as_before_says_so(share: float, mean: float, told: tuple[str, str]) -> None:
    """As counts do; no figure rises by nothing, nor by less than is shown."""

    def recap(share: float, mean: float) -> dict[str, Any]:
        within, ratings = {"met": 8, "missed": 2, "share": share}, {"mean": mean, "count": 9}
        counts = {"filed": 10, "answered": 10, "open": 0, "wrong_dispositions": 0}
        return {**counts, "within_standard": within, "ratings": ratings}

    with Flask("test").test_request_context("/?bahasa=id"):
        drawn = tiles(recap(share, mean), recap(0.8, 4.0))

    assert told == tuple(drawn[place].under.partition("; ")[2] for place in (2, 4))


def test_offices_are_compared_by_their_own_hands_without_ranks() -> None:
    """In the order of the alphabet, or by share; those of whom there is too little stand apart, whatever it is."""
    holders: list[dict[str, Any]] = [
        {"agency": "b", "agency_name": "Bappeda", "held": 20, "own_breached": 10},
        {"agency": "a", "agency_name": "Arsip", "held": 20, "own_breached": 1},
        {"agency": "a", "agency_name": "Arsip", "held": 20, "own_breached": 1},
        {"agency": "c", "agency_name": "Camat", "held": 3, "own_breached": 0},
        {"agency": None, "agency_name": None, "held": 90, "own_breached": 0},
    ]
    with Flask("test").test_request_context("/?bahasa=id"):
        drawn = bars.in_time(holders, 0.85)
        late = {"a": 10, "b": 1, "c": 0}
        swapped = [{**each, "own_breached": late.get(str(each["agency"]), 0)} for each in holders]
        by_share = bars.in_time(swapped, 0.85, by_share=True)

    assert [("Arsip", "95 %", "good"), ("Bappeda", "50 %", "weak"), ("Camat", "100 %", "few")] == [
        (bar.label, " ".join(bar.told.split()), bar.tone) for bar in drawn
    ]
    known: list[dict[str, Any]] = [
        {"id": "b", "name": "Bappeda", "held": 20, "in_time": 10, "late": 10},
        {"id": "a", "name": "Arsip", "held": 40, "in_time": None, "late": None},
        {"id": "c", "name": "Camat", "held": None, "in_time": None, "late": None},
    ]
    with Flask("test").test_request_context("/?bahasa=id"):
        everybodys = bars.publicly_in_time(known, 0.85)
    assert [("Bappeda", "50 %", "weak"), ("Arsip", "-", "few"), ("Camat", "kurang dari 5", "few")] == [
        (bar.label, " ".join(bar.told.split()), bar.tone) for bar in everybodys
    ]
    assert all(0 <= bar.length <= bars.WIDTH and bar.target == 85 for bar in drawn)
    assert ["Bappeda", "Arsip", "Camat"] == [bar.label for bar in by_share]
