"""The figures on the public's page are kept, and are the same as if all that is public were counted."""

import random
from collections import Counter
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from services.reporting.projection import CASES
from services.reporting.published import published
from services.reporting.tallies import TALLIES, changed
from shared.application.runtime import Runtime
from shared.domain.dossier.beside import NOT_PUBLIC
from shared.store.projection.tally import Sums, add, write_sums

T = "cilacap"
AT = datetime.fromisoformat("2026-10-05T09:00:00+07:00")
MONTHS = ("2026-09", "2026-10")
AGENCIES = (None, "dpupr", "dishub")
CHOICES: dict[str, tuple[object, ...]] = {
    "month": MONTHS,
    "agency": AGENCIES,
    "category": (None, "PERHUBUNGAN", "KESEHATAN"),
    "kecamatan": (None, "Kroya", "Dayeuhluhur"),
    "publication": (None, "unwritten", "written", "published", "published", "published", "withdrawn", "never"),
    "public_text": (None, "sealed", "sealed"),
    "privacy": ("public", "public", "anonymous", "secret"),
    "status": ("answered", "closed", "in_progress", *sorted(NOT_PUBLIC)),
}


def _some(kind: str) -> object:
    return {"text": "x", "integer": 0, "boolean": False, "timestamp with time zone": AT}.get(kind)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_counting_finds(runtime: Runtime, seed: int) -> None:
    """Whatever became of each complaint on the way, for every filter and all of them together."""
    chance = random.Random(seed)
    sums: Sums = {}
    with runtime.database.transaction() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'reporting' "
            "AND table_name = 'cases' AND is_nullable = 'NO' AND column_default IS NULL"
        )
        needed = {name: _some(kind) for name, kind in cursor.fetchall()}
        rows = []
        for number in range(120):
            before: list[dict[str, Any]] = []
            for _ in range(chance.randint(1, 4)):
                after = [_row(chance, number, needed)]
                for sign, part in changed((before, []), (after, [])):
                    add(sums, [part], sign)
                before = after
            rows += before
        write_sums(cursor, "reporting", TALLIES, sums)
        for row in rows:
            cursor.execute(
                f"INSERT INTO reporting.cases ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
                list(row.values()),
            )

    public = [row for row in rows if _is_public(row)]
    assert public
    for month, agency, category in product((None, *MONTHS), AGENCIES, CHOICES["category"]):
        wanted = {
            name: value for name, value in (("month", month), ("agency", agency), ("category", category)) if value
        }
        counted = [row for row in public if all(row[name] == value for name, value in wanted.items())]
        told = published(runtime, T, wanted)
        for name in ("kecamatan", "category"):
            by_name = {each["name"] or None: each["filed"] for each in told[f"by_{name}"]}
            assert dict(Counter(row[name] for row in counted)) == by_name


def _row(chance: random.Random, number: int, needed: dict[str, object]) -> dict[str, Any]:
    return {
        **dict.fromkeys(CASES.columns),
        **needed,
        **{name: chance.choice(values) for name, values in CHOICES.items()},
        "dossier": f"00000000-0000-0000-0000-{number:012}",
        "tenant": T,
        "members": 0,
        "filed_at": AT,
        "publication_at": AT,
    }


def _is_public(row: dict[str, Any]) -> bool:
    """As the page's list has it."""
    return (
        row["publication"] == "published"
        and row["public_text"] is not None
        and row["privacy"] != "secret"
        and row["status"] not in NOT_PUBLIC
    )
