"""Files for everybody: whole, or refused; never a part that does not say so."""

import pytest
from flask.testing import FlaskClient

from portal.gateway import Json
from tests.portal.memory_gateway import MemoryGateway

_ITEM: Json = dict.fromkeys(
    (
        "ticket",
        "summary",
        "public_answer",
        "category",
        "kecamatan",
        "desa",
        "agency",
        "agency_name",
        "status",
        "filed_on",
        "answered_on",
        "days",
        "published_on",
    ),
    "x",
)


class Endless(MemoryGateway):
    """More than any file should hold."""

    def published(self, tenant: str, wanted: Json, *, after: str | None, limit: int) -> Json:
        """A page, and another one after it."""
        return {**super().published(tenant, wanted, after=after, limit=limit), "items": [_ITEM] * limit, "next": "x"}


@pytest.fixture
def gateway() -> MemoryGateway:
    """The services' stand-in, with very much in it."""
    return Endless()


def test_a_month_of_more_than_one_file_holds_is_not_cut(client: FlaskClient) -> None:
    """It is said, with where the rest is had."""
    told = client.get("/cilacap/data/aduan-umum-2026-10.csv")

    assert 422 == told.status_code
    assert "Terlalu banyak baris untuk satu berkas" in told.text
