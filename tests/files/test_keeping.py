"""A file is in the store before it is in the log; what was written in vain is taken away, by hand or by a sweep."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.intake import erasing, files
from services.intake.receipts import Receipt
from services.routing import files as routing_files
from shared.application.files import drops, handing, scanning
from shared.application.files.keeping import PENDING, place_of
from shared.application.files.sweeping import OLD, sweep
from shared.base.caller import Caller
from shared.base.errors import Conflict, Invalid, NotFound, Unavailable
from shared.platform.metrics import REGISTRY
from tests.files.making import photo
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
ADMIN = Caller("*", "admin", user="cli", admin=True)


def later() -> datetime:
    """When what is there now is old."""
    return datetime.now(UTC) + OLD + timedelta(minutes=5)


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    """An installation with a folder for files."""
    office.keep_files_in(tmp_path / "files")
    return office


@pytest.fixture
def receipt(office: Office) -> Receipt:
    """A complaint."""
    return office.file()


def add(office: Office, receipt: Receipt, content: bytes) -> dict[str, Any]:
    """The reporter adds a file."""
    runtime = office.runtime
    drop = drops.leave(runtime.files, runtime.randomness, [content])
    whose = receipt.ticket, receipt.tracking_code
    try:
        return files.add(runtime, T, *whose, kind="photo", name="foto.jpg", drop=drop, cause=CAUSE)
    finally:
        runtime.files.delete(drop.place)


def left(office: Office) -> list[str]:
    """Everything in the store."""
    return [name for below in (T, PENDING, drops.DROPS) for name, _ in office.runtime.files.names(below)]


def test_what_cannot_be_recorded_is_not_kept(office: Office, receipt: Receipt, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database fails after the file was written: the file is gone again, and the log says nothing of it."""
    dossiers = office.runtime.dossiers("intake")

    def fail(*_: object) -> None:
        raise Unavailable("service_unavailable")

    monkeypatch.setattr(dossiers, "append", fail)
    with pytest.raises(Unavailable):
        add(office, receipt, photo())

    assert [] == left(office)
    assert ["ComplaintFiled"] == office.types(receipt.id)


def test_a_sweep_takes_away_what_a_crash_left(office: Office, receipt: Receipt) -> None:
    """Bodies that nobody fetched, files that were not recorded; what was recorded stays, also if its mark remained."""
    kept = add(office, receipt, photo())["id"]
    store, dossier = office.runtime.files, receipt.id
    recorded, lost = place_of(T, dossier) + f"/{kept}", place_of(T, dossier) + f"/{dossier}"
    drops.leave(store, office.runtime.randomness, [b"x"])
    store.put(lost, [b"x"])
    store.put(f"{PENDING}/{lost}", [b"-"])
    store.put(f"{PENDING}/{recorded}", [b"-"])

    assert 0 == sweep(office.runtime, "routing")
    assert 3 == sweep(office.runtime, "routing", later())
    assert [recorded] == left(office)


def test_erasing_removes_the_bytes_and_what_opens_them(office: Office, receipt: Receipt) -> None:
    """The key is destroyed, the store is empty, and nothing can be fetched or added any more."""
    kept = add(office, receipt, photo())["id"]
    handed = files.hand(office.runtime, T, receipt.ticket, receipt.tracking_code, kept)
    before = b"".join(handing.content(office.runtime.files, handed))
    erasing.erase(office.runtime, ADMIN, T, receipt.ticket, "asked", CAUSE)

    assert before.startswith(b"\xff\xd8")
    assert [] == left(office)
    with pytest.raises(NotFound):
        b"".join(handing.content(office.runtime.files, handed))
    with pytest.raises(NotFound):
        add(office, receipt, photo("PNG"))


def test_a_file_whose_call_is_asked_again_is_added_once(office: Office, receipt: Receipt) -> None:
    """Another instance may have it while the first still cleans it: neither says that there is no such file."""
    runtime = office.runtime
    drop = drops.leave(runtime.files, runtime.randomness, [photo()])
    how: dict[str, Any] = {"kind": "photo", "name": "foto.jpg", "drop": drop, "cause": CAUSE}
    first, copy = (files.add(runtime, T, receipt.ticket, receipt.tracking_code, **how) for _ in range(2))

    assert first["id"] == copy["id"]
    assert 1 == office.types(receipt.id).count("FileAdded")


def test_the_same_photo_of_another_is_another_file(office: Office, receipt: Receipt) -> None:
    """Whoever sends a photo twice has one of it; of an officer's like it, and of its name, a reporter never hears."""
    runtime = office.runtime
    drop = drops.leave(runtime.files, runtime.randomness, [photo()])
    officer = Caller(T, "coordinator", user="coordinator-1")
    named = {"kind": "photo", "name": "rumah Siti.jpg"}
    theirs = routing_files.add(runtime, officer, T, receipt.id, **named, drop=drop, cause=CAUSE)
    runtime.files.delete(drop.place)
    own, again = add(office, receipt, photo()), add(office, receipt, photo())

    assert ("rumah Siti.jpg", "foto.jpg") == (theirs["name"], own["name"])
    assert (own["id"], None) == (again["id"], again["position"])
    assert theirs["id"] != own["id"]
    assert own["id"] == files.hand(runtime, T, receipt.ticket, receipt.tracking_code, own["id"])["id"]
    assert 2 == len([name for name in left(office) if name.startswith(T)])


def test_the_same_photo_once_more_after_reopening_is_another_file(office: Office, receipt: Receipt) -> None:
    """What an SOP wants to lie there counts from the reopening on: the very same sheet must be able to be it again."""
    first = add(office, receipt, photo())["id"]
    office.act(receipt, "coordinator", "transfer", to="PLN", reason="Bukan kewenangan kami")
    office.act(receipt, "coordinator", "answer", text="Sudah ditangani PLN.")
    office.run_system(receipt)
    assert first == add(office, receipt, photo())["id"]
    office.say(receipt, "reopen", reason="Belum")
    again = add(office, receipt, photo())["id"]
    assert first != again
    assert again == add(office, receipt, photo())["id"]


@pytest.mark.parametrize(
    ("limit", "refusal"), [("files_per_dossier", "too_many"), ("reporters_files_most_bytes", "files_too_large")]
)
def test_a_dossier_has_room_for_so_many_of_its_reporters(
    office: Office, receipt: Receipt, limit: str, refusal: str
) -> None:
    """The next one is refused, and not kept; an office adds its own all the same, whatever its reporter has sent."""
    size = add(office, receipt, photo())["size"]
    most = 1 if limit == "files_per_dossier" else size
    room: dict[str, Any] = {limit: most}
    office.runtime = replace(office.runtime, settings=replace(office.runtime.settings, **room))
    before = left(office)
    with pytest.raises(Invalid) as refused:
        add(office, receipt, photo("PNG"))

    assert {"file": [f"{refusal}?max={most}"]} == refused.value.fields
    assert before == left(office)
    coordinator = Caller(T, "coordinator", user="budi")
    drop = drops.leave(office.runtime.files, office.runtime.randomness, [photo("PNG")])
    own: dict[str, Any] = {"kind": "photo", "name": "foto.png", "drop": drop, "cause": CAUSE}
    assert routing_files.add(office.runtime, coordinator, T, receipt.id, **own)["id"]


def test_without_a_place_no_file_is_taken(office: Office, receipt: Receipt) -> None:
    """A split installation that was given none says so."""
    office.runtime = replace(office.runtime, settings=replace(office.runtime.settings, files_url=""), _files=[])

    with pytest.raises(Unavailable, match="no_file_store"):
        add(office, receipt, photo())
    erasing.erase(office.runtime, ADMIN, T, receipt.ticket, "asked", CAUSE)


def test_an_ended_complaint_takes_no_more(office: Office, receipt: Receipt) -> None:
    """Whoever withdrew it has nothing to add."""
    office.say(receipt, "withdraw", reason="Sudah")

    with pytest.raises(Conflict, match="ended"):
        add(office, receipt, photo())


def infected() -> float:
    """How many files the scanner has refused."""
    return REGISTRY.get_sample_value("aduan_files_infected_total") or 0.0


SCANNER = f"{sys.executable} -c \"import sys; sys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)\""


@pytest.mark.parametrize(
    ("command", "content", "expected"),
    [
        (SCANNER, b"bersih", None),
        (SCANNER, b"X5O EICAR", Invalid),
        (f"{sys.executable} -c 'import sys; sys.exit(2)'", b"bersih", Unavailable),
        ("/nowhere/scanner", b"bersih", Unavailable),
    ],
)
def test_a_scanner_that_objects_or_fails_lets_nothing_through(
    office: Office, command: str, content: bytes, expected: type[Exception] | None
) -> None:
    """Clean passes; infected is refused and counted; a scanner in trouble means that nothing is taken."""
    settings = replace(office.runtime.settings, scan_command=command)
    before = infected()
    if expected is None:
        scanning.scan(settings, content)
    else:
        with pytest.raises(expected):
            scanning.scan(settings, content)
    assert int(expected is Invalid) == infected() - before


CLAMD = """
import socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
server.bind(sys.argv[1]); server.listen(); print("ready", flush=True)
while True:
    connection, _ = server.accept(); stream = connection.makefile("rb")
    assert stream.read(10) == b"zINSTREAM\\0"
    content = b""
    while size := int.from_bytes(stream.read(4), "big"): content += stream.read(size)
    connection.sendall(b"stream: Eicar FOUND\\0" if b"EICAR" in content else b"stream: OK\\0"); connection.close()
"""


def test_clamd_is_asked_in_its_own_words(office: Office, tmp_path: Path) -> None:
    """By its socket: lengths, pieces, one line back; and when it is away, nothing is taken."""
    address = tmp_path / "clamd.ctl"
    settings = replace(office.runtime.settings, scan_clamd=f"unix://{address}")
    with pytest.raises(Unavailable):
        scanning.scan(settings, b"bersih")
    server = subprocess.Popen([sys.executable, "-c", CLAMD, str(address)], stdout=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    try:
        scanning.scan(settings, bytes(200_000))
        with pytest.raises(Invalid):
            scanning.scan(settings, bytes(200_000) + b"EICAR")
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
