"""Every address of API, pages and Open311, asked by those who may read little or nothing, in every way there is.

One secret complaint lies with an office, full of words that stand nowhere else. Who has no part in it finds none of
them anywhere, whatever they ask for and by whichever number; its office finds no word of the reporter's own. Addresses
are the application's own, so that a new one is asked, too.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.pages.access_table import ACCESS as PAGES
from portal.pages.officer import visits
from services.intake.projection import TicketProjection
from services.intake.receipts import Receipt
from services.reporting.projection import RecapProjection
from services.routing import files
from services.routing.projection import InboxProjection
from services.sla.projection import ClockProjection
from shared.application.dossiers.codec import decode
from shared.application.files.keeping import keep_upload
from shared.application.identity.membership import administrator, caller_for
from shared.application.identity.sessions import Sessions
from shared.application.identity.tokens import issue_token
from shared.application.identity.users import LoggedIn, Users
from shared.base.caller import Caller
from shared.domain.dossier.arranged import ARRANGED
from shared.domain.dossier.beside import BESIDE
from shared.store.projection.runner import apply_batch
from tests.files.making import view
from tests.fixtures.office import CAUSE, Office
from tests.fixtures.postgres import fresh_database
from tests.pages.addresses import PATHS, TICKET
from tests.privacy.in_process import portal

HOME: Final = "cilacap"
MONTH: Final = "2026-10"
OF_THE_REPORTER: Final = ("Zubaidah", "Gang Mawarhitam", "081399887766", "zubaidah@surat.example", "3301129988776655")
"""Who they are; only the government's own desks may know."""
WRITTEN: Final = (
    "Jembatan Kalibengkok",
    "ambrol sekali",
    "Kalibengkok-1.jpg",
    "catatan rapat tertutup",
    "naskah jawaban",
)
"""What was said of it, by anybody."""
_QUERIES: Final[dict[str, tuple[str, ...]]] = {
    "officers.inbox": ("agency=dpupr", "agency=dpupr&actor=liaison", "actor=liaison", "limit=200"),
    "officers.clocks": ("state=running&state=breached&limit=500",),
    "registers.search": ("name=Zubaidah", "phone=081399887766", "agency=dpupr", "ticket={ticket}", "state=open"),
    "registers.register": tuple(f"month={MONTH}&format={form}" for form in ("json", "csv", "xlsx")),
    "officers.recap": (f"month={MONTH}",),
    "readings.readings": ("ticket={ticket}",),
    "published.published": (f"month={MONTH}",),
    "complaints.track": ("code=SALAH23456", "code={code}"),
    "own files.fetch_own": ("code={code}",),
    "everything.shown": ("q={ticket}", "name=Zubaidah"),
}
_ARGUMENT: Final = re.compile(r"<(?:[^:<>]*(?:\([^)]*\))?:)?(\w+)>")
_ARGUMENTS: Final = {
    "month": MONTH,
    "year": "2026",
    "ticket": "{ticket}",
    "file": "{file}",
    "number": "ABCDEFGH",
    "dossiers": "{dossier}",
    "code": "aduan",
    "id_": "{ticket}",
    "version": "1",
    "version_id": "1",
    "channel": "whatsapp",
    "rest": "x",
    "kind": "json",
    "token": "{dossier}",
}


@dataclass
class Reader:
    """Somebody who looks everywhere.

    :param caller: as whom they have logged in; none for the public.
    :param own: a complaint of their own, of which they hold the code.
    :param may: the words that are theirs to read.
    """

    name: str
    caller: Caller | None
    own: Receipt
    may: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    visit: str | None = None


@dataclass(frozen=True)
class House:
    """The installation with that complaint."""

    office: Office
    app: Flask
    secret: Receipt
    other: Receipt
    file: str
    readers: Sequence[Reader]


def _told_of(office: Office) -> None:
    news = office.news()
    for projection in (TicketProjection(), InboxProjection(), ClockProjection(), RecapProjection()):
        apply_batch(office.runtime.database, projection, decode, news)


@pytest.fixture(scope="module")
def house(postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A secret complaint with an office, that has got a note, a photo and a draft; and somebody else's."""
    with closing(fresh_database(postgres_url, migrated_template)) as databases:
        office = Office(next(databases))
        office.keep_files_in(Path(tmp_path_factory.mktemp("kept")))
        name, address, phone, email, identity = OF_THE_REPORTER
        secret = office.file(
            HOME,
            title=WRITTEN[0],
            message=f"{WRITTEN[0]} {WRITTEN[1]}",
            privacy="secret",
            reporter={"name": name, "address": address, "phone": phone, "email": email, "identity": identity},
            location={"desa": "Hanum", "text": "dekat Kalibengkok"},
        )
        other = office.file(HOME, message="Lampu taman padam")
        office.act(secret, "coordinator", "dispose", agency="dpupr")
        operator = Caller(HOME, "operator", "dpupr", "dewi")
        keeping = files.keeping(office.runtime, operator, HOME, secret.id, CAUSE)
        kept = keep_upload(keeping, "documentation", WRITTEN[2], view("jembatan"))
        office.act(secret, "operator", "leave_note", note=WRITTEN[3])
        office.act(secret, "operator", "forward", note=WRITTEN[4])
        _told_of(office)
        yield House(office, portal(office.runtime), secret, other, str(kept.event.file), _readers(office, other))
        office.close()
        next(databases, None)


def _readers(office: Office, own: Receipt) -> list[Reader]:
    """The public, other offices, other governments, the office that has it, and who administers."""
    runtime = office.runtime
    found = [
        Reader("the public", None, own),
        Reader("another office", caller_for(runtime.tenants, HOME, "operator", "dishub", "budi"), own),
        Reader("no office", Caller(HOME, "operator", None, "tanpa"), own),
        Reader("another government", caller_for(runtime.tenants, "bantul", "coordinator", None, "sari"), own),
        Reader("its office", caller_for(runtime.tenants, HOME, "operator", "dpupr", "dewi"), own, WRITTEN),
        Reader("who administers", administrator("root"), own, WRITTEN),
    ]
    return [_entered(office, each) for each in found]


def _entered(office: Office, reader: Reader) -> Reader:
    """The same with a token and a visit, if it is somebody."""
    runtime = office.runtime
    if reader.caller is not None:
        token = issue_token(runtime.settings.token_key, reader.caller)
        reader.headers["Authorization"] = f"Bearer {token}"
        Users(runtime.database, runtime.randomness).add(reader.caller, "kata sandi panjang")
        [(account,)] = office.rows("SELECT id FROM identity.users WHERE username = %s", reader.caller.user)
        reader.visit = Sessions(runtime.database).begin(LoggedIn(reader.caller, f"{account}:1"))
    return reader


def _addresses(house: House) -> Iterator[tuple[str, str]]:
    """Each endpoint that can be got, by the complaint's ticket and by its id, with every query that it takes."""
    filled = {
        "ticket": house.secret.ticket,
        "dossier": str(house.secret.id),
        "file": house.file,
        "code": house.other.tracking_code,
    }
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "stream" in rule.endpoint or rule.endpoint == "operations.health":
            continue
        if rule.endpoint in PAGES:
            paths = [PATHS[rule.endpoint][1].replace(TICKET, "{ticket}")] if PATHS[rule.endpoint][0] == "GET" else []
            paths = [f"{path[:-1]}{{file}}" if path.endswith("/x") else path for path in paths]
            if rule.endpoint == "live.hints":
                paths = ["/cilacap/kabar/saran/{dossier}"]
        else:
            paths = [_ARGUMENT.sub(partial(_argument, each), str(rule)) for each in ("{ticket}", "{dossier}")]
        for path in dict.fromkeys(paths):
            for query in ("", *_QUERIES.get(rule.endpoint, ())):
                address = f"{path}?{query}" if query else path
                for name, value in filled.items():
                    address = address.replace(f"{{{name}}}", value)
                yield rule.endpoint, address


def _argument(dossier: str, found: re.Match[str]) -> str:
    name = found[1]
    return HOME if name == "tenant" else dossier if name in ("dossier", "ticket") else _ARGUMENTS.get(name, "x")


def _client(house: House, reader: Reader) -> FlaskClient:
    client = house.app.test_client()
    if reader.visit is not None:
        client.set_cookie(visits.COOKIE, reader.visit, domain="localhost", secure=True)
    return client


def _text(answer: TestResponse) -> str:
    """All that an answer says; of a workbook what is in its parts."""
    body = answer.get_data()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return f"{body.decode('utf-8', 'replace')}\n{answer.headers}"


def _found(answer: TestResponse, words: tuple[str, ...]) -> list[str]:
    text = _text(answer)
    return [word for word in words if word in text]


def test_nobody_finds_at_any_address_what_is_not_theirs(house: House) -> None:
    """With a token, with a visit, with the code of another complaint; and the desk finds all of it, where it is."""
    wrong = []
    for reader in house.readers:
        client = _client(house, reader)
        for endpoint, address in _addresses(house):
            # Who administers reads what was written by opening the dossier, which is recorded: no list tells it.
            opened = house.secret.ticket in address or str(house.secret.id) in address
            may = reader.may if opened or reader.name == "its office" else ()
            words = tuple(word for word in (*OF_THE_REPORTER, *WRITTEN) if word not in may)
            asked_for = {word for word in words if word in address}
            answer = client.get(address, headers=reader.headers, base_url="https://localhost")
            found = set(_found(answer, words)) - asked_for
            if found or answer.status_code == 500:
                wrong.append((reader.name, endpoint, address, answer.status_code, sorted(found)))

    assert [] == wrong


def test_the_desk_finds_it_at_those_very_addresses(house: House) -> None:
    """In the API and on pages alike: so the words that are looked for are those that could be found."""
    desk = _entered(house.office, Reader("desk", Caller(HOME, "coordinator", None, "rina"), house.other))
    client = _client(house, desk)
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for endpoint, address in _addresses(house):
        answer = client.get(address, headers=desk.headers, base_url="https://localhost")
        seen[endpoint in PAGES] |= set(_found(answer, (*OF_THE_REPORTER, *WRITTEN)))

    assert {*OF_THE_REPORTER, *WRITTEN} == seen[False]
    assert {*OF_THE_REPORTER, *WRITTEN} == seen[True]


def test_nobody_is_told_anything_by_what_they_try_to_do(house: House) -> None:
    """Each action, in an API call and in a page's form, on another version and with a number that is known."""
    names = [*ARRANGED, *BESIDE, "forward", "return", "merge", "classify", "answer", "renew_code"]
    words = (*OF_THE_REPORTER, *WRITTEN)
    wrong: list[Any] = []
    for reader in house.readers:
        if reader.name == "its office":
            continue
        client = _client(house, reader)
        before = house.office.load(house.secret.id).version
        for name in names:
            for version in (None, 1):
                body = {"action": name, "version": version, "into": house.other.ticket, "reason": "x", "note": "x"}
                for named in (house.secret.ticket, str(house.secret.id)):
                    address = f"/api/v1/{HOME}/dossiers/{named}/actions"
                    answer = client.post(address, json=body, headers=reader.headers)
                    if answer.status_code < 400 or _found(answer, words):
                        wrong.append((reader.name, name, version, answer.status_code, _found(answer, words)))
        assert before == house.office.load(house.secret.id).version

    assert [] == wrong
