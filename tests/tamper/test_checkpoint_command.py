"""``aduan checkpoint``: from a key to an outsider's verdict, each command as people run it."""

from pathlib import Path

import pytest

from cli.commands import aduan
from cli.failures import told
from tests.tamper.installed import KEY, PUBLIC, Installed


@pytest.fixture
def run(history: Installed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def] # noqa: ANN201
    """Runs a command on a copy of the installation; gives its status and its words."""
    with history.put_up(history.now) as url:
        for name, value in history.settings(url).items():
            monkeypatch.setenv(name, value)

        def ran(*arguments: object) -> tuple[int, str]:
            status = told(aduan, ["checkpoint", *map(str, arguments)])
            said = capsys.readouterr()
            return status, said.out + said.err

        yield ran


def test_an_outsider_verifies_what_was_exported(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Sign, carry the signatures and the hashes away, verify elsewhere with the public key alone."""
    status, said = run("make", "--append", tmp_path / "signed")
    assert (0, True) == (status, "checkpoint 3: 21 events" in said)
    assert (0, (tmp_path / "signed").read_text()) == run("list")
    assert (0, f"21 events in {tmp_path / 'log.gz'}\n") == run("export", "--output", tmp_path / "log.gz")
    (tmp_path / "public").write_text(f"{PUBLIC}\n")
    for name in ("ADUAN_DATABASE_URL", "ADUAN_MASTER_KEY", "ADUAN_CHECKPOINT_KEY"):
        monkeypatch.delenv(name)
    elsewhere = ("--checkpoints", tmp_path / "signed", "--log", tmp_path / "log.gz", "--public-key")

    assert (0, True) == (
        (ran := run("verify", *elsewhere, tmp_path / "public"))[0],
        ran[1].startswith("as it was signed: 21 events"),
    )
    assert (1, True) == ((ran := run("verify", *elsewhere, KEY))[0], "NOT VERIFIED" in ran[1])
    (tmp_path / "signed").write_text("")
    assert 1 == run("verify", *elsewhere, PUBLIC)[0]
    assert 2 == run("verify", *elsewhere, "no key")[0]
    assert 2 == run("verify", *elsewhere[2:], PUBLIC)[0]
    assert 2 == run("verify", "--checkpoints", tmp_path / "gone", *elsewhere[2:], PUBLIC)[0]
    (tmp_path / "log.gz").write_text("no archive")
    assert 2 == run("verify", *elsewhere, PUBLIC)[0]


def test_a_key_is_made_and_never_overwritten(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """The private half in a file that its owner alone reads; the public half is printed, now and later."""
    _, said = run("key", "--output", tmp_path / "key")
    public = said.removeprefix("public key: ").strip()

    assert 0o600 == (tmp_path / "key").stat().st_mode & 0o777
    assert 2 == run("key", "--output", tmp_path / "key")[0]
    monkeypatch.delenv("ADUAN_CHECKPOINT_KEY")
    assert 2 == run("make")[0]
    monkeypatch.setenv("ADUAN_CHECKPOINT_KEY_FILE", str(tmp_path / "key"))
    assert (0, f"{public}\n") == run("key", "--public")
    assert (1, True) == ((ran := run("make"))[0], "signed by another key" in ran[1])
    assert 0 == run("make", "--former", PUBLIC)[0]
    assert (0, True) == ((ran := run("verify", "--public-key", PUBLIC, "--public-key", public))[0], "own" in ran[1])
