"""Copying an embedded installation into one file, and making one from it again.

The file is a tar of ``log`` (how the log stood, to be held against), ``database.dump`` (by PostgreSQL's own
``pg_dump``, of one snapshot), and what lies beside the database: dossiers' files, letters of the outbox, the clock.
Keys are not in it: neither the master key nor the secrets of providers.
"""

import fcntl
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import psycopg2
from psycopg2.sql import SQL, Identifier

from cli.outputs import draft_of, private
from shared.application.folder import FILES
from shared.platform.database.embedded_cluster import Cluster
from shared.platform.database.embedded_leftovers import throw_away
from shared.platform.database.pool import Database
from shared.platform.secret import FILE
from shared.store.eventstore.audit import chains_of, order_of, verify
from shared.store.eventstore.audit_report import Checkpoint
from shared.store.eventstore.ranges import DossierRange

_FORMAT: Final = "aduan copy 1"
_LOG: Final = "log"
_DUMP: Final = "database.dump"
_BESIDE: Final = (FILES, "outbox", "clock", "simulated-clock")
"""What is copied beside the database, where it is there."""
_ROLES: Final = r"SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user ORDER BY rolname"
"""Who is given rights in the database, beside its owner; a dump tells the rights, and not who there is."""
_ALL: Final = DossierRange(None, None, 0)


class CopyFailed(click.ClickException):
    """A copy cannot be made or used."""


def write_folder(data: Path, url: str, to: Path, still_fit: Callable[[], None]) -> Checkpoint:
    """Copy an installation whose server runs, in place of an older copy; whole or not at all.

    :param data: its folder.
    :param url: of its database, as the owner.
    :param to: the file, readable by its owner only.
    :param still_fit: asked when all is copied; what it raises leaves the older copy in its place.
    :returns: how the log stood.
    :raises CopyFailed: if the log is not intact: what is restored from it could not be told from a forgery.
    """
    draft = draft_of(to)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=f"{draft.name}-") as aside:
        place = Path(aside)
        with closing(Database(url, pool_size=1, statement_seconds=0, idle_in_transaction_seconds=0)) as database:
            stood = _dump(data, database, place / _DUMP)
            with database.autocommit() as cursor:
                cursor.execute(_ROLES)
                roles = "\t".join(role for (role,) in cursor.fetchall())
        (place / _LOG).write_text(f"{_FORMAT}\n{stood.position}:{stood.digest}\n{roles}\n", encoding="utf-8")
        try:
            with (
                open(draft, "wb", opener=private) as file,
                tarfile.open(fileobj=file, mode="w") as tar,
            ):
                for each in (_LOG, _DUMP):
                    tar.add(place / each, each)
                for found in _beside(data):
                    with suppress(FileNotFoundError):  # a letter that an erasure has just taken away
                        tar.add(found, str(found.relative_to(data)), recursive=False, filter=_there)
                tar.close()
                file.flush()
                os.fsync(file.fileno())
            still_fit()
            draft.replace(to)
        finally:
            draft.unlink(missing_ok=True)
    return stood


def _beside(data: Path) -> Iterator[Path]:
    for each in _BESIDE:
        yield data / each
        yield from sorted((data / each).rglob("*"))


def _dump(data: Path, database: Database, to: Path) -> Checkpoint:
    """Of one snapshot: what is dumped is exactly what was audited."""
    with closing(database.connect(autocommit=False)) as session:
        session.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            [(snapshot,)] = cursor.fetchall()
        ordered, chains = order_of(session, None), chains_of(session, _ALL)
        if faults := [*ordered.faults, *chains.faults]:
            raise CopyFailed(f"the log is not intact ({faults[0]}); see `aduan audit verify`. Nothing was written")
        with to.open("wb") as file:
            program = Cluster(data / "postgres").programs() / "pg_dump"
            command = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--dbname={database.url}"]
            _run(program, *command, out=file.fileno())
    return Checkpoint(ordered.position, ordered.digest)


def _there(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Files and folders, whoever owns them."""
    if not (member.isfile() or member.isdir()):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


@contextmanager
def unpacked(copied: Path, data: Path, key: Path | None) -> Iterator[tuple[Path, "Unpacked"]]:
    """A folder beside the one that is to be made, with all of a copy in it but the database; put in its place when the
    block ends well, and thrown away when it does not.

    :param copied: the file.
    :param data: where the installation is to lie: empty, or not there, or with its master key alone.
    :param key: the file of the master key, if it does not lie there.
    :returns: the folder, and what the copy says.
    :raises CopyFailed: if the file is no copy, the folder is in use or cannot be put in place, or there is no key.
    :raises EmbeddedPostgresError: if what a killed run left running does not end.
    """
    data = data.resolve()
    if data.is_mount():
        raise CopyFailed(f"{data} is a mount point, in whose place nothing can be put; name a folder in it")
    with _alone_beside(data):
        _put_key_back(data)
        there = {each.name for each in data.iterdir()} if data.exists() else set[str]()
        if there - {FILE}:
            raise CopyFailed(f"{data} is not empty; nothing was done. Name a folder that is not there yet")
        if key is None and not there:
            raise CopyFailed(f"name the file of the master key with --key, or put it to {data / FILE}")
        if key is not None and there:
            raise CopyFailed(f"{data / FILE} is there already; leave --key away, or name another folder")
        draft = data.with_name(f"{data.name}.unfinished")
        throw_away(draft)
        draft.mkdir(parents=True, mode=0o700)
        try:
            found = _unpack(copied, draft)
            with open(draft / FILE, "wb", opener=private) as file:
                file.write((key or data / FILE).read_bytes())
            yield draft, found
            found.dump.unlink()
            (draft / _LOG).unlink()
            _put_in_place(draft, data)
        finally:
            throw_away(draft)


@contextmanager
def _alone_beside(data: Path) -> Iterator[None]:
    """Be the only one that puts a folder there: two have one name for what is unfinished.

    The second waits, and then finds what the first has made.

    :raises CopyFailed: if there can be no folder.
    """
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CopyFailed(f"{data} cannot be made: {error.strerror}") from error
    place = os.open(data.parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo(f"another 'aduan restore' is at work in {data.parent}; it is waited for", err=True)
            fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def _put_in_place(draft: Path, data: Path) -> None:
    """Let a folder take the place of one that is empty but for the master key, or of none.

    The key lies in one of the two at any instant: only when the new one is in its place does the other go.

    :raises CopyFailed: if it cannot be done, or an installation was begun there meanwhile; all is as it was.
    """
    aside = _aside(data)
    there = data.exists()
    if there and _is_anothers(data, (draft / FILE).read_bytes()):
        raise CopyFailed(f"{data} is not empty any more: something was begun there meanwhile, and is left as it is")
    try:
        if there:
            data.rename(aside)
        try:
            draft.rename(data)
        except BaseException:
            if there:
                aside.rename(data)
            raise
    except OSError as error:
        raise CopyFailed(f"nothing could be put in the place of {data} ({error.strerror}); all is as it was") from error
    if there:
        shutil.rmtree(aside)


def _is_anothers(data: Path, key: bytes) -> bool:
    """Whether a folder holds anything but a master key, or another one: the first thing that an installation makes."""
    names = {each.name for each in data.iterdir()}
    return bool(names - {FILE}) or (FILE in names and (data / FILE).read_bytes() != key)


def _aside(data: Path) -> Path:
    """Where a folder with the master key lies while another is put in its place."""
    return data.with_name(f"{data.name}.before")


def _put_key_back(data: Path) -> None:
    """After a run that was killed while it exchanged the two. A folder with anything but the key is somebody's."""
    aside = _aside(data)
    if not aside.is_dir() or {each.name for each in aside.iterdir()} != {FILE}:
        return
    if not data.exists():
        aside.rename(data)
    elif (data / FILE).is_file() and (data / FILE).read_bytes() == (aside / FILE).read_bytes():
        shutil.rmtree(aside)


@dataclass(frozen=True)
class Unpacked:
    """What a copy says.

    :param dump: the database.
    :param stood: how its log stood.
    :param roles: who is given rights in it.
    """

    dump: Path
    stood: Checkpoint
    roles: tuple[str, ...]


def _unpack(copied: Path, to: Path) -> Unpacked:
    try:
        with tarfile.open(copied, mode="r:") as tar:
            tar.extractall(to, filter="data")
        for each in (place for place in to.rglob("*") if place.is_dir()):
            each.chmod(0o700)  # which a tar does not say of folders to whoever reads it with care
        told, written, roles = (to / _LOG).read_text(encoding="utf-8").split("\n")[:3]
        position, _, digest = written.partition(":")
        stood = Checkpoint(int(position), digest)
    except (tarfile.TarError, ValueError, EOFError, FileNotFoundError) as error:
        raise CopyFailed(f"{copied} is no copy that 'aduan backup' has made, or not all of it") from error
    if told != _FORMAT or not (to / _DUMP).is_file():
        raise CopyFailed(f"{copied} is no copy that this version of 'aduan restore' reads")
    return Unpacked(to / _DUMP, stood, tuple(filter(None, roles.split("\t"))))


def read_database(postgres: Path, url: str, copy: Unpacked) -> None:
    """Fill an empty database from a dump, or leave it empty. Whoever is given rights in it may not log in, as yet.

    :param postgres: the embedded server's folder.
    :raises CopyFailed: if that does not work.
    """
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        for role in copy.roles:
            cursor.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role)))
    program = Cluster(postgres).programs() / "pg_restore"
    _run(program, "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={url}", str(copy.dump))


def hold_against(url: str, stood: Checkpoint) -> None:
    """Make sure that the log is the one that was copied.

    :raises CopyFailed: if it is not.
    """
    with closing(Database(url, pool_size=1, statement_seconds=0)) as database:
        report = verify(database, stood)
    if not report.intact:
        raise CopyFailed(f"the log is not the one that was copied ({report.faults[0]}); nothing was left behind")


def _run(program: Path, *arguments: str, out: int | None = None) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own, no shell
        [str(program), *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, check=False, cwd="/"
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise CopyFailed(f"{program.name} failed: {said}")
