"""Dashboards and alerts name only what is exposed, and each alert says what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from promql_parser import AggregateExpr, BinaryExpr, Call, ParenExpr, SubqueryExpr, UnaryExpr, VectorSelector

from shared.platform import metrics
from shared.platform.metrics_together import PROCESS
from shared.platform.settings import PROJECT

RULES = PROJECT / "deploy" / "prometheus" / "aduan.rules.yaml"
ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]
]
DASHBOARDS = sorted((PROJECT / "deploy" / "grafana").glob("*.json"))
BY_PROMETHEUS = {"job", "instance", PROCESS}
"""Labels that every figure gets where it is gathered, or on the page of two processes."""
OF_PROCESSES = {
    *("process_open_fds", "process_max_fds", "process_resident_memory_bytes", "process_cpu_seconds_total"),
    "up",  # Prometheus's own: whether a process answered
}
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}


def _exposed() -> dict[str, set[str]]:
    """The labels of each series that the services expose, by its name."""
    found: dict[str, set[str]] = {name: set() for name in OF_PROCESSES}
    for metric in metrics.METRICS:
        [family] = list(metric.collect())
        for suffix in SUFFIXES[family.type]:
            more = {"le"} if suffix == "_bucket" else set()
            found[f"{family.name}{suffix}"] = {*getattr(metric, "_labelnames", ()), *more}
    return found


EXPOSED = _exposed()


def _dashboard(file: Path) -> dict[str, Any]:
    board: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return board


def _expressions() -> Iterator[tuple[str, str]]:
    for alert in ALERTS:
        yield f"{RULES.name}: {alert['alert']}", alert["expr"]
    for file in DASHBOARDS:
        for panel in _dashboard(file)["panels"]:
            for target in panel["targets"]:
                yield f"{file.name}: {panel['title']}", target["expr"].replace("$tenant", ".*")


def _parts(expression: Any) -> Iterator[Any]:
    """All parts of an expression, itself first."""
    yield expression
    match expression:
        case AggregateExpr() | ParenExpr() | SubqueryExpr() | UnaryExpr():
            below = [expression.expr]
        case BinaryExpr():
            below = [expression.lhs, expression.rhs]
        case Call():
            below = list(expression.args)
        case _:
            below = [expression.vector_selector] if hasattr(expression, "vector_selector") else []
    for each in below:
        yield from _parts(each)


def _selectors(expression: str) -> list[VectorSelector]:
    return [part for part in _parts(promql_parser.parse(expression)) if isinstance(part, VectorSelector)]


@pytest.mark.parametrize(("place", "expression"), list(_expressions()), ids=lambda each: str(each)[:60])
def test_an_expression_names_what_is_exposed(place: str, expression: str) -> None:
    """It parses; every figure is one of ours, and so is every label by which it is chosen, grouped or matched."""
    selectors = _selectors(expression)
    strange = {
        matcher.name
        for each in selectors
        for matcher in each.matchers.matchers
        if matcher.name not in EXPOSED.get(str(each.name), set()) | BY_PROMETHEUS
    }
    grouped = {
        label
        for part in _parts(promql_parser.parse(expression))
        if isinstance(part, AggregateExpr) and part.modifier is not None
        for label in part.modifier.labels
    }
    known = set.union(*(EXPOSED.get(str(each.name), set()) for each in selectors)) | BY_PROMETHEUS

    assert selectors, place
    assert set() == {each.name for each in selectors} - set(EXPOSED), place
    assert set() == strange | (grouped - known), place


def test_the_check_sees_what_is_not_there() -> None:
    """A figure that was renamed, or a label that is gone, does not pass unseen."""
    [selector] = _selectors('sum by (tenant) (rate(aduan_gone_total{step="x"}[5m]))')

    assert "aduan_gone_total" == selector.name
    assert selector.name not in EXPOSED
    assert ["step"] == [each.name for each in selector.matchers.matchers]
    with pytest.raises(ValueError, match=r"."):
        promql_parser.parse("sum by (")


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_an_alert_says_what_to_do(alert: dict[str, Any]) -> None:
    """Its severity, what it is, what to do, and the chapter where that is written."""
    told = alert["annotations"]
    file, _, anchor = told["runbook"].partition("#")
    chapters = re.findall(r"^#+ (.+)$", (PROJECT / file).read_text(encoding="utf-8"), re.MULTILINE)

    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert len(told["summary"]) <= 80
    assert len(told["description"].split()) >= 8
    assert anchor in {_anchor(each) for each in chapters}
    assert re.fullmatch(r"\d+[smh]", alert["for"])


def _anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_an_alert_names_labels_that_its_figure_keeps(alert: dict[str, Any]) -> None:
    """A sentence with a label that was summed away would read "{{ }} is behind the log"."""
    words = " ".join(alert["annotations"].values())
    named = set(re.findall(r"\$labels\.(\w+)", words))
    parsed = promql_parser.parse(alert["expr"])
    kept: set[str] = set()
    for part in _parts(parsed):
        if isinstance(part, AggregateExpr):
            kept = set(part.modifier.labels) if part.modifier is not None else set()
            break
    else:
        kept = set.union(*(EXPOSED[str(each.name)] for each in _selectors(alert["expr"]))) | BY_PROMETHEUS

    assert set() == named - kept


def test_alerts_have_names_of_their_own() -> None:
    """Whoever silences one silences no other."""
    names = [alert["alert"] for alert in ALERTS]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.name)
def test_a_dashboard_can_be_read_by_grafana(file: Path) -> None:
    """Each panel has its place, on the source that is chosen above; no two overlap, none is empty."""
    board = _dashboard(file)
    panels = board["panels"]
    taken = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert file.stem == board["uid"]
    assert "datasource" in {each["name"] for each in board["templating"]["list"]}
    assert len(taken) == len(set(taken))
    assert all(x < 24 for x, _ in taken)
    assert len({panel["id"] for panel in panels}) == len(panels) == len({panel["title"] for panel in panels})
    assert all(panel["targets"] and panel["datasource"]["uid"] == "${datasource}" for panel in panels)


def test_dashboards_show_every_figure_of_ours() -> None:
    """What is measured and shown nowhere is measured for nobody; positions alone say nothing to a person."""
    shown = {selector.name for _, expression in _expressions() for selector in _selectors(expression)}
    families = {next(iter(metric.collect())).name for metric in metrics.METRICS}

    assert {"aduan_relay_position"} == {
        family for family in families if not any(str(name).startswith(family) for name in shown)
    }
