"""Letters' texts edited in the browser: read by the next letter, refused where none could be written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from cli.doctoring.edited import edited_lines
from cli.doctoring.line import FAIL
from cli.installation import running
from portal.pages.officer.letter_example import example
from services.notify.outbox import Outbox
from shared.application.letter_words import save, versions
from shared.base.errors import Conflict
from shared.domain.letters import VALUES
from tests.cli.command import aduan_here
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api
from tests.pages.desks import Desks
from tests.pages.visitor import Page, Visitor

PATH = "/trenggalek/kelola/surat"
RECEIPT = "/reporter/complaint_filed"
OWN = "Laporan {{ ticket }} kami simpan\n\nSalam, {{ name }}. Kode: {{ code }}\n"
ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ticket.__init__.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum(100000) }}",
    "{{ ticket|attr('__class__') }}",
    "{{ '%s'|format(ticket) }}",
    "{{ '{0.__class__}'.format(ticket) }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% for a in missing %}{% for b in missing %}x{% endfor %}{% endfor %}",
    "{{ 'x' * 9999999999 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ ticket|indent(999999999) }}",
    "{% include '../../../etc/passwd' %}",
    "{% include ticket %}",
    "{% import 'parts/signature.txt' as x %}",
    "{% extends 'parts/signature.txt' %}",
    "{% set x = ticket %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ " + "not " * 60 + "ticket }}",
)


@pytest.fixture
def chief(desks: Desks) -> Visitor:
    """An administrator."""
    return desks.administrator("trenggalek")


def _send(chief: Visitor, text: str, deed: str = "simpan", why: str = "Bahasa kami", of: str = RECEIPT) -> Page:
    return chief.send(chief.get(PATH + of), of, text=text, why=why, deed=deed)


def _back(chief: Visitor, of: str = "0") -> Page:
    page = chief.get(PATH + RECEIPT)
    form = next((form for form in page.forms if form.values.get("of") == of), None)
    return chief.post(PATH + RECEIPT, {**form.values, "why": "Kembali", "deed": "kembali"}) if form else page


@pytest.fixture
def edited(chief: Visitor) -> Iterator[Page]:
    """The receipt in words of an administrator's, until the test is over."""
    yield _send(chief, OWN)
    _back(chief)


def _receipt(api: Api) -> tuple[str, str, str]:
    """The letter of a complaint that was filed just now."""
    assert api.data is not None
    reporter = {"name": "Siti", "address": "RT 1", "email": "siti.surat@example.org"}
    ticket = api.file("trenggalek", message="Lampu jalan padam", reporter=reporter)["ticket"]
    api.rest()
    letters = [each for each in Outbox(api.data / "outbox").letters() if "siti.surat@example.org" in str(each.to)]
    return next((ticket, each.subject, each.text) for each in letters if ticket in each.subject)


def _worded(api: Api, part: str) -> tuple[str, str, str]:
    """The first such letter whose subject says that: an edit is read at most a second late."""
    found = eventually(lambda: next((each for each in [_receipt(api)] if part in each[1]), None))
    assert found is not None
    return found


def test_letters_from_then_on_are_worded_by_it_and_those_written_stay(api: Api, chief: Visitor) -> None:
    """The page tells whose words they are; taken back, the file's words go out again."""
    before = _receipt(api)
    saved = _send(chief, OWN)
    after = _worded(api, "kami simpan")
    _back(chief)
    again = _worded(api, "telah kami terima")

    assert "Tersimpan" in saved.text
    assert "Laporan {{ ticket }} kami simpan" in saved.text
    assert "oleh uji.admin" in saved.text
    assert f"Aduan {before[0]} telah kami terima" == before[1]
    assert f"Laporan {after[0]} kami simpan" == after[1]
    assert "Salam, Siti. Kode:" in after[2]
    assert f"Aduan {again[0]} telah kami terima" == again[1]


def test_a_look_saves_nothing(chief: Visitor) -> None:
    """It shows the letter about a made-up complaint; a part is shown in a letter that has it."""
    looked = _send(chief, OWN, "lihat", "")
    part = _send(chief, "Tim Aduan Kami\n", "lihat", "", "/parts/signature")

    assert "-000123 kami simpan" in looked.one("section", aria_labelledby="contoh").text
    assert "Tim Aduan Kami" in part.one("section", aria_labelledby="contoh").text
    assert "kami simpan" not in chief.get(PATH).text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ ticket }} {{ code }}\n{% if %}", "Baris 2: tulisan ini tidak dapat dibaca"),
        ("{{ ticket }} {{ code }}\n{{ nama }}", "Baris 2: nama tidak dikenal"),
        ("{{ ticket }}\nBaik.", "harus memuat code"),
        ("{{ code }}\nBaik.", "harus memuat ticket"),
        ("{{ ticket }}\nBaik{% if code %}, Anda{% endif %}.", "harus memuat code"),
        ("{{ ticket }}\nBaik{% if missing %}: {{ code }}{% endif %}.", "harus memuat code"),
        ("{{ ticket }} {{ code }}\n\u200b", "Baris pertama adalah judul surat; sesudahnya"),
        ("{{ ticket }} {{ code }}", "Baris pertama adalah judul surat; sesudahnya"),
        ('{{ ticket }} {{ code }}\n{% include "parts/tiada.txt" %}', "tidak dapat dibaca"),
        (
            "{{ ticket }} {{ code }}\n{{ promised_at | title(1) }}",
            "diisi dengan data contoh",
        ),
        ("", "Wajib diisi"),
        ("x" * 10_001, "10000"),
    ],
)
def test_what_no_letter_can_be_written_by_is_refused_and_nothing_typed_is_lost(
    chief: Visitor, text: str, told: str
) -> None:
    """At its field, with the line; to look at it is refused likewise."""
    for deed in ("simpan", "lihat"):
        page = _send(chief, text, deed)

        assert (422, text.strip()) == (page.status, page.form(RECEIPT).values["text"].strip())
        assert told in page.one("div", class_="summary").text


def test_a_shared_part_holds_for_every_letter_that_has_it(chief: Visitor) -> None:
    """What one audience's letters do not know, or a part that has itself, is refused."""
    wrong = [
        _send(chief, text, of="/parts/signature").status
        for text in ("Kode {{ code }}", '{% include "parts/reporter_closing.txt" %}')
    ]

    assert [422, 422] == wrong


def test_an_administrator_is_trusted_with_words_and_not_with_the_machine(chief: Visitor) -> None:
    """None of the usual escapes, nor endless work, gets as far as being run."""
    form = chief.get(PATH + RECEIPT)
    for escape in ESCAPES:
        page = chief.send(form, RECEIPT, text=f"{{{{ ticket }}}} {{{{ code }}}}\n{escape}", why="Coba", deed="lihat")

        assert 422 == page.status, escape
        assert page.all("div", class_="summary"), escape


def test_every_version_stays_and_can_count_again(chief: Visitor, edited: Page) -> None:
    """Two who edit the same version do not overwrite each other; what is said of no reason saves nothing."""
    form = chief.get(PATH + RECEIPT)
    former = str(int(form.form(RECEIPT).values["since"]))
    first = chief.send(form, RECEIPT, text=OWN.replace("Salam", "Halo"), why="Lebih akrab", deed="simpan")
    late = chief.send(form, RECEIPT, text=OWN.replace("Salam", "Hai"), why="Lain", deed="simpan")
    silent = _send(chief, OWN, why=" ")
    _back(chief, former)
    page = chief.get(PATH + RECEIPT)

    assert [200, 200, 409, 422] == [each.status for each in (edited, first, late, silent)]
    assert "Hai" in late.form(RECEIPT).values["text"]
    assert "Salam" in page.form(RECEIPT).values["text"]
    assert "Lebih akrab" in page.text
    assert 404 == chief.get(f"{PATH}/reporter/tidak_ada").status
    assert 404 == chief.get(f"{PATH}/operator/account_ill").status


def test_no_version_of_a_letter_is_ever_changed_or_skipped(api: Api) -> None:
    """Not by two at once, not by a version that is made up, and not in the table itself."""
    assert api.data is not None
    with running(api.data) as runtime:
        now, text = runtime.clock.now(), "parts/x.txt"

        def edit(since: int) -> int:
            try:
                return save(runtime.database, "bantul", text, since, "Baik", "uji", "coba", now)
            except Conflict:
                return 0

        with ThreadPoolExecutor(4) as several:
            made = list(several.map(edit, [0] * 4))
        assert [0, 0, 0, 1] == sorted(made)
        assert [0, 0, 0, 0] == [edit(since) for since in (-2, 0, 5, 2**31 - 1)]
        assert [1] == [each.version for each in versions(runtime.database, "bantul", text)]
        for change in ("UPDATE identity.letter_words SET why = 'x'", "TRUNCATE identity.letter_words"):
            with pytest.raises(psycopg2.Error, match="never changed"), runtime.database.autocommit() as cursor:
                cursor.execute(change)


def test_the_made_up_complaint_has_all_that_letters_may_tell(api: Api) -> None:
    """Whole and bare."""
    assert api.data is not None
    with running(api.data) as runtime:
        for home in runtime.tenants.all():
            for audience, names in VALUES.items():
                for bare in (False, True):
                    assert names == set(example(home, audience, 2026, bare=bare))


def test_the_check_and_the_doctor_read_what_was_edited(api: Api) -> None:
    """A text that a later version of the rules would not take is told by both, by its name."""
    assert api.data is not None
    with running(api.data) as runtime:
        now = runtime.clock.now()
        save(runtime.database, "majalengka", "officer/closed.txt", 0, "Tutup {{ tak_dikenal }}", "uji", "coba", now)
        findings = list(edited_lines(runtime))
        told = aduan_here("sop", "check", "majalengka", "--least", "error", "--data", str(api.data))
        save(runtime.database, "majalengka", "officer/closed.txt", 1, None, "uji", "kembali", now)
        after = list(edited_lines(runtime))

    [line] = [each for each in findings if each.check == "tenants.majalengka.letters"]
    assert (FAIL, True) == (line.state, "officer/closed.txt" in line.said)
    assert (1, True) == (told.status, "'tak_dikenal'" in told.out)
    assert [] == [each for each in after if each.check == "tenants.majalengka.letters"]
