"""Signed checkpoints: made from what is new, refused over what was changed, proven by whoever has the public key."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.platform.database.pool import Database
from shared.store.eventstore.checkpoints.errors import LogChanged
from shared.store.eventstore.checkpoints.keeping import copy_to, documents
from shared.store.eventstore.checkpoints.making import make_checkpoint
from shared.store.eventstore.checkpoints.rows import export_hashes, rows_of_export, rows_of_log
from shared.store.eventstore.checkpoints.signed import NONE_BEFORE, SignedCheckpoint, read_checkpoint
from shared.store.eventstore.checkpoints.verifying import CheckpointReport, hold, hold_kept, read_all
from tests.eventstore.making import append_now, filled, made
from tests.eventstore.test_audit import tampering
from tests.fixtures.waiting import patience

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()
NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


def sign(database: Database, most: int = 50_000) -> SignedCheckpoint:
    """Make the next one, which there must be."""
    made = make_checkpoint(database, KEY, NOW, most=most)
    assert made is not None
    return made


def lines(database: Database) -> list[str]:
    """As they would be carried away."""
    with database.autocommit() as cursor:
        return documents(cursor)


def held(database: Database, kept: list[str]) -> CheckpointReport:
    """The log as it stands against what was carried away."""
    good, faults = read_all(kept, [PUBLIC])
    assert not faults
    return hold(rows_of_log(database), good)


def test_step_by_step_or_at_once_it_is_one_tree(database: Database) -> None:
    """Several checkpoints end in the root to which one over everything comes."""
    filled(database, dossiers=4, events=3)
    first, second = sign(database, most=5), sign(database, most=5)
    last = sign(database)
    rows = list(rows_of_log(database))

    assert [5, 10, 12] == [each.size for each in (first, second, last)]
    assert NONE_BEFORE == first.previous
    assert (first.hash, second.hash) == (second.previous, last.previous)
    assert hold(rows, [last]).intact
    assert held(database, lines(database)).intact
    assert make_checkpoint(database, KEY, NOW) is None


def test_what_was_signed_is_not_read_again(database: Database, owner: Database) -> None:
    """The next one is made though all signed events but the last are gone: verifying finds that, making cannot."""
    filled(database, dossiers=1, events=5)
    sign(database)
    with tampering(owner) as cursor:
        cursor.execute("DELETE FROM eventstore.events WHERE position < 5")
    filled(database, dossiers=2, events=2)

    assert (2, 9, 9) == ((last := sign(database)).number, last.size, last.position)
    assert {"removed", "broken"} == {fault.what for fault in held(database, lines(database)).faults}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DELETE FROM eventstore.events WHERE position >= 4", "log_shorter"),
        ("DELETE FROM eventstore.events WHERE position = 4", "log_differs"),
        ("UPDATE eventstore.events SET hash = sha256('x') WHERE position = 4", "log_differs"),
        ("UPDATE eventstore.events SET state = '{}' WHERE position = 6", "log_row_changed"),
        ("DELETE FROM eventstore.events WHERE position = 5", "log_row_changed"),
        ("UPDATE eventstore.events SET txid = '9223372036854775807' WHERE position = 6", "log_row_changed"),
        (
            """UPDATE eventstore.events SET prev_hash = sha256('x'),
               hash = eventstore.row_hash(sha256('x'), position, dossier, version, type, state) WHERE position = 6""",
            "log_row_changed",
        ),
    ],
)
def test_nothing_is_signed_over_a_change(database: Database, owner: Database, change: str, code: str) -> None:
    """Neither over an end that is another, nor over news that do not match their own hashes."""
    [dossier] = filled(database, dossiers=1, events=4)
    sign(database)
    append_now(database, made(dossier, 5, 2))
    with tampering(owner) as cursor:
        cursor.execute(change)

    with pytest.raises(LogChanged) as refused:
        sign(database)
    assert code == refused.value.code
    assert 1 == len(lines(database))


def test_only_the_key_that_signed_goes_on(database: Database) -> None:
    """Another must be told of the former one; whoever verifies then believes both, or finds one forged."""
    filled(database, dossiers=1, events=2)
    sign(database)
    filled(database, dossiers=1, events=2)
    other = Ed25519PrivateKey.generate()
    with pytest.raises(LogChanged, match="checkpoint_by_another"):
        make_checkpoint(database, other, NOW)
    assert make_checkpoint(database, other, NOW, former=[PUBLIC]) is not None

    assert ([], 2) == ((read := read_all(lines(database), [PUBLIC, other.public_key()]))[1], len(read[0]))
    assert ["forged"] == [fault.what for fault in read_all(lines(database), [PUBLIC])[1]]


def test_the_table_is_append_only(database: Database, owner: Database) -> None:
    """For services and owners alike."""
    filled(database, dossiers=1, events=1)
    sign(database)
    for statement in ("UPDATE eventstore.checkpoints SET document = ''", "DELETE FROM eventstore.checkpoints"):
        with pytest.raises(Exception, match="permission denied"), database.transaction() as cursor:
            cursor.execute(statement)
        with pytest.raises(Exception, match="append-only"), owner.transaction() as cursor:
            cursor.execute(statement)


def test_an_outsider_needs_no_database(database: Database, tmp_path: Path) -> None:
    """An export of the hashes is enough, packed or not, and names no dossier."""
    dossiers = filled(database, dossiers=3, events=3)
    sign(database)
    filled(database, dossiers=1, events=2)
    good, _ = read_all(lines(database), [PUBLIC])
    for name in ("log", "log.gz"):
        assert 11 == export_hashes(database, tmp_path / name)
        report = hold(rows_of_export(tmp_path / name), good)
        assert (True, 11, 2, 9) == (report.intact, report.events, report.beyond, report.position)
    told = (tmp_path / "log").read_text()

    assert not [each for each in dossiers if str(each) in told or each.hex in told]


def _swap(told: list[str]) -> list[str]:
    """Two events exchange their hashes, each at the other's place."""
    (place, *rest), (other, *others) = told[2].split(), told[3].split()
    return [*told[:2], " ".join([place, *others]), " ".join([other, *rest]), *told[4:]]


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda told: told[:-3], "shorter"),
        (lambda told: [*told[:3], *told[4:]], "removed"),
        (lambda told: [told[0], f"0 - {'ab' * 32}", *told[1:]], "added"),
        (_swap, "rewritten"),
        (lambda told: [*told[:3], "nonsense", *told[4:]], "unreadable"),
        (lambda told: [*told[:3], told[3][:-1], *told[4:]], "unreadable"),
        (lambda told: [*told[:3], told[1], *told[4:]], "reordered"),
        (lambda told: [*told[:3], told[3].rsplit(" ", 1)[0] + f" {'ab' * 32}", *told[4:]], "rewritten"),
    ],
)
def test_a_spoilt_export_is_found(
    database: Database, tmp_path: Path, spoil: Callable[[list[str]], list[str]], what: str
) -> None:
    """Cut, thinned, added to, reordered, or no export any more."""
    filled(database, dossiers=3, events=3)
    sign(database)
    good, _ = read_all(lines(database), [PUBLIC])
    export_hashes(database, tmp_path / "log")
    told = (tmp_path / "log").read_text().splitlines()
    (tmp_path / "log").write_text("\n".join(spoil(told)) + "\n")

    assert what in {fault.what for fault in hold(rows_of_export(tmp_path / "log"), good).faults}


def test_a_change_is_found_where_it_was_made(database: Database, owner: Database) -> None:
    """The spans before and after are told to be as they were."""
    filled(database, dossiers=1, events=3)
    sign(database)
    filled(database, dossiers=1, events=3)
    sign(database)
    filled(database, dossiers=1, events=3)
    sign(database)
    with tampering(owner) as cursor:
        cursor.execute("DELETE FROM eventstore.events WHERE position = 6")

    [fault] = held(database, lines(database)).faults
    assert "checkpoint 2 of 2026-10-05T08:00:00+00:00: 1 of its events between position 3 and 6 are gone" == fault.says


def test_a_signature_is_written_in_one_way() -> None:
    """Bits of base64 that mean nothing are not to be changed either."""
    end = _EXAMPLE.signature.rstrip("=")[-1]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    others = [replace(_EXAMPLE, signature=f"{_EXAMPLE.signature[:-3]}{each}==") for each in letters if each != end]

    assert _EXAMPLE.signature.endswith("==")
    assert [] == [each.signature for each in others if read_all([each.line], [PUBLIC])[0]]


@given(st.data())
def test_a_checkpoint_is_taken_word_for_word(data: st.DataObject) -> None:
    """Whatever is changed in its line, it is not believed."""
    line = _EXAMPLE.line
    place = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda sign: sign != line[place]))
    good, faults = read_all([line[:place] + other + line[place + 1 :]], [PUBLIC])

    assert not good or good == [_EXAMPLE]
    assert len(faults) == 1 - len(good)


@pytest.mark.parametrize(
    "line",
    ["{}", "[]", "null", "x", '{"version":1}', "[" * 100_000, '{"version":1,"version":1}', '{"version":1,"peaks":[1]}'],
)
def test_what_is_no_checkpoint_is_told(line: str) -> None:
    """Never a trace of ours."""
    assert ["unreadable"] == [fault.what for fault in read_all([line], [PUBLIC])[1]]


def test_one_that_is_missing_is_told(database: Database) -> None:
    """A file from which a checkpoint was taken out, and one whose order was changed."""
    for _ in range(3):
        filled(database, dossiers=1, events=1)
        sign(database)
    kept = lines(database)

    for spoilt in ([kept[0], kept[2]], [kept[1], kept[0], kept[2]]):
        assert "gap" in {fault.what for fault in read_all(spoilt, [PUBLIC])[1]}
    assert not read_all(kept[1:], [PUBLIC])[1]


def test_two_signed_histories_are_told(database: Database, tmp_path: Path) -> None:
    """Whoever signs another log with the right key is found by the file that was carried away, and cannot add to it."""
    filled(database, dossiers=1, events=2)
    carried = tmp_path / "carried"
    carried.write_text(f"{replace(_EXAMPLE, number=1).signed(KEY).line}\n")
    sign(database)
    with pytest.raises(LogChanged, match="checkpoint_copy_differs"), database.autocommit() as cursor:
        copy_to(cursor, carried)
    good, _ = read_all(carried.read_text().splitlines(), [PUBLIC])

    assert ["unknown"] == [fault.what for fault in hold_kept(lines(database), good)]


def test_a_copy_gets_what_it_lacks(database: Database, tmp_path: Path) -> None:
    """However long it was away."""
    added = []
    for number in range(3):
        filled(database, dossiers=1, events=1)
        sign(database)
        if number != 1:
            with database.autocommit() as cursor:
                added.append(copy_to(cursor, tmp_path / "copy"))

    assert [1, 2] == added
    assert lines(database) == (tmp_path / "copy").read_text().splitlines()


def test_a_copy_belongs_to_one_writer_at_a_time(database: Database, tmp_path: Path) -> None:
    """Several instances and an operator may add to it at once: each line stands there once."""
    (tmp_path / "copy").touch()
    for _ in range(3):
        filled(database, dossiers=1, events=1)
        sign(database)

    def add(_: int) -> int:
        with database.autocommit() as cursor:
            started.wait(patience(30))
            return copy_to(cursor, tmp_path / "copy")

    started = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        added = sorted(pool.map(add, range(4)))

    assert [0, 0, 0, 3] == added
    assert lines(database) == (tmp_path / "copy").read_text().splitlines()


def test_a_line_that_stands_twice_is_no_fault(database: Database) -> None:
    """Two writers once put the same lines there, one after the other: what was signed is what was signed."""
    for _ in range(3):
        filled(database, dossiers=1, events=1)
        sign(database)
    first, second, third = lines(database)

    for doubled in ([first, first, second, third], [first, second, first, second, third], [first, second, third] * 2):
        good, faults = read_all(doubled, [PUBLIC])
        assert [first, second, third] == [each.line for each in good]
        assert not faults


@pytest.mark.parametrize("cut", [1, 2, 40, 10_000])
def test_a_copy_that_was_cut_is_completed(database: Database, tmp_path: Path, cut: int) -> None:
    """A machine that went down while it was written leaves no line that cannot be read."""
    for _ in range(2):
        filled(database, dossiers=1, events=1)
        sign(database)
    whole = "".join(f"{line}\n" for line in lines(database))
    (tmp_path / "copy").write_text(whole[: max(0, len(whole) - cut)])
    with database.autocommit() as cursor:
        copy_to(cursor, tmp_path / "copy")

    assert whole == (tmp_path / "copy").read_text()


@pytest.mark.parametrize("text", ["x\n", "x", '{"version":1}\n', "\n", "\n\n"])
def test_no_other_file_is_added_to(database: Database, tmp_path: Path, text: str) -> None:
    """Whoever names the wrong file keeps it."""
    filled(database, dossiers=1, events=1)
    sign(database)
    (tmp_path / "copy").write_text(text)
    if text.strip():
        with pytest.raises(LogChanged, match="checkpoint_copy_differs"), database.autocommit() as cursor:
            copy_to(cursor, tmp_path / "copy")
    else:
        with database.autocommit() as cursor:
            copy_to(cursor, tmp_path / "copy")

    assert (tmp_path / "copy").read_text().startswith(text)


_EXAMPLE = SignedCheckpoint(
    number=1,
    size=1,
    position=1,
    tip="ab" * 32,
    root="cd" * 32,
    peaks=("cd" * 32,),
    previous=NONE_BEFORE,
    made_at=NOW.isoformat(),
    key="",
).signed(KEY)


def test_a_line_says_all() -> None:
    """What was written is read back the same."""
    assert _EXAMPLE == read_checkpoint(_EXAMPLE.line)
