"""Whatever a person mistypes and whatever is away: every command says it in a sentence, and none shows a traceback."""

import errno
import io
import os
import shutil
import stat
from pathlib import Path

import click
import psycopg2
import pytest

from cli.commands import COMMANDS, aduan
from cli.failures import ToldToEnd, told
from shared.platform.secret import new_secret
from shared.platform.settings import PROJECT
from tests.cli.leaves import LEAVES, command_of

CLOSED = "postgresql://aduan:hunter2@127.0.0.1:1/aduan"
NOWHERE = "postgresql://aduan:hunter2@database.invalid/aduan"
NO_BROKER = "amqp://aduan:hunter2@127.0.0.1:1//"
WHOLE = {"ADUAN_DATABASE_URL": CLOSED, "ADUAN_BROKER_URL": NO_BROKER, "ADUAN_MASTER_KEY": new_secret()}
WHOLE["ADUAN_CHECKPOINT_KEY"] = new_secret()
RUNNING = {"bench", "classify", "demo", "serve", "up"}
"""They would run for long, wait for what is away, or write files, as they should; what stops them has its own cases."""


KNOWN = {
    "tenant": "cilacap",
    "actor": "coordinator",
    "password": "rahasia sekali",
    "email": "budi@kab.example",
    "only": "database",
    "to": CLOSED,
    "public": "YWR1YW4gYWR1YW4gYWR1YW4gYWR1YW4gYWR1YW4gYWQ=",
}
"""What is given for options of these names: without them some commands would have nothing to do, or far too much."""


def _arguments(leaf: tuple[str, ...], file: Path, word: str = "x") -> list[str]:
    """Something of the right kind for everything that the command wants to be told.

    :param word: for what may be any word.
    """
    given: list[str] = []
    for each in command_of(leaf).params:
        flag = isinstance(each, click.Option) and each.is_flag
        value = _value(each.type, file, word)
        if isinstance(each, click.Argument):
            given.append(value)
        elif each.name == "yes":
            given.append("--yes")
        elif not flag and each.name in KNOWN and not isinstance(each.type, click.Path):
            given += [each.opts[0], KNOWN[each.name]]
        elif each.required:
            given += [each.opts[0], value]
    return given


def _value(kind: click.ParamType, file: Path, word: str) -> str:
    if isinstance(kind, click.Choice):
        return str(next(iter(kind.choices)))
    if isinstance(kind, click.Path):
        return str(file)
    if isinstance(kind, click.DateTime):
        return "2026-11-02"
    if isinstance(kind, click.types.UUIDParameterType):
        return "6f1b0c1e-7c1e-4a57-9a39-0d2b6f0c7a11"
    if isinstance(kind, (click.types.IntParamType, click.types.FloatParamType)):
        return "1"
    return word


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the case, and nothing to be read from the terminal."""
    for name in ("ADUAN_DATABASE_URL", "ADUAN_BROKER_URL", "ADUAN_MASTER_KEY", "ADUAN_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A file to be read."""
    file = tmp_path / "table.csv"
    file.write_text("message\nJalan rusak\n", encoding="utf-8")
    return file


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says; an error that is not told would pass through here."""
    status = told(aduan, arguments)
    said = capsys.readouterr()
    assert (True, True) == (status != 0, bool(said.err.strip())), said.out
    assert "Traceback" not in said.err
    assert "hunter2" not in said.err + said.out
    return said.err


WITHOUT_DATABASE = {"asyncapi", "at", "backup", "broker", "dead", "restore", "secret", "sop", "token"}
NEW_KEY = ("checkpoint", "key")
NEED_DATABASE = [leaf for leaf in LEAVES if leaf[0] not in RUNNING | WITHOUT_DATABASE and leaf != NEW_KEY]


@pytest.mark.parametrize(
    ("url", "word"), [(CLOSED, "refused"), (NOWHERE, "database.invalid")], ids=["closed", "unknown"]
)
@pytest.mark.parametrize("leaf", NEED_DATABASE, ids=" ".join)
def test_the_database_is_away(
    leaf: tuple[str, ...],
    url: str,
    word: str,
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every command that needs it says that it does not answer, and where it was looked for."""
    environment = {**WHOLE, "ADUAN_DATABASE_URL": url, "ADUAN_FORMER_MASTER_KEYS": new_secret()}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert word in _refused(capsys, *leaf, *_arguments(leaf, table)).lower()


@pytest.mark.parametrize("leaf", NEED_DATABASE, ids=" ".join)
def test_the_database_has_no_tables(
    leaf: tuple[str, ...],
    empty_database_url: str,
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every command but the one that makes them says which that is."""
    for name, value in {**WHOLE, "ADUAN_DATABASE_URL": empty_database_url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ADUAN_FORMER_MASTER_KEYS", new_secret())
    if leaf == ("migrate",):
        assert 0 == told(aduan, leaf)
        return

    assert "aduan migrate" in _refused(capsys, *leaf, *_arguments(leaf, table))


@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if leaf[0] == "dead"], ids=" ".join)
def test_the_broker_is_away(
    leaf: tuple[str, ...], table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands on dead letters name it."""
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)

    assert "broker" in _refused(capsys, *leaf, *_arguments(leaf, table))


NEED_FOLDER = [
    leaf
    for leaf in LEAVES
    if leaf[0] not in {"classify", "serve"} and "data" in {each.name for each in command_of(leaf).params}
]


@pytest.mark.parametrize("place", ["below a file", "in a system's folder", "a file"])
@pytest.mark.parametrize("leaf", NEED_FOLDER, ids=" ".join)
def test_a_data_directory_that_cannot_be_made(
    leaf: tuple[str, ...], place: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The directory is named."""
    data = {"below a file": table / "data", "in a system's folder": Path("/proc/aduan"), "a file": table}[place]
    extra: tuple[str, ...] = ("--port", "0") if leaf[0] in {"up", "demo"} else ()
    if leaf == ("sop", "simulate"):
        extra = ("--history", "--calendar", str(table))

    said = _refused(capsys, *leaf, *_arguments(leaf, table), *extra, "--data", str(data))
    assert str(data) in said or "broker" in said


BEGIN = {("demo",), ("migrate",), ("restore",), ("up",), ("user", "add")}
"""With these an installation may begin. A table is tried first, which is no beginning."""
OTHERS = [leaf for leaf in NEED_FOLDER if leaf not in BEGIN and leaf[0] != "dead"]


@pytest.mark.parametrize("leaf", OTHERS, ids=" ".join)
def test_a_mistyped_folder_becomes_no_installation(
    leaf: tuple[str, ...], table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever looks for what is there is told that nothing is, and where; neither a folder nor a key is made."""
    extra = {("sop", "simulate"): ("--history", "--calendar", str(table)), ("import",): ("--dry-run",)}.get(leaf, ())
    data = tmp_path / "mistyped"

    said = _refused(capsys, *leaf, *_arguments(leaf, table), *extra, "--data", str(data))
    assert (True, False) == (f"{data} holds no installation" in said, data.exists()), said


@pytest.mark.parametrize(
    "damage", ["a key that is a folder", "a key that is garbage", "a lost key", "a clock of nonsense"]
)
@pytest.mark.parametrize("leaf", [("up",), ("user", "list"), ("key", "rotate")], ids=" ".join)
def test_a_data_directory_that_is_damaged(
    leaf: tuple[str, ...], damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is named; nothing is thrown away."""
    data = tmp_path / "data"
    (data / "postgres" / "data").mkdir(parents=True)
    (data / "postgres" / "data" / "PG_VERSION").write_text("9\n")
    file = data / ("simulated-clock" if "clock" in damage else "master.key")
    if "folder" in damage:
        file.mkdir()
    elif "garbage" in damage:
        file.write_bytes(b"\xff\x00garbage")
    elif "clock" in damage:
        (data / "master.key").write_text(new_secret())
        file.write_text("yesterday")
    extra = ("--port", "0", "--simulated-clock", "2026-10-01T08:00:00+07:00") if leaf == ("up",) else ()

    said = _refused(capsys, *leaf, *extra, "--data", str(data))
    assert file.name in said or "PostgreSQL 9" in said
    assert (data / "postgres" / "data" / "PG_VERSION").exists()


SETTINGS: list[dict[str, str]] = [
    {"ADUAN_MAXTER_KEY": "x"},
    {"ADUAN_SMTP_URL": "smtp://"},
    {"ADUAN_SMTP_URL": "smtp://user:hunter2@"},
    {"ADUAN_SMTP_URL": "smtps://mail:many"},
    {"ADUAN_DATABASE_URL": "postgresql://aduan:hun%ter2@db/aduan"},
    {"ADUAN_BROKER_URL": "amqp://"},
    {"ADUAN_PUBLIC_URL": "https://"},
    {"ADUAN_MASTER_KEY_FILE": "/nowhere/key"},
    {"ADUAN_MASTER_KEY_FILE": "/bin/true"},
    {"ADUAN_MASTER_KEY_FILE": "/dev/zero"},
    {"ADUAN_DATA_DIR_FILE": "/dev/zero-is-not-there"},
    {"ADUAN_FORMER_MASTER_KEYS": "one two"},
]


@pytest.mark.parametrize(
    ("leaf", "setting"),
    [
        *(
            (leaf, SETTINGS[0])
            for leaf in LEAVES
            if leaf[0] not in {"asyncapi", "bench", "broker", "secret"} and leaf != NEW_KEY
        ),
        *((("token",), setting) for setting in SETTINGS[1:]),
    ],
    ids=" ".join,
)
def test_a_setting_that_cannot_be_meant(
    leaf: tuple[str, ...],
    setting: dict[str, str],
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command that reads the settings names the variable, and quotes nothing secret."""
    for name, value in setting.items():
        monkeypatch.setenv(name, value)

    assert next(iter(setting)) in _refused(capsys, *leaf, *_arguments(leaf, table))


WORDS = ("", " ", "tidak ada", "\udcff\udc00", "x" * 5000, "../..", "-1", "'; --", "%s{}")


@pytest.mark.parametrize(
    "leaf", [leaf for leaf in LEAVES if leaf[0] not in RUNNING | {"dead", "secret", "migrate", "key"}], ids=" ".join
)
def test_words_that_mean_nothing(
    leaf: tuple[str, ...],
    database_url: str,
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Names and numbers of things that are not there are told as such, in place of any argument and option."""
    for name, value in {**WHOLE, "ADUAN_DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    base = _arguments(leaf, table)
    for each in command_of(leaf).params:
        if not isinstance(each.type, click.types.StringParamType) and each.name not in {"version", "batch", "plan"}:
            continue
        for word in WORDS:
            given = (
                _arguments(leaf, table, word) if isinstance(each, click.Argument) else [*base, f"{each.opts[0]}={word}"]
            )
            told(aduan, [*leaf, *given])  # what it says differs; that it says it is the point
            assert "Traceback" not in capsys.readouterr().err, given


READ = [
    (leaf, each.name)
    for leaf in LEAVES
    for each in command_of(leaf).params
    if isinstance(each.type, click.Path) and each.type.exists and each.type.file_okay
]


@pytest.mark.parametrize(("leaf", "name"), READ, ids=[f"{' '.join(leaf)} {name}" for leaf, name in READ])
def test_a_file_without_an_end_is_not_read(
    leaf: tuple[str, ...], name: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A device in the place of any file that is read is told, before memory is full of it."""
    [option] = [each for each in command_of(leaf).params if each.name == name]
    is_option = isinstance(option, click.Option)
    given = (
        [*_arguments(leaf, table), option.opts[0], "/dev/zero"] if is_option else _arguments(leaf, Path("/dev/zero"))
    )

    assert "/dev/zero is a device" in _refused(capsys, *leaf, *given)


WRITTEN = [
    (leaf, each.name)
    for leaf in LEAVES
    for each in command_of(leaf).params
    if isinstance(each.type, click.Path) and each.type.file_okay and not each.type.exists
]


@pytest.mark.parametrize(("leaf", "name"), WRITTEN, ids=[f"{' '.join(leaf)} {name}" for leaf, name in WRITTEN])
def test_a_file_in_a_folder_that_is_not_there_is_told_before_anything_is_done(
    leaf: tuple[str, ...], name: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not after an hour's reckoning."""
    [option] = [each for each in command_of(leaf).params if each.name == name]
    nowhere = table.parent / "nowhere" / "file.csv"
    is_option = isinstance(option, click.Option)
    given = [*_arguments(leaf, table), option.opts[0], str(nowhere)] if is_option else _arguments(leaf, nowhere)

    assert f"{nowhere} cannot be written" in _refused(capsys, *leaf, *given)


@pytest.mark.parametrize("leaf", [("asyncapi",), ("broker", "definitions")], ids=" ".join)
def test_a_full_disk_is_told_with_the_file(leaf: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """What the system says of a write names nothing."""
    assert "/dev/full: No space left" in _refused(capsys, *leaf, "--output", "/dev/full")


@pytest.mark.parametrize("leaf", [("backup", "--to"), ("key", "copy")], ids=" ".join)
def test_nothing_but_a_file_is_replaced(leaf: tuple[str, ...], table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy is put in the place of the one before: of a device (`/dev/null`, say) or a pipe nothing would be left."""
    pipe = table.parent / "pipe"
    os.mkfifo(pipe)

    assert "would be lost" in _refused(capsys, *leaf, str(pipe), "--data", str(table.parent / "data"))
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_copy_of_keys_that_fails_leaves_nothing_behind(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys that are destroyed later would lie there; and each hour one more."""
    for name, value in {**WHOLE, "ADUAN_DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("os.fsync", _full)
    (tmp_path / "keys").write_text("the copy before")

    assert "No space left" in _refused(capsys, "key", "copy", str(tmp_path / "keys"))
    assert ["keys"] == [each.name for each in tmp_path.iterdir()]
    assert "the copy before" == (tmp_path / "keys").read_text()


def _full(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


NUMBERS = [
    (leaf, each.opts[0])
    for leaf in LEAVES
    for each in command_of(leaf).params
    if isinstance(each.type, click.types.FloatParamType)
]


@pytest.mark.parametrize(("leaf", "option"), NUMBERS, ids=[" ".join((*leaf, option)) for leaf, option in NUMBERS])
def test_what_is_no_number_lies_within_no_bounds(
    leaf: tuple[str, ...], option: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it is compared with, `nan` is neither less nor greater."""
    assert "no number" in _refused(capsys, *leaf, *_arguments(leaf, table), option, "nan")


@pytest.mark.parametrize("leaf", LEAVES, ids=" ".join)
def test_too_many_words(leaf: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped option is told with the options there are, before anything is done."""
    assert "--nonsense" in _refused(capsys, *leaf, "--nonsense")


@pytest.mark.parametrize(
    "instant", ["9999-12-31T00:00:00+07:00", "2200-01-01T00:00:00Z", "0001-01-01T00:00:00+07:00", "yesterday", "2026"]
)
def test_a_clock_that_cannot_be_meant(instant: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A simulated clock does not start where nothing can be reckoned with."""
    assert "no instant" in _refused(capsys, "up", "--port", "0", "--simulated-clock", instant)


@pytest.mark.parametrize(("how", "status"), [(ToldToEnd, 143), (KeyboardInterrupt, 130)])
@pytest.mark.parametrize("leaving", [None, psycopg2.InterfaceError("connection already closed")], ids=["well", "badly"])
def test_who_is_told_to_end_says_so(
    how: type[BaseException], status: int, leaving: Exception | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the leaving itself fails, since something was just being begun."""

    @click.command()
    def working() -> None:
        try:
            raise how
        finally:
            if leaving is not None:
                raise leaving

    assert (status, "aduan: stopped, as you wished\n") == (told(working, []), capsys.readouterr().err.lstrip())


def test_a_closed_pipe_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the first lines only, as by ``head``, gets no complaint."""
    monkeypatch.setattr("click.echo", _broken)
    with (PROJECT / "pyproject.toml").open() as file:
        monkeypatch.setattr("sys.stdout", file)
        monkeypatch.setattr("os.dup2", lambda *_: None)

        assert 0 == told(aduan, ["secret"])


def _broken(*_: object, **__: object) -> None:
    raise BrokenPipeError


def test_every_command_is_tried() -> None:
    """The table above is made from the commands that there are."""
    assert {leaf[0] for leaf in LEAVES} == set(COMMANDS) - {"second"}  # which nobody types
    assert shutil.which("aduan") is None or LEAVES


def test_errors_that_caused_each_other_end_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that was kept and raised once more goes round in a ring with what it caused."""

    @click.command
    def failing() -> None:
        kept, caused = ConnectionRefusedError("refused"), psycopg2.OperationalError("away")
        kept.__cause__, caused.__cause__ = caused, kept
        raise kept

    assert 2 == told(failing, [])
    assert "stopped, as you wished" not in capsys.readouterr().err
