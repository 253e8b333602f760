"""The figures of several processes on one page: those of an installation that has no port for each of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from prometheus_client import Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

PROCESS: Final = "process"
"""The label by which the figures of another process are told apart; those of the process that is asked bear none."""


class _Together(Collector):
    """What several pages tell, each family once.

    :param own: the page of the process that is asked.
    :param others: those of others, by the name of the process.
    """

    def __init__(self, own: bytes, others: Mapping[str, bytes]) -> None:
        self._own = own
        self._others = others

    def collect(self) -> Iterator[Metric]:
        """The families, in the order in which they were first met."""
        found: dict[str, Metric] = {}
        for name, text in (("", self._own), *self._others.items()):
            for family in text_string_to_metric_families(text.decode()):
                kept = found.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                kept.samples += [
                    sample._replace(labels={**sample.labels, PROCESS: name} if name else sample.labels)
                    for sample in family.samples
                ]
        return iter(found.values())


def together(own: bytes, others: Mapping[str, bytes]) -> bytes:
    """One page of several, in Prometheus's text format.

    :param own: the page of the process that is asked; as it is, if there are no others.
    :param others: by the name of the process, with which their samples are labelled.
    """
    if not others:
        return own
    page: bytes = generate_latest(_Together(own, others))
    return page


def answered(others: Iterable[tuple[str, bytes | None]]) -> dict[str, bytes]:
    """Those that have answered."""
    return {name: page for name, page in others if page is not None}
