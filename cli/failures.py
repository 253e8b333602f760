"""How the command line says what went wrong: one clear line for what a user can mend, a trace for what is our fault."""

import sys

import click
import psycopg2

from shared.base.errors import AduanError
from shared.platform.database.embedded_postgres import EmbeddedPostgresError
from shared.platform.settings import SettingsError
from shared.wording.catalogue import catalogue
from shared.wording.yaml_lines import FileError

EXIT_USER = 2
_LANGUAGE = "en"


def sentence(error: AduanError) -> str:
    """An expected error as a line for a terminal, each field at fault named."""
    words = catalogue()
    told_fields = words.field_sentences(error, _LANGUAGE)
    fields = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in sorted(told_fields.items()))
    return f"{words.sentence(error, _LANGUAGE)}{f' ({fields})' if fields else ''}{_cause(error)}"


def _cause(error: AduanError) -> str:
    """What the database's driver said, where it is what an operator has to mend; it never quotes a password."""
    cause = error.__cause__
    return f" ({' '.join(str(cause).split())})" if isinstance(cause, psycopg2.OperationalError) else ""


def told(command: click.Command) -> int:
    """Run a command and turn expected errors into a line on stderr.

    :returns: the exit status.
    """
    try:
        result = command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except AduanError as error:
        print(f"aduan: {sentence(error)}", file=sys.stderr)
        return EXIT_USER
    except (SettingsError, FileError, EmbeddedPostgresError) as error:
        print(f"aduan: {error}", file=sys.stderr)
        return EXIT_USER
    return result if isinstance(result, int) else 0
