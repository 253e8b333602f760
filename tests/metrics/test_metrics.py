import pathlib
import re
from functools import cache

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from shared.platform import metrics
from shared.platform.settings import PROJECT

SOURCE = pathlib.Path(metrics.__file__).read_text(encoding="utf-8")
PERSONAL = {"name", "phone", "email", "address", "ticket", "dossier", "user", "reporter", "code"}


def _name(metric: Collector) -> str:
    return next(iter(metric.collect())).name


def test_every_metric_is_listed_once() -> None:
    """Whoever wants to know what can be measured reads one list."""
    ours = {family.name for family in metrics.REGISTRY.collect() if family.name.startswith("aduan_")}

    assert sorted(ours) == sorted(_name(metric) for metric in metrics.METRICS)


@pytest.mark.parametrize("metric", metrics.METRICS, ids=_name)
def test_no_label_can_hold_a_person(metric: Collector) -> None:
    """A metric is kept for years and read by many: its labels are few and known beforehand."""
    labels = set(getattr(metric, "_labelnames", ()))

    assert set() == labels & PERSONAL
    assert len(labels) <= 3


def test_every_metric_says_what_to_do() -> None:
    """Above each definition (or pair) stands a comment with its kind and its meaning."""
    definitions = re.findall(r"(?:^#.*\n)*(?:^[A-Z_]+: Final = (?:Counter|Gauge|Histogram)\()", SOURCE, re.MULTILINE)
    paired = {"RELAY_WAITING", "CONSUMER_BATCH_SECONDS", "TIMER_LATE_SECONDS", "MESSAGES_DUE_SECONDS"}

    assert len(metrics.METRICS) == len(definitions)
    for each in definitions:
        name = each.splitlines()[-1].split(":")[0]
        assert name in paired or re.match(r"# (Counter|Gauge|Histogram)", each), f"{name} has no comment"


def test_the_exposition_can_be_scraped() -> None:
    """Prometheus understands what /metrics shows."""
    metrics.COMPLAINTS_FILED.labels("cilacap", "web").inc()

    families = {family.name for family in text_string_to_metric_families(metrics.exposition().decode())}
    assert {"aduan_complaints_filed", "aduan_relay_leads", "process_open_fds"} <= families


@pytest.mark.parametrize("metric", metrics.METRICS, ids=_name)
def test_every_metric_is_set_somewhere(metric: Collector) -> None:
    """A figure that nothing sets would tell whoever watches it that all is well."""
    [name] = [each for each, value in vars(metrics).items() if value is metric]
    sets = re.compile(rf"\b{name}\b(?:\s*\.labels\(.*?\))?\s*\.(?:inc|set|observe|time)\(", re.DOTALL)

    assert any(name in text and sets.search(text) for text in _sources()), f"{name} is promised and never set"


@cache
def _sources() -> list[str]:
    folders = ("shared", "services", "channels", "portal", "cli")
    return [path.read_text(encoding="utf-8") for folder in folders for path in (PROJECT / folder).rglob("*.py")]
