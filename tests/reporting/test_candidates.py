"""Complaints worth comparing with one are found by indexes, and are those that a search through all finds."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reporting.candidates import Sought, candidates
from shared.domain.likeness.comparing import WINDOW
from shared.domain.likeness.matter import Matter
from shared.domain.sop.vocabulary import FINAL_STATUSES
from shared.platform.database.pool import Database

AT = datetime(2026, 10, 1, tzinfo=UTC)
MOST = 6
TENANTS = ("cilacap", "bantul")


def _complaints(source: random.Random, count: int) -> list[dict[str, Any]]:
    """So few villages, hashes, days and agencies that all of them are met again and again."""
    return [
        {
            "dossier": UUID(int=source.getrandbits(128)),
            "tenant": source.choice(TENANTS),
            "agency": source.choice([None, "dpupr", "dishub"]),
            "status": source.choice(["in_progress", "in_progress", "returned", "answered", "merged"]),
            "kecamatan": source.choice([None, "Dayeuhluhur"]),
            "desa": source.choice([None, "Hanum", "Datar"]),
            "filed_at": AT + timedelta(days=source.randrange(40), hours=source.randrange(3)),
            "hashes": sorted(source.sample(range(12), source.randrange(4))),
        }
        for _ in range(count)
    ]


def _keep(database: Database, complaints: list[dict[str, Any]], apart: set[frozenset[UUID]]) -> None:
    counts = (
        "delivery_failures, interims, dispositions, returned_incomplete, returned_wrong_agency, "
        "returned_out_of_authority, returned_rework, supplements, transfers, replies, reopened"
    )
    zeros = ", ".join(["0"] * 11)
    with database.transaction() as cursor:
        for each in complaints:
            ended = each["filed_at"] if each["status"] in FINAL_STATUSES else None
            cursor.execute(
                f"""
                INSERT INTO reporting.cases (dossier, tenant, agency, status, kecamatan, desa, filed_at, ended_at,
                                             month, ticket, sop_version, channel, privacy, {counts})
                VALUES (%(dossier)s::uuid, %(tenant)s, %(agency)s, %(status)s, %(kecamatan)s, %(desa)s, %(filed_at)s,
                        %(ended)s, '2026-10', %(ticket)s, 1, 'web', 'open', {zeros})
                """,
                {**each, "dossier": str(each["dossier"]), "ended": ended, "ticket": str(each["dossier"])[:8]},
            )
            cursor.execute(
                "INSERT INTO reporting.likeness (dossier, hashes) VALUES (%s::uuid, %s::bigint[])",
                (str(each["dossier"]), each["hashes"]),
            )
        for one, other in map(sorted, apart):
            cursor.execute(
                "INSERT INTO reporting.told_apart (one, other, tenant, account, at) VALUES (%s, %s, '', 'a', %s)",
                (str(one), str(other), AT),
            )


def _through_all(
    complaints: list[dict[str, Any]], mine: dict[str, Any], own: str | None, apart: set[frozenset[UUID]]
) -> list[UUID]:
    """What is looked for, one complaint after the other."""

    def shared(each: dict[str, Any]) -> int:
        return len(set(each["hashes"]) & set(mine["hashes"]))

    def fits(each: dict[str, Any]) -> bool:
        place = mine["desa"] is not None and all(each[name] == mine[name] for name in ("desa", "kecamatan"))
        return (
            each["tenant"] == mine["tenant"]
            and each is not mine
            and own in (None, each["agency"])
            and each["status"] not in FINAL_STATUSES
            and abs(each["filed_at"] - mine["filed_at"]) <= WINDOW
            and frozenset({each["dossier"], mine["dossier"]}) not in apart
            and (shared(each) > 0 or place)
        )

    found = sorted(
        filter(fits, complaints),
        key=lambda each: (-shared(each), abs(each["filed_at"] - mine["filed_at"]), each["dossier"]),
    )
    return [each["dossier"] for each in found[:MOST]]


def _wanted(mine: dict[str, Any], own: str | None) -> Sought:
    matter = Matter(stems=(), at=mine["filed_at"], kecamatan=mine["kecamatan"], desa=mine["desa"], lat=None, lon=None)
    return Sought(mine["tenant"], mine["dossier"], own, matter, mine["hashes"])


@pytest.mark.parametrize("seed", range(3))
def test_they_are_those_that_a_search_through_all_finds(database_url: str, seed: int) -> None:
    """By hashes and by village, in the same order, whoever asks, and however many are cut off."""
    source = random.Random(seed)
    complaints = _complaints(source, 150)
    ids = [each["dossier"] for each in complaints]
    apart = {frozenset(source.sample(ids, 2)) for _ in range(400)}
    database = Database(database_url)
    _keep(database, complaints, apart)
    found, expected = [], []
    with database.autocommit() as cursor:
        for mine in source.sample(complaints, 40):
            own = source.choice([None, "dpupr"])
            expected.append(_through_all(complaints, mine, own, apart))
            told = candidates(cursor, _wanted(mine, own), MOST, patience_seconds=60)
            found.append([row["dossier"] for row in told])
    database.close()

    assert expected == found


def test_where_a_search_takes_too_long_those_filed_nearest_are_looked_at(database_url: str) -> None:
    """With no time at all, and no more complaints than are looked at then, the same are found."""
    source = random.Random(7)
    complaints = _complaints(source, 60)
    database = Database(database_url)
    _keep(database, complaints, set())
    with database.autocommit() as cursor:
        told = [
            [
                [row["dossier"] for row in candidates(cursor, _wanted(mine, None), MOST, patience_seconds=patience)]
                for mine in complaints[:20]
            ]
            for patience in (60, 0)
        ]
    database.close()

    assert told[0] == told[1]
    assert any(told[0])
