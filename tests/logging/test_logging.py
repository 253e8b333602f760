import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import eventlet
import psycopg2
import pytest

from shared.base.errors import NotFound
from shared.platform.logging import bound, configure, configure_logging
from shared.platform.settings import Settings

log = logging.getLogger("tests.logging")
NAME = "Siti Aminah"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes for this test; pytest's own handlers come back afterwards."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    handler = configure("INFO", "json", stream, service="intake")
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    for old in before:
        root.addHandler(old)


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    """What was logged, as JSON."""
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ids_stand_beside_a_constant_sentence(lines: Lines) -> None:
    """A line can be searched by its sentence and by each of its ids."""
    dossier = UUID(int=7)
    log.info("filed", extra={"dossier": dossier, "tenant": "cilacap"})

    line = lines()[0]
    assert line.pop("time").endswith("+00:00")
    assert {
        "level": "INFO",
        "logger": "tests.logging",
        "message": "filed",
        "service": "intake",
        "dossier": str(dossier),
        "tenant": "cilacap",
    } == line


def test_a_block_binds_ids_for_its_own_greenlet(lines: Lines) -> None:
    """What one request is about does not appear in another's lines, though they run in turns."""

    def work(number: int) -> None:
        with bound(correlation_id=number):
            eventlet.sleep(0)
            log.info("worked")
            eventlet.sleep(0)

    for thread in [eventlet.spawn(work, number) for number in range(5)]:
        thread.wait()
    log.info("outside")

    assert [0, 1, 2, 3, 4, None] == [line.get("correlation_id") for line in lines()]


def test_an_expected_error_is_told_in_full(lines: Lines) -> None:
    """What our own errors say is made to be read, and so is where they came from and what caused them."""
    try:
        try:
            raise ConnectionRefusedError("no broker")
        except OSError as error:
            raise NotFound("no_such_ticket") from error
    except NotFound:
        log.exception("refused")

    told = lines()[0]["exception"]
    assert "NotFound: no_such_ticket" == told["text"]
    assert "ConnectionRefusedError: no broker" == told["cause"]["text"]
    assert told["frames"][0].endswith("test_an_expected_error_is_told_in_full")


def test_errors_that_caused_each_other_are_told_once_each(lines: Lines) -> None:
    """An error that was kept and raised once more goes round in a ring with what it caused."""
    kept, caused = NotFound("no_such_ticket"), ConnectionRefusedError("no broker")
    kept.__cause__, caused.__cause__ = caused, kept
    try:
        raise kept
    except NotFound:
        log.exception("refused")

    told = lines()[0]["exception"]
    assert "ConnectionRefusedError: no broker" == told["cause"]["text"]
    assert "cause" not in told["cause"]


@pytest.mark.parametrize("error", [ValueError(NAME), KeyError(NAME), TypeError(NAME), psycopg2.IntegrityError(NAME)])
@pytest.mark.parametrize("how", ["exception", "argument", "sentence"])
@pytest.mark.parametrize("form", ["json", "text"])
def test_an_error_that_may_quote_data_is_told_without_its_text(
    stream: io.StringIO, error: Exception, how: str, form: str
) -> None:
    """A parser's complaint repeats what it could not read, and that may be somebody's name."""
    handler = configure("INFO", form, stream)
    try:
        raise error
    except Exception:
        if how == "exception":
            log.exception("failed")
        elif how == "argument":
            log.error("failed: %s, %s", "again", error)  # noqa: TRY400
        else:
            log.error(error)  # noqa: TRY400
    logging.getLogger().removeHandler(handler)

    assert NAME not in stream.getvalue()
    assert type(error).__name__ in stream.getvalue()


def test_text_is_for_people(stream: io.StringIO) -> None:
    """At a terminal a line is a sentence with its ids after it."""
    handler = configure("INFO", "text", stream, service="routing")
    log.warning("late", extra={"step": 3})
    logging.getLogger().removeHandler(handler)

    assert stream.getvalue()[9:] == "WARNING late service=routing step=3\n"


def test_libraries_are_quiet_and_the_level_holds(lines: Lines) -> None:
    """Broker and database libraries do not fill the log with what they do every second."""
    logging.getLogger("kombu.connection").info("beat")
    log.debug("detail")

    assert [] == lines()


def test_the_installation_decides_level_and_form(stream: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """ADUAN_LOG_LEVEL and ADUAN_LOG_FORMAT hold for every process."""
    settings = Settings.from_environment({"ADUAN_LOG_LEVEL": "error", "ADUAN_LOG_FORMAT": "text"})
    configure_logging(settings, "notify")
    log.warning("not told")
    log.error("told")
    logging.getLogger().handlers.clear()

    assert ["ERROR   told service=notify"] == [line[9:] for line in capsys.readouterr().err.splitlines()]
