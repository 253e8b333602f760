"""All that is looked at, in an order in which what comes later stands on what came before."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from psycopg2.errors import InsufficientPrivilege

from cli.doctoring.backups import backup_lines
from cli.doctoring.broker import broker_lines
from cli.doctoring.database import database_lines
from cli.doctoring.edited import edited_lines
from cli.doctoring.files import room_lines, secret_lines, tenant_lines
from cli.doctoring.holidays import holiday_lines
from cli.doctoring.line import FAIL, Diagnosis, Measures, failed, warned, well, worst
from cli.doctoring.place import Installed, installed, settings_faults, told_of, told_whether_it_runs
from cli.doctoring.standby import standby_lines
from cli.doctoring.work import work_lines
from cli.failures import EXPECTED, line_of
from cli.installation import NothingThere, settings_for
from cli.lost import lost_names
from shared.application.bootstrap import bootstrap
from shared.platform.settings import SettingsError

_AS_OWNER: Final = "look as the login that owns the tables: docker compose run --rm migrate doctor"

Tell = Callable[[Diagnosis], None]


class _Heard:
    """Tells each line as it is found, and keeps them."""

    def __init__(self, tell: Tell) -> None:
        self.lines: list[Diagnosis] = []
        self._tell = tell

    def take(self, lines: Iterator[Diagnosis]) -> list[Diagnosis]:
        """Take what a part says."""
        taken = []
        for each in lines:
            self._tell(each)
            self.lines.append(each)
            taken.append(each)
        return taken

    @contextmanager
    def part(self, check: str) -> Iterator[None]:
        """A part: should it not come to its end, that is what is found of it."""
        try:
            yield
        except NothingThere as error:
            self.take(iter([failed(check, error.found, "name its directory by --data; aduan up makes a new one")]))
        except SettingsError as error:
            self.take(settings_faults(error.faults))
        except InsufficientPrivilege:
            self.take(iter([warned(check, "this login may not see more of it", _AS_OWNER)]))
        except EXPECTED as error:
            self.take(iter([failed(check, line_of(error), "mend that, and look again")]))


def examine(data: Path | None, measures: Measures, tell: Tell = lambda _: None) -> list[Diagnosis]:
    """Look at an installation. Changes nothing in it.

    :param data: the directory of an embedded one.
    :param measures: by what it is judged.
    :param tell: is told each line as soon as it is known.
    """
    heard = _Heard(tell)
    try:
        settings = settings_for(data)
    except SettingsError as error:
        heard.take(settings_faults(error.faults))
        return heard.lines
    heard.take(iter([told_of(settings)]))
    wanted = set(measures.parts)
    if "broker" in wanted:
        with heard.part("broker"):
            heard.take(broker_lines(settings))
    if "disk" in wanted:
        with heard.part("disk"):
            heard.take(room_lines(settings, measures.least_free))
    if wanted & {"database", *_ON_DATABASE}:
        with heard.part("database"), installed(settings, measures) as found:
            _database(heard, found)
    if "tenants" in wanted:
        with heard.part("tenants"):
            heard.take(tenant_lines(settings))
    return heard.lines


def _database(heard: _Heard, found: Installed) -> None:
    runs = told_whether_it_runs(found)
    heard.take(iter([runs] if runs else []))
    with heard.part("database"):
        if worst(heard.take(database_lines(found))) == FAIL:
            return
    with heard.part("database.standby"):
        heard.take(standby_lines(found))
    for part, lines in _ON_DATABASE.items():
        if part in found.measures.parts:
            with heard.part(part):
                heard.take(lines(found))


def _channel_lines(found: Installed) -> Iterator[Diagnosis]:
    """What is told by the governments' files and the database together."""
    runtime = bootstrap(found.settings)
    with closing(runtime.database):
        yield from secret_lines(runtime, providers=found.measures.providers)
        yield from edited_lines(runtime)
        lost = lost_names(runtime)
        yield from (failed("tenants.lost", each, "aduan sop check --data DIR names them too") for each in lost)
        if not lost:
            yield well("tenants.lost", "no open dossier misses a name")
        calendars = {each: runtime.tenants.get(each).calendar for each in runtime.tenants.ids()}
        yield from holiday_lines(calendars, found.now)


_ON_DATABASE: Final[Mapping[str, Callable[[Installed], Iterator[Diagnosis]]]] = {
    "work": work_lines,
    "backups": backup_lines,
    "channels": _channel_lines,
}
