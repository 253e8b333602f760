"""``/healthz``, ``/readyz`` and ``/metrics`` of a process, and the checks that stand behind them.

*Healthy* means: this process does not need to be restarted. *Ready* means: it can do its work now. A database that is
away makes a process unready, never unhealthy, or an outage of the database would restart everything else as well.

A part that has *stopped* waits for nothing but for somebody to mend it. It is told by name, with what to do; others in
the same process go on, so the process stays ready for them. A process that has no others is not ready.
"""

import json
import logging
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import eventlet

from shared.platform.database.pool import Database
from shared.platform.metrics import CONTENT_TYPE, exposition
from shared.platform.metrics_together import answered, together

log = logging.getLogger(__name__)

CHECKS: Final = "aduan.checks"
"""The key in nameko's configuration under which the process's :class:`Checks` are held."""
ADDRESS: Final = "aduan.health"
"""The key in nameko's configuration for ``(host, port)`` of the health pages; without it there are none."""

Check = Callable[[], bool]
Stop = Callable[[], str | None]
Note = Callable[[], str]
Figures = Callable[[], bytes | None]
CHECK_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Report:
    """What the checks said.

    :param checks: ``ok`` or what is wrong, by the check's name.
    :param stopped: what to do, by the name of the part that has stopped while others go on.
    """

    checks: dict[str, str]
    stopped: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether all is well but for what has stopped; with no checks at all, it is."""
        return all(said == "ok" for said in self.checks.values())

    @property
    def status(self) -> str:
        """``ok``, ``impaired`` (ready, and something has stopped) or ``unavailable``."""
        if not self.ok:
            return "unavailable"
        return "impaired" if self.stopped else "ok"


class Checks:
    """The checks of one process. Parts register their own when they start; a name stands for one check."""

    def __init__(self) -> None:
        self._readiness: dict[str, Check] = {}
        self._stops: dict[str, Stop] = {}
        self._figures: dict[str, Figures] = {}
        self._notes: dict[str, Note] = {}

    def add_note(self, name: str, note: Note) -> None:
        """Tell something beside the checks that makes nobody unready.

        :param note: asked for each page; answers at once.
        """
        self._notes[name] = note

    def notes(self) -> dict[str, str]:
        """What is told beside the checks."""
        return {name: note() for name, note in sorted(self._notes.items())}

    def add_readiness(self, name: str, check: Check) -> None:
        """Ask this part before taking work.

        :param name: e.g. ``routing:consumer``.
        :param check: true if the part can do its work now; asked within 2 seconds.
        """
        self._readiness[name] = check

    def add_stop(self, name: str, stop: Stop) -> None:
        """Ask this part whether it has stopped for good.

        :param name: as for :meth:`add_readiness`; what stands before the colon is whose it is.
        :param stop: what to do, for an operator; None while it goes on.
        """
        self._stops[name] = stop

    def add_figures(self, process: str, figures: Figures) -> None:
        """Show the figures of another process beside our own.

        :param process: with what they are labelled.
        :param figures: its page of figures; None if it does not answer, in bounded time.
        """
        self._figures[process] = figures

    def remove(self, name: str) -> None:
        """Forget a part or a process that has stopped in good order."""
        self._readiness.pop(name, None)
        self._stops.pop(name, None)
        self._figures.pop(name, None)

    def figures(self) -> bytes:
        """The present figures, in Prometheus's text format."""
        others = answered((name, ask()) for name, ask in sorted(self._figures.items()))
        return together(exposition(), others)

    def readiness(self) -> Report:
        """Whether the process can do its work now."""
        said = _ask(self._readiness)
        stopped = {name: what for name, stop in sorted(self._stops.items()) if (what := stop()) is not None}
        if not stopped:
            return Report(said)
        mine = {_whose(name) for name in stopped}
        if any(_whose(name) not in mine for name in self._readiness if ":" in name):
            return Report(said, stopped)
        return Report({**said, **stopped})


def checks_of(config: MutableMapping[str, Any]) -> Checks:
    """The checks of the process that runs with this nameko configuration (one mapping for all its services)."""
    checks: Checks = config.setdefault(CHECKS, Checks())
    return checks


def database_check(database: Database) -> Check:
    """A readiness check: the database answers, and takes writes."""

    def answers() -> bool:
        with database.autocommit() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return cursor.fetchone() == ("off",)

    return answers


Respond = Callable[[str, list[tuple[str, str]]], object]


def application(checks: Checks) -> Callable[[dict[str, Any], Respond], Iterable[bytes]]:
    """The health pages as a WSGI application: 200 or 503 with what each check said."""

    def respond(environ: dict[str, Any], start: Respond) -> Iterable[bytes]:
        status, content_type, body = page(checks, environ.get("PATH_INFO", "/"))
        start(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [body]

    return respond


def page(checks: Checks, path: str) -> tuple[str, str, bytes]:
    """One page.

    :param path: ``/healthz``, ``/readyz`` or ``/metrics``.
    :returns: status line, content type and body.
    """
    match path:
        case "/healthz":
            report = Report({})  # whoever answers this runs
        case "/readyz":
            report = checks.readiness()
        case "/metrics":
            return "200 OK", CONTENT_TYPE, checks.figures()
        case _:
            return "404 Not Found", "application/json", b'{"status": "unknown"}'
    body: dict[str, Any] = {"status": report.status, "checks": report.checks}
    if report.stopped:
        body["stopped"] = report.stopped
    if path == "/readyz" and (notes := checks.notes()):
        body["notes"] = notes
    status = "200 OK" if report.ok else "503 Service Unavailable"
    return status, "application/json", json.dumps(body).encode()


def _whose(name: str) -> str:
    return name.partition(":")[0]


def _ask(checks: dict[str, Check]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, check in sorted(checks.items()):
        try:
            with eventlet.Timeout(CHECK_SECONDS, TimeoutError("no answer")):
                said[name] = "ok" if check() else "not ok"
        except Exception as error:  # noqa: BLE001 - a check that fails in any way says that its part is not well
            log.warning("a health check failed", extra={"check": name, "error": type(error).__name__})
            said[name] = type(error).__name__
    return said
