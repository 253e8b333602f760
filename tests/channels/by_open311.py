"""Programs of others, as they ask and file by Open311."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import requests

from services.reporting.almanac import Almanac
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.domain.dossier.desk import Cause
from shared.store.projection.runner import apply_batch
from tests.channels.line import Line, line

CILACAP, BANTUL = "cilacapkab.go.id", "bantulkab.go.id"
KEY = "kunci-uji-1"
CAUSE = Cause(correlation_id="test")
BOOK = """
channels:
  - {{id: open311, kind: open311, extra: true, jurisdiction: {jurisdiction}, contact: Diskominfo, {more}}}
"""
AREA = "area: [-7.8, 108.5, -7.1, 109.4]"
POST = {
    "jurisdiction_id": CILACAP,
    "api_key": KEY,
    "service_code": "pekerjaan-umum-dan-penataan-ruang",
    "description": "Jalan utama Desa Hanum berlubang dalam.",
    "address_string": "Depan toko Makmur, Hanum",
    "first_name": "Siti",
    "last_name": "Rahayu",
    "email": "siti@warga.example",
    "attribute[address]": "RT 02 RW 01 Hanum",
}


@contextmanager
def two_governments(
    database_url: str, folder: Path, tenants: Collection[str] = ("cilacap", "bantul")
) -> Iterator[Line]:
    """An installation of two governments that answer programs.

    :param tenants: or of these of them.
    """
    books = {
        "cilacap": BOOK.format(jurisdiction=CILACAP, more=f"{AREA}, updates: true"),
        "bantul": BOOK.format(jurisdiction=BANTUL, more=""),
    }
    secrets = {
        "cilacap.open311.api_keys": f"kota {KEY}\nlain kunci-uji-2\n",
        "bantul.open311.api_keys": "kota kunci-bantul\n",
    }
    books = {tenant: book for tenant, book in books.items() if tenant in tenants}
    with line(database_url, folder, books, secrets) as made:
        yield made


def get(office: Line, what: str, **query: str) -> requests.Response:
    """Ask for something."""
    return requests.get(f"{office.address}/open311/{what}", query, timeout=30)


def post(office: Line, kind: str = "json", **changes: Any) -> requests.Response:
    """File something; a blank takes a field away."""
    return requests.post(f"{office.address}/open311/v2/requests.{kind}", {**POST, **changes}, timeout=30)


def filed(office: Line, **changes: Any) -> str:
    """File something; its number."""
    answer = post(office, **changes)
    assert answer.ok, answer.text
    return str(answer.json()[0]["service_request_id"])


def projected(office: Line) -> None:
    """What happened has come to whoever shows it."""
    events = office.news()
    apply_batch(office.runtime.database, RecapProjection(Almanac(office.runtime.tenants)), decode, events)


def taken_up(office: Line) -> None:
    """An office has looked at the latest complaint, and sent it to an agency."""
    office.act(office.dossiers()[-1], "dispose", agency="dpupr")
    projected(office)


def xml_of(text: str) -> ET.Element:
    """An answer in XML."""
    return ET.fromstring(text)  # noqa: S314 - our own answers


def codes(answer: requests.Response) -> tuple[int, set[int]]:
    """The status, and the codes within."""
    return answer.status_code, {each["code"] for each in answer.json()}
