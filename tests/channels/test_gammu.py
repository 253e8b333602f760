"""SMS by a modem with Gammu SMSD: what comes is handed over by its runner, what goes lies in its outbox, once."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import Mock

import pytest

from cli.channel import delivered_below
from cli.providers.serving import Handler, listening
from cli.providers.sms import KEY, NUMBER
from shared.channels.asking import faults_of
from shared.channels.carrier import Refused
from shared.channels.kinds.sms.gammu import Gammu
from shared.channels.kinds.sms.gateway import SmsGateway
from shared.channels.secrets import Secrets
from shared.platform.settings import PROJECT
from tests.channels.own_gateways import ANSWERS, FILED, MESSAGE, SUMARNO, filed, trenggalek

RUNNER = PROJECT / "deploy" / "gammu" / "runner.py"


def smsd_runs(kept: Path, url: str, what: str, *names: str, **environment: str) -> int:
    """As Gammu SMSD starts the runner."""
    ran = subprocess.run(
        [sys.executable, str(RUNNER), what, url, *names],
        env={"TZ": "UTC", "ADUAN_GAMMU_KEPT": str(kept), **environment},
        timeout=120,
        check=False,
        capture_output=True,
    )
    return ran.returncode


def spooled(outbox: Path) -> list[tuple[str, str]]:
    """What SMSD would send: to whom, and which words."""
    files = sorted(outbox.glob("OUT*"), key=lambda file: file.stat().st_mtime_ns)
    return [(file.name.split("_")[3], file.read_text(encoding="utf-16")) for file in files]


def test_a_modem_with_gammu(database_url: str, tmp_path: Path) -> None:
    """A long SMS in parts, started twice for one, and read twice by the modem (40a); letters as files of its outbox,
    and one that could not go.
    """
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    with trenggalek(database_url, tmp_path, {"format": "gammu", "send_url": outbox.as_uri()}) as made:
        hook = f"{made.address}/hooks/v1/trenggalek/sms/modem"
        parts = {"SMS_1_NUMBER": SUMARNO, "SMS_1_TEXT": MESSAGE[:30], "SMS_2_TEXT": MESSAGE[30:], "SMS_MESSAGES": "2"}
        decoded = {"DECODED_PARTS": "1", "DECODED_1_TEXT": MESSAGE}
        stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
        for turn in ("00", "00", "01"):
            names = [f"IN{stamp}_{turn}_{SUMARNO}_{place}.txt" for place in ("00", "01")]
            assert 0 == smsd_runs(tmp_path / "kept", f"{hook}?key={KEY}", "received", *names, **parts, **decoded)
            made.works()
        assert 1 == len(spooled(outbox))
        for place, text in enumerate(ANSWERS):
            told = {"SMS_MESSAGES": "1", "SMS_1_NUMBER": SUMARNO, "SMS_1_TEXT": text, "DECODED_PARTS": "0"}
            assert 0 == smsd_runs(tmp_path / "kept", f"{hook}?key={KEY}", "received", str(place), **told)
            made.works()
        assert FILED == filed(made)
        to, words = spooled(outbox)[-1]
        assert (SUMARNO, True) == (to, "TRG-" in words)
        last = max(outbox.glob("OUT*"), key=lambda file: file.stat().st_mtime_ns)
        assert 0 == smsd_runs(tmp_path / "kept", f"{hook}/report?key={KEY}", "failed", last.name)
        made.works()
        assert [("failed",)] == made.rows("SELECT state FROM notify.talks ORDER BY number DESC LIMIT 1")
        channel = made.house.channels.find("trenggalek", "sms")
        assert channel is not None
        assert ["trust_acceptance" in each for each in faults_of(channel)] == [True]
        assert ["/modem?key=..."] == delivered_below(channel)
        outbox.chmod(0o500)
        outbox.rename(tmp_path / "gone")
        assert any("no folder" in each for each in faults_of(channel))


def test_a_letter_is_laid_into_the_outbox_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though SMSD has taken it away, and though we were ended between its draft and its place."""
    gateway = SmsGateway("modem", "gammu", Secrets(None, "x"), {"send_url": tmp_path.as_uri()}, NUMBER)

    def send(key: str) -> list[str]:
        Gammu().send(None, gateway, SUMARNO, "Jawaban", key)
        return sorted(file.name.rpartition("_")[2] for file in tmp_path.glob("OUT*"))

    assert ["a.txt"] == send("a")
    next(tmp_path.glob("OUT*")).unlink()
    assert [] == send("a")
    with monkeypatch.context() as ended:
        ended.setattr(Path, "rename", Mock(side_effect=OSError))
        with pytest.raises(Refused, match="outbox_unusable"):
            send("b")
    assert ["b.txt"] == send("b")
    next(tmp_path.glob("OUT*")).unlink()
    assert [] == send("b")


def test_what_was_never_laid_into_the_outbox_does_not_lie_there_for_ever(tmp_path: Path) -> None:
    """A letter whose complaint was erased before it could go is asked about by nobody: its words go after a month."""
    gateway = SmsGateway("modem", "gammu", Secrets(None, "x"), {"send_url": tmp_path.as_uri()}, NUMBER)
    own = tmp_path / ".aduan"
    own.mkdir()
    for name in ("old.draft", "old.begun", "new.draft"):
        (own / name).write_text("Jawaban")
        if name.startswith("old"):
            os.utime(own / name, (0, 0))
    Gammu().send(None, gateway, SUMARNO, "Jawaban", "a")
    assert ["a.begun", "new.draft"] == sorted(file.name for file in own.iterdir())


class _Door(Handler):
    """Where the runner delivers."""

    answers: ClassVar[list[int]]
    bodies: ClassVar[list[Any]]

    def asked(self) -> None:
        """Nobody asks."""

    def posted(self, body: bytes) -> None:
        """Something is handed over."""
        self.bodies.append(json.loads(body)["text"])
        self.answer(self.answers.pop(0) if self.answers else 200, b"")


def loaded_runner(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The runner, which waits for nothing."""
    spec = spec_from_file_location("runner", RUNNER)
    assert spec is not None
    assert spec.loader is not None
    runner = module_from_spec(spec)
    spec.loader.exec_module(runner)
    monkeypatch.setattr(runner, "_PAUSES", ())
    return runner


def test_what_the_runner_could_not_hand_over_goes_first_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aduan away, or the runner ended in the middle; what is refused for good stays and holds up nothing."""
    runner = loaded_runner(monkeypatch)
    answers, bodies = [503, 403], list[str]()
    with listening(_Door, answers=answers, bodies=bodies) as address:
        for text in ("satu", "dua", "tiga"):
            runner.keep(tmp_path, address, {"text": text})
        assert not runner.hand_over_kept(tmp_path)
        assert not runner.hand_over_kept(tmp_path)
        assert 1 == len([*tmp_path.iterdir()])
        assert runner.hand_over_kept(tmp_path)
    assert ["satu", "satu", "dua", "tiga", "satu"] == bodies
    assert [] == [*tmp_path.iterdir()]


def test_a_message_for_which_smsd_started_nobody_is_found_among_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended between the two: once, in its parts' order; not what is too fresh, too old, or was handed over."""
    runner, bodies, now = loaded_runner(monkeypatch), list[str](), time.time()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    kept = {"_01": "satu dua ", "_02": "tiga"}

    def spool(name: str, text: str, age: float, encoding: str = "utf-16") -> None:
        (inbox / name).write_bytes(text.encode(encoding))
        os.utime(inbox / name, (now - age, now - age))

    monkeypatch.setenv("ADUAN_GAMMU_KEPT", str(tmp_path / "kept"))
    with listening(_Door, answers=[], bodies=bodies) as address:
        assert 0 == runner.main(["received", address, f"IN20261005_080000_00_{SUMARNO}_00.txt"])
        since = tmp_path / "kept" / "seen" / ".since"
        os.utime(since, (now - 3600, now - 3600))
        spool(f"IN20261005_080000_00_{SUMARNO}_00.txt", "sudah", 600)
        spool(f"IN20261005_070000_00_{SUMARNO}_00.txt", "sebelumnya", 7200)
        spool(f"IN20261005_090000_00_{SUMARNO}_00.txt", "sebentar lagi", 10)
        for place, text in kept.items():
            spool(f"IN20261005_083000_00_{SUMARNO}{place}.txt", text, 600)
        spool("IN20261005_083100_00_+628111_00.txt", "biasa", 500, "utf-8")
        (inbox / "INxx.txt").write_text("bukan SMS")
        for _ in range(2):
            assert 0 == runner.main(["again", address, str(inbox)])
    assert ["", "satu dua tiga", "biasa"] == bodies


@pytest.mark.parametrize("address", ["aduan.example/hooks", "http://127.0.0.1:x/", "http://[::1/", "http://a b/", ""])
def test_an_address_that_was_mistyped_once_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Nor does a file of somebody else's: both stay, to be looked at."""
    runner, bodies = loaded_runner(monkeypatch), list[str]()
    (tmp_path / "0.json").write_text("[]")
    (tmp_path / "1.json").write_text("{")
    runner.keep(tmp_path, address, {"text": "satu"})
    with listening(_Door, answers=[], bodies=bodies) as right:
        runner.keep(tmp_path, right, {"text": "dua"})
        assert not runner.hand_over_kept(tmp_path)
    assert (["dua"], 3) == (bodies, len([*tmp_path.iterdir()]))


def test_what_is_led_elsewhere_was_not_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From http to https, say: it would arrive without its words, and be thanked for."""

    class Moved(_Door):
        def asked(self) -> None:
            self.answer(200, b"")

        def posted(self, body: bytes) -> None:
            del body
            self.send_response(301)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    runner = loaded_runner(monkeypatch)
    with listening(Moved) as address:
        runner.keep(tmp_path, address, {"text": "satu"})
        assert not runner.hand_over_kept(tmp_path)
    assert 1 == len([*tmp_path.iterdir()])


@pytest.mark.parametrize("stamp", ["20261301_000000", "00000000_000000", "19000101_000000", "20260230_256199"])
def test_a_modem_without_a_clock_hands_over_all_the_same(monkeypatch: pytest.MonkeyPatch, stamp: str) -> None:
    """Its message came now; what its clock says is told where it can be."""
    told = loaded_runner(monkeypatch).told("received", [f"IN{stamp}_00_{SUMARNO}_00.txt"], {"DECODED_PARTS": "0"})
    assert [f"IN{stamp}_00_{SUMARNO}_00.txt"] == told["ids"]


def test_two_sms_of_a_modem_are_two_and_one_twice_is_one() -> None:
    """Also where SMSD keeps nothing, and where its rows are counted anew from one."""

    def known(ids: list[str], words: str, minute: int) -> str:
        at = f"2026-10-05T01:{minute:02}:00+00:00"
        parts = [{"number": SUMARNO, "text": words}]
        return Gammu().item_id({"message": {"phone": "a", "ids": ids, "time": "", "parts": parts}, "at": at})

    assert known(["1"], "ya", 0) == known(["1"], "ya", 1)
    different = [known(["1"], "ya", 0), known(["1"], "tidak", 0), known(["2"], "ya", 0), known([], "1", 0)]
    assert 5 == len({*different, known([], "1", 1)})
