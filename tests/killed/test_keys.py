"""``aduan key`` is killed on its way: said again it ends well, and each name can be read at any time."""

from pathlib import Path

import pytest

from cli.key_copies import read_copy
from shared.base.randomness import SystemRandomness
from shared.platform.secret import new_secret
from shared.store.vault.keys import MasterKey
from shared.store.vault.vault import Vault
from tests.cli.command import settings_of
from tests.fixtures.office import Office
from tests.killed.dying import Ran, ended_well, killed_on_its_way, run


@pytest.fixture
def own(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with some complaints, and the settings of commands on it."""
    for _ in range(4):
        office.file()
    for name, value in settings_of(office).items():
        monkeypatch.setenv(name, value)
    return office


def test_a_change_of_the_master_key_goes_on(own: Office, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At any time the two keys open every dossier; in the end the new one alone does, and the former opens none."""
    dossiers = [each for (each,) in own.rows("SELECT dossier FROM vault.keys")]
    secrets = {each: own.runtime.vault.key_of(each) for each in dossiers}
    texts = [own.runtime.settings.master_key, new_secret(), new_secret()]
    masters = [MasterKey.from_text(each) for each in texts]
    changing = ("key", "rotate", "--batch", "1")

    def opened(present: MasterKey, *former: MasterKey) -> bool:
        vault = Vault(own.runtime.database, present, SystemRandomness(), former)
        return secrets == vault.keys(None, dossiers)

    monkeypatch.setenv("ADUAN_FORMER_MASTER_KEYS", texts[0])
    monkeypatch.setenv("ADUAN_MASTER_KEY", texts[1])
    at_once = run(*changing)
    assert 0 == at_once.status, at_once.said
    monkeypatch.setenv("ADUAN_FORMER_MASTER_KEYS", texts[1])
    monkeypatch.setenv("ADUAN_MASTER_KEY", texts[2])
    runs: list[Ran] = []
    for each in killed_on_its_way(changing, len(at_once.steps), times):
        runs.append(each)
        assert opened(masters[2], masters[1])

    assert (0, True) == (at_once.status, ended_well(runs)), runs[-1].said
    assert opened(masters[2])
    assert [(masters[2].id,)] == own.rows("SELECT DISTINCT master_key_id FROM vault.keys")
    assert [(masters[2].id,)] == own.rows("SELECT id FROM vault.masters")


def test_a_copy_of_the_keys_is_whole_or_the_former_one(own: Office, times: int, tmp_path: Path) -> None:
    """And nothing lies beside it in the end: keys that are destroyed later may be in it."""
    copying = ("key", "copy", str(tmp_path / "keys"))
    at_once = run(*copying)
    held = read_copy(tmp_path / "keys").dossiers
    own.file()
    runs: list[Ran] = []
    for each in killed_on_its_way(copying, len(at_once.steps), times):
        runs.append(each)
        assert held <= read_copy(tmp_path / "keys").dossiers

    assert (0, True) == (at_once.status, ended_well(runs)), runs[-1].said
    assert len(held) + 1 == len(read_copy(tmp_path / "keys").dossiers)
    assert ["keys"] == [each.name for each in tmp_path.iterdir()]
