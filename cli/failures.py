"""How the command line says what went wrong: one clear line for what a user can mend, a trace for what is our fault."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click
import psycopg2
from amqp.exceptions import AMQPError
from eventsourcing.persistence import PersistenceError
from kombu.exceptions import KombuError

from shared.base.errors import AduanError
from shared.platform.database.embedded_error import EmbeddedPostgresError
from shared.platform.settings import SettingsError
from shared.wording.catalogue import catalogue
from shared.wording.yaml_lines import FileError

EXIT_USER = 2
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143
_LANGUAGE = "en"
EXPECTED = (
    AduanError,
    SettingsError,
    FileError,
    EmbeddedPostgresError,
    psycopg2.Error,
    PersistenceError,
    AMQPError,
    KombuError,
    OSError,
    UnicodeError,
    MemoryError,
)
"""What a person can mend."""


class ToldToEnd(KeyboardInterrupt):
    """Leaves a command that a timer, a container or a shutdown has told to end: as Ctrl-C does, in good order."""


def end(_number: int, _frame: object) -> NoReturn:
    """What SIGTERM does to a command; one that serves has ways of its own (:mod:`cli.lifetime`).

    :raises ToldToEnd: always.
    """
    raise ToldToEnd


def sentence(error: AduanError) -> str:
    """An expected error as a line for a terminal, each field at fault named."""
    words = catalogue()
    told_fields = words.field_sentences(error, _LANGUAGE)
    fields = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in sorted(told_fields.items()))
    return f"{words.sentence(error, _LANGUAGE)}{f' ({fields})' if fields else ''}{_cause(error)}"


def told(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command and turn what a person can mend into a line on stderr.

    :param arguments: those of the process unless given.
    :returns: the exit status.
    """
    try:
        result = command.main(arguments, standalone_mode=False)
    except click.ClickException as error:
        try:
            error.show()
        except UnicodeEncodeError:
            print(f"aduan: {error.format_message()!a}", file=sys.stderr)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as stopped:
        return _stopped(_interrupt(stopped))
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except BrokenPipeError:
        # Whoever read the output has seen enough. Nothing is flushed into the broken pipe at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except EXPECTED as error:
        if (interrupt := _interrupt(error)) is not None:
            return _stopped(interrupt)  # what then failed was only the leaving, a connection that was being made, say
        print(f"aduan: {line_of(error)}", file=sys.stderr)
        return EXIT_USER
    return result if isinstance(result, int) else 0


def _interrupt(error: BaseException | None) -> KeyboardInterrupt | None:
    """What told the command to end before anything else went wrong; none if nothing did.

    An error that was kept and raised once more may have been caused by what it caused itself.
    """
    seen: list[BaseException] = []
    while error is not None and not any(error is each for each in seen):
        if isinstance(error, KeyboardInterrupt):
            return error
        seen.append(error)
        error = error.__cause__ or error.__context__
    return None


def _stopped(interrupt: KeyboardInterrupt | None) -> int:
    print("aduan: stopped, as you wished", file=sys.stderr)
    return EXIT_TERMINATED if isinstance(interrupt, ToldToEnd) else EXIT_INTERRUPTED


def line_of(error: Exception) -> str:
    """One of :data:`EXPECTED` in a line, without what may lie in a row."""
    if isinstance(error, AduanError):
        return sentence(error)
    if isinstance(error, PersistenceError) and isinstance(error.__cause__, psycopg2.Error):
        return line_of(error.__cause__)  # the event store's word for the same
    if isinstance(error, psycopg2.Error):
        # The primary message alone: the others may quote what lies in a row.
        return f"the database refused: {error.diag.message_primary or type(error).__name__}"
    if isinstance(error, (AMQPError, KombuError)):
        return f"the broker refused or does not answer: {' '.join(str(error).split()) or type(error).__name__}"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    if isinstance(error, MemoryError):
        return "this machine has not memory enough for it: is a file far larger than it should be?"
    if isinstance(error, UnicodeError):
        return "an argument or a file holds bytes that are no text in UTF-8"
    return str(error)


def _cause(error: AduanError) -> str:
    """What the database's driver said, where it is what an operator has to mend; it never quotes a password."""
    cause = error.__cause__
    return f" ({' '.join(str(cause).split())})" if isinstance(cause, psycopg2.OperationalError) else ""
