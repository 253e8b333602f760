"""A recap, as reporting gives it, made into text for a terminal or a printer, or into rows for a spreadsheet."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cli.printing.tables import pairs, table
from shared.base.shortening import shortened
from shared.wording.labels import duration, label, month_name, word
from shared.wording.sheets.csv_sheet import csv_lines

Recap = Mapping[str, Any]

_GROUPS = ("by_status", "by_agency", "by_category", "by_channel", "by_kecamatan", "by_classification")
_ENDS = (
    "lapsed",
    "withdrawn",
    "rejected",
    "merged",
    "closed_unanswered",
    "transferred",
    "delivered",
    "not_reached",
    "delivery_failures",
    "dispositions",
)
_LATER = ("interim_answers", "supplements", "replies", "reopened")
_LONGEST_NAME = 48
_SHORT_NAME = 24


def render_text(recap: Recap, language: str = "id") -> str:
    """A recap as plain text.

    :param recap: the answer of ``reporting.recap``.
    :param language: ``id`` or ``en``.
    """
    heading = f"{label('heading', language)} {recap['government']}, {month_name(recap['month'], language)}"
    as_of = datetime.fromisoformat(recap["as_of"]).strftime("%Y-%m-%d %H:%M %Z")
    lines = [heading, "=" * len(heading), f"{label('counted_by', language)} {as_of}"]
    if recap["agency"]:
        lines.append(f"{label('part_of', language)}: {recap['agency']}")
    lines += ["", *pairs(list(_summary(recap, language)))]
    for group in _GROUPS:
        if recap[group]:
            lines += ["", label(group, language), *_group(recap[group], language)]
    for part in ("steps", "holders"):
        if recap[part]:
            lines += ["", label(part, language), *_hands(recap[part], part, language)]
    return "\n".join(lines) + "\n"


def render_csv(recap: Recap) -> str:
    """A recap as CSV: one figure per row, with ``section,id,name,measure,value``; times in seconds."""
    return csv_lines([("section", "id", "name", "measure", "value"), *_cells(recap)])


def _summary(recap: Recap, language: str) -> Iterator[tuple[str, str]]:
    within = recap["within_standard"]
    for name in ("filed", "answered", "open"):
        yield label(name, language), str(recap[name])
    yield label("within_standard", language), str(within["met"])
    yield label("missed", language), str(within["missed"])
    yield label("undecided", language), str(within["undecided"])
    yield label("share", language), _percent(within["share"])
    yield label("all_steps_in_time", language), _percent(recap["all_steps_in_time"]["share"])
    for which in ("first", "total"):
        times = recap["time_to_answer"][which]
        for measure in ("mean", "median"):
            told = duration(times[f"{measure}_seconds"], language)
            working = duration(times[f"{measure}_working_seconds"], language, days=False)
            yield label(f"{which}_{measure}", language), f"{told} ({label('working', language)}: {working})"
    for name in _ENDS:
        yield label(name, language), str(recap[name])
    for why, count in recap["returned"].items():
        yield label(f"returned_{why}", language), str(count)
    for name in _LATER:
        yield label(name, language), str(recap[name])
    yield label("ratings", language), str(recap["ratings"]["count"])
    survey = recap["satisfaction"]
    yield label("asked", language), str(survey["asked"])
    if survey["answered"]:
        index = "-" if survey["index"] is None else f"{survey['index']:.2f} ({survey['class']})"
        yield label("satisfaction", language), f"{index} / {survey['answered']}"
    mean = recap["ratings"]["mean"]
    yield label("mean_rating", language), "-" if mean is None else f"{mean:.2f}"
    suggested = recap["suggestions"]
    for name in ("agency", "category"):
        yield label(f"suggested_{name}", language), f"{suggested[name]['first']} / {suggested[name]['judged']}"
    yield label("suggested_merges", language), f"{suggested['merges']['suggested']} / {suggested['merges']['count']}"
    for kind, asked in recap.get("data_requests", {}).items():
        yield label(f"data_{kind}", language), f"{asked['asked']} / {asked['late']} / {asked['open']}"


def _group(rows: list[dict[str, Any]], language: str) -> list[str]:
    heads = (
        "",
        *(label(name, language) for name in ("col_filed", "col_answered", "col_within", "col_beyond", "median")),
    )
    return table(
        heads,
        [
            (
                shortened(word(row.get("name") or row["id"] or label("none", language), language), _LONGEST_NAME),
                str(row["filed"]),
                str(row["answered"]),
                str(row["within_standard"]),
                str(row["beyond_standard"]),
                duration(row["median_seconds"], language),
            )
            for row in rows
        ],
    )


def _hands(rows: list[dict[str, Any]], part: str, language: str) -> list[str]:
    of_holders = part == "holders"
    heads = [label("holder" if of_holders else "step", language), label("held", language)]
    heads += [label(name, language) for name in ("mean_working", "breached", "own_late", "imposed_late")]
    heads += [label("caused", language)] if of_holders else []
    return table(heads, [_hand(row, language, of_holders=of_holders) for row in rows])


def _hand(row: dict[str, Any], language: str, *, of_holders: bool) -> list[str]:
    mean = row["working_seconds"] // row["held"] if row["held"] else None
    name = shortened(row["title"], _LONGEST_NAME)
    if row.get("agency_name"):
        name = f"{shortened(row['title'], _SHORT_NAME)}, {shortened(row['agency_name'], _LONGEST_NAME)}"
    cells = [name, str(row["held"]), duration(mean, language, days=False), str(row["breached"])]
    cells += [duration(row[f"{whose}_late_seconds"], language, days=False) for whose in ("own", "imposed")]
    if of_holders:
        cells.append(f"{row['caused']}x {duration(row['caused_seconds'], language)}" if row["caused"] else "-")
    return cells


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.1f} %"


def _cells(recap: Recap) -> Iterator[tuple[str, str, str, str, Any]]:
    """Every figure of a recap, whatever parts it has."""
    for section, content in recap.items():
        if isinstance(content, Mapping):
            yield from ((section, "", "", measure, value) for measure, value in _flat(content))
        elif isinstance(content, list):
            for row in content:
                yield from _row_cells(section, row)
        else:
            yield section, "", "", "value", content


def _row_cells(section: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, Any]]:
    row_id = row.get("id") or row.get("step") or "/".join(filter(None, (row.get("actor"), row.get("agency"))))
    name = row.get("name") or ", ".join(filter(None, (row.get("title"), row.get("agency_name"))))
    for measure, value in row.items():
        if isinstance(value, int | float):
            yield section, str(row_id), str(name), measure, value


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
