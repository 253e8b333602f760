import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from shared.platform.database.embedded_cluster import Cluster
from shared.platform.database.embedded_error import EmbeddedPostgresError
from shared.platform.database.embedded_postgres import EmbeddedPostgres, running_url
from tests.fixtures.waiting import eventually, patience

ROOT = Path(__file__).resolve().parents[2]
FAST = {"fsync": "off", "shared_buffers": "16MB"}
USER = """
import sys, time
from shared.platform.database.embedded_cluster import Cluster
from shared.platform.database.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(sys.argv[1], {"fsync": "off", "shared_buffers": "16MB"})
print(server.start(), flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's own user can reach: pytest closes its own to all but one user, again and again."""
    with tempfile.TemporaryDirectory(prefix="aduan-test-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def directory(folder: Path) -> Iterator[Path]:
    """Where a server may live; none is left there."""
    yield folder / "postgres"
    pid = postmaster(folder / "postgres")
    if pid is not None and psutil.pid_exists(pid):
        psutil.Process(pid).send_signal(signal.SIGQUIT)


def postmaster(directory: Path) -> int | None:
    """The server's process, if its file is there."""
    file = directory / "data" / "postmaster.pid"
    return int(file.read_bytes().splitlines()[0]) if file.exists() else None


def ask(url: str, statement: str) -> object:
    """One value."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not fetched by its parent does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class User:
    """Another process that uses the server of a directory."""

    def __init__(self, directory: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(directory)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def url(self) -> str:
        """What it was given; waits until it has it."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """Let it stop in good order."""
        self.process.communicate(timeout=patience(60))

    def kill(self) -> None:
        """Kill it on the spot."""
        self.process.kill()
        self.process.communicate(timeout=patience(60))


def test_data_survive_a_restart(directory: Path) -> None:
    """What was written is there after stop and start, and stopping leaves nothing running."""
    server = EmbeddedPostgres(directory, FAST)
    assert running_url(directory) is None

    url = server.start()
    assert "off" == ask(url, "SHOW fsync")
    ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = postmaster(directory)
    server.stop()

    assert pid is not None
    assert not alive(pid)
    assert running_url(directory) is None
    with server:
        assert 42 == ask(url, "SELECT answer FROM kept")


def test_a_server_starts_for_whoever_keeps_their_files_to_themselves(folder: Path, directory: Path) -> None:
    """Under root the server is another user's, and reads its settings though nobody else may read what root writes."""
    former = os.umask(0o077)
    try:
        with EmbeddedPostgres(directory, FAST) as server:
            assert "off" == ask(server.start(), "SHOW fsync")
        with EmbeddedPostgres(folder / "not" / "yet" / ("l" * 100), FAST) as server:
            assert "off" == ask(server.start(), "SHOW fsync")
    finally:
        os.umask(former)


def test_the_last_to_leave_stops_it(directory: Path) -> None:
    """A second process gets the URL of the running server, and only when both have left is it stopped."""
    server = EmbeddedPostgres(directory, FAST)
    url = server.start()
    other = User(directory)
    assert url == other.url == running_url(directory)
    keeper = psutil.Process(postmaster(directory)).ppid()

    server.stop()
    assert 1 == ask(url, "SELECT 1")
    other.leave()

    assert running_url(directory) is None
    eventually(lambda: psutil.STATUS_ZOMBIE == psutil.Process(keeper).status(), what="what kept it has ended")
    with server:
        assert not psutil.pid_exists(keeper)  # who started it has fetched what kept it, and keeps no zombie


def test_a_killed_user_counts_as_gone(directory: Path) -> None:
    """A process that was killed does not keep the server running for ever."""
    other = User(directory)
    url = other.url
    other.kill()
    assert url == running_url(directory)

    with EmbeddedPostgres(directory, FAST) as server:
        assert url == server.start()

    assert running_url(directory) is None


def test_processes_that_start_at_once_share_one_server(directory: Path) -> None:
    """However many processes start on an empty directory, there is one server."""
    users = [User(directory) for _ in range(3)]

    assert 1 == len({user.url for user in users})
    for user in users:
        user.leave()
    assert running_url(directory) is None


def test_a_killed_server_is_started_again(directory: Path) -> None:
    """After the server was killed outright, committed data are there and it serves again."""
    server = EmbeddedPostgres(directory, FAST)
    url = server.start()
    ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = postmaster(directory)
    assert pid is not None
    children = psutil.Process(pid).children()
    psutil.Process(pid).kill()
    eventually(lambda: not any(alive(process) for process in [pid, *(child.pid for child in children)]))

    assert running_url(directory) is None
    assert url == server.start()
    assert 42 == ask(url, "SELECT answer FROM kept")
    server.stop()


@pytest.mark.parametrize("name", ["it's a plåce", "long" * 40])
def test_any_directory_will_do(folder: Path, name: str) -> None:
    """Spaces, quotes, letters of any kind and lengths beyond a socket's limit are no matter."""
    with EmbeddedPostgres(folder / name, FAST) as server:
        assert 1 == ask(server.start(), "SELECT 1")

    assert not Cluster(folder / name).socket.exists()


def test_nobody_else_listens_in_its_stead(folder: Path) -> None:
    """A folder for the socket that others may enter, put in a public place beforehand, is refused."""
    long = folder / ("long" * 40)
    cluster = Cluster(long)
    cluster.sockets.mkdir(mode=0o755)

    try:
        with pytest.raises(EmbeddedPostgresError, match="somebody else"):
            EmbeddedPostgres(long, FAST).start()
    finally:
        cluster.sockets.rmdir()


def test_a_start_that_fails_says_why(directory: Path) -> None:
    """A setting that PostgreSQL refuses is an error that points to the log, and the next start is free."""
    with pytest.raises(EmbeddedPostgresError, match=r"server\.log"):
        EmbeddedPostgres(directory, {**FAST, "max_connections": "none"}).start()

    with EmbeddedPostgres(directory, FAST) as server:
        assert 1 == ask(server.start(), "SELECT 1")


def test_statements_stay_out_of_the_server_log(directory: Path) -> None:
    """A statement that fails leaves its values in no log."""
    with EmbeddedPostgres(directory, FAST) as server:
        url = server.start()
        ask(url, "CREATE TABLE people (name text PRIMARY KEY)")
        for _ in range(2):
            with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
                if _:
                    with pytest.raises(psycopg2.errors.UniqueViolation):
                        cursor.execute("INSERT INTO people VALUES ('Siti Aminah')")
                else:
                    cursor.execute("INSERT INTO people VALUES ('Siti Aminah')")
                    connection.commit()

    log = (directory / "data" / "server.log").read_text()
    assert "duplicate key" in log
    assert "Siti" not in log


PLAIN_NAMES = ("a b  c", "kabupat\u00e9n \u6771", "-rf", "~")
ODD_NAMES = (
    "a$HOME",
    "a$(touch SPOILT)",
    "a`touch SPOILT`",
    'a"b',
    "a'b",
    "a\\b",
    "a;touch SPOILT;b",
    "a%20b",
    "a,b",
    "a#b",
    "a\nb",
    "*",
    os.fsdecode(b"a\xffb"),
)
"""What means something in a setting, in a list of folders or in a URL: the socket lies elsewhere."""


@pytest.mark.parametrize("names", [PLAIN_NAMES, ODD_NAMES], ids=["plain", "odd"])
def test_a_path_means_nothing_but_itself(folder: Path, names: tuple[str, ...]) -> None:
    """No shell and no settings file reads anything into the names of folders; data lie where they were told to.

    All stand in the path of one server: whatever is read into one of them leads elsewhere, or nowhere.
    """
    directory = folder.joinpath(*names, "postgres")
    with EmbeddedPostgres(directory, FAST) as server:
        assert 1 == ask(server.start(), "SELECT 1")
        assert str(directory / "data") == psutil.Process(postmaster(directory)).cwd()
    assert running_url(directory) is None
    made = [each for each in folder.rglob("*") if not each.is_relative_to(directory)]
    assert [folder.joinpath(*names[: depth + 1]) for depth in range(len(names))] == made


def test_a_socket_lies_beside_the_data_where_its_path_means_nothing_else(folder: Path) -> None:
    """Else in a folder of its own, whichever of the odd names is the one that means something."""
    plain = folder.joinpath(*PLAIN_NAMES)

    assert plain / "data" == Cluster(plain).sockets
    assert [] == [name for name in ODD_NAMES if Cluster(folder / name).sockets.is_relative_to(folder)]


def test_a_server_whose_users_were_all_killed_stops(directory: Path) -> None:
    """Within moments, in good order: a process that is killed leaves no server behind."""
    first, second = User(directory), User(directory)
    assert first.url == second.url
    pid = postmaster(directory)
    assert pid is not None

    first.kill()
    assert second.process.poll() is None
    assert alive(pid)
    second.kill()

    eventually(lambda: not alive(pid), within=20, what="the server has stopped")
    assert "shut down" in (directory / "data" / "server.log").read_text()
    with EmbeddedPostgres(directory, FAST) as server:
        assert 1 == ask(server.start(), "SELECT 1")


def test_a_server_outlives_the_process_that_started_it(directory: Path) -> None:
    """Who came later goes on using it, also when the first was killed."""
    first = User(directory)
    url = first.url
    second = User(directory)
    assert url == second.url
    first.kill()

    assert 1 == ask(url, "SELECT 1")
    second.leave()
    assert running_url(directory) is None
