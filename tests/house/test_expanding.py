"""Migrations expand first and contract later, so that the version before can go on working on the new schema.

While processes are restarted one by one, both versions stand on the same tables. So a step takes nothing away that
the version before uses: it drops, renames and retypes nothing, and demands nothing of a row that only the new version
gives. What nobody uses any more is taken away by a later step, which says since when: `-- unused since: 0012_name`,
naming the step of the same room with which the last use ended.
"""

import re
from pathlib import Path

import pytest

from shared.platform.settings import PROJECT

STEPS = sorted(
    path for path in PROJECT.glob("*/**/migrations/versions/*.sql") if ".venv" not in path.relative_to(PROJECT).parts
)
BEFORE_THE_RULE = {
    "services/reporting/migrations/versions/0010_likeness_whole.sql",
    "services/routing/migrations/versions/0002_tasks.sql",
}
"""They drop tables that are made anew from the log, with an outage of the lists."""

_UNUSED = re.compile(r"^-- unused since: (\d{4}_\w+)$", re.MULTILINE)
_CONTRACTING = {
    "drops a table, view, type or function": r"\bDROP\s+(TABLE|VIEW|MATERIALIZED\s+VIEW|TYPE|SCHEMA|SEQUENCE)\b",
    "drops a column": r"\bDROP\s+COLUMN\b",
    "renames": r"\bRENAME\s+(TO|COLUMN|CONSTRAINT)\b|\bRENAME\s+\w+\s+TO\b",
    "changes a column's type": r"\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b",
    "demands a value of a column that is there": r"\bALTER\s+(COLUMN\s+)?\w+\s+SET\s+NOT\s+NULL\b",
    "adds a column that must be given": r"\bADD\s+COLUMN\s+(?:(?!,|;|\bDEFAULT\b|\bGENERATED\b).)*\bNOT\s+NULL\b"
    r"(?!(?:(?!,|;).)*\b(DEFAULT|GENERATED)\b)",
}


_CREATED = re.compile(r"\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w.]+)", re.IGNORECASE)
_ALTERED = re.compile(r"\bALTER\s+TABLE\s+(?:ONLY\s+)?([\w.]+)", re.IGNORECASE)


def _of_a_new_table(statement: str, made: set[str]) -> bool:
    altered = _ALTERED.search(statement)
    return altered is not None and altered[1].lower() in made


def contracting(sql: str) -> list[str]:
    """What a step does that the version before may not survive."""
    said = re.sub(r"--[^\n]*", "", sql)
    said = re.sub(r"'(?:[^']|'')*'", "''", said)
    made = {name.lower() for name in _CREATED.findall(said)}
    statements = [each for each in said.split(";") if not _of_a_new_table(each, made)]
    return [
        what
        for what, pattern in _CONTRACTING.items()
        if any(re.search(pattern, each, re.IGNORECASE | re.DOTALL) for each in statements)
    ]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.parents[2].name}-{step.stem}")
def test_a_step_takes_nothing_away_from_the_version_before(step: Path) -> None:
    """Or says with which earlier step of its room the last use ended."""
    sql = step.read_text(encoding="utf-8")
    if not contracting(sql) or str(step.relative_to(PROJECT)) in BEFORE_THE_RULE:
        return
    unused = _UNUSED.search(sql)

    assert unused is not None, f"{contracting(sql)}: add the new first, stop using the old, drop it in a later step"
    assert unused[1] < step.stem
    assert step.with_name(f"{unused[1]}.sql").exists()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("DROP TABLE a.b;", 1),
        ("alter table a.b drop column c;", 1),
        ("ALTER TABLE a.b RENAME COLUMN c TO d;", 1),
        ("ALTER TABLE a.b RENAME TO d;", 1),
        ("ALTER TABLE a.b ALTER COLUMN c TYPE bigint;", 1),
        ("ALTER TABLE a.b ALTER c SET DATA TYPE text;", 1),
        ("ALTER TABLE a.b ALTER COLUMN c SET NOT NULL;", 1),
        ("ALTER TABLE a.b ADD COLUMN c text NOT NULL;", 1),
        ("ALTER TABLE a.b ADD COLUMN c text NOT NULL DEFAULT '';", 0),
        ("ALTER TABLE a.b ADD COLUMN c text DEFAULT '' NOT NULL;", 0),
        ("ALTER TABLE a.b ADD COLUMN c bigint NOT NULL GENERATED ALWAYS AS (1) STORED;", 0),
        ("ALTER TABLE a.b ADD COLUMN c text;", 0),
        ("CREATE TABLE a.b (c text NOT NULL);", 0),
        ("CREATE TABLE a.b (c text); ALTER TABLE a.b ALTER COLUMN c SET NOT NULL;", 0),
        ("-- DROP TABLE a.b\nSELECT 'DROP TABLE a.b';", 0),
        ("DROP INDEX a.b;", 0),
    ],
)
def test_what_takes_something_away_is_found(sql: str, expected: int) -> None:
    """However it is written."""
    assert expected == len(contracting(sql))
