"""The figures of two processes on one page."""

from prometheus_client.parser import text_string_to_metric_families

from shared.platform import metrics
from shared.platform.health import Checks, page
from shared.platform.metrics_together import PROCESS, together


def _samples(text: bytes) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    families = text_string_to_metric_families(text.decode())
    return [(each.name, tuple(sorted(each.labels.items()))) for family in families for each in family.samples]


def test_the_page_of_one_process_stays_as_it_is() -> None:
    """Nobody who has one process sees another label, or another byte."""
    own = metrics.exposition()

    assert own == together(own, {})


def test_each_figure_of_another_process_is_told_apart() -> None:
    """Every sample of both is there, no two with one name and one set of labels, and each family once."""
    metrics.COMPLAINTS_FILED.labels("cilacap", "web").inc()
    metrics.APPEND_SECONDS.labels("intake").observe(0.02)
    own = metrics.exposition()
    both = together(own, {"second": own})
    samples, alone = _samples(both), _samples(own)
    families = [family.name for family in text_string_to_metric_families(both.decode())]

    assert 2 * len(alone) == len(samples) == len(set(samples))
    assert len(families) == len(set(families))
    assert sorted(alone) == sorted(each for each in samples if PROCESS not in dict(each[1]) or each in alone)


def test_a_process_that_does_not_answer_takes_nobody_elses_figures_away() -> None:
    """Its own are missing, which whoever watches sees."""
    checks = Checks()
    checks.add_figures("second", lambda: None)
    status, _, body = page(checks, "/metrics")

    assert "200 OK" == status
    assert b"aduan_relay_leads" in body
    assert b'process="second"' not in body.replace(b'aduan_process_ready{process="second"}', b"")
