"""Ten ways of tampering with what lies in the database, and the command that finds each.

``pytest -s tests/tamper/test_ten_ways.py`` prints the table.
"""

import sys
from collections.abc import Iterable

import pytest

from cli.commands import aduan
from cli.failures import told
from tests.tamper.installed import PUBLIC, Installed
from tests.tamper.ways import AUDIT, CHECKPOINT, PROJECTIONS, WAYS, Way, spoil

COMMANDS = (AUDIT, CHECKPOINT, PROJECTIONS)


def answers(
    history: Installed, url: str, capsys: pytest.CaptureFixture[str], commands: Iterable[str] = COMMANDS
) -> dict[str, tuple[int, str]]:
    """What each command says of a database: its status and its words."""
    found = {}
    options = {
        CHECKPOINT: ["--public-key", PUBLIC, "--checkpoints", str(history.checkpoints)],
        PROJECTIONS: ["--patience", "0"],
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in history.settings(url).items():
            patch.setenv(name, value)
        for command in commands:
            capsys.readouterr()
            status = told(aduan, [*command.split(), *options.get(command, [])])
            said = capsys.readouterr()
            found[command] = status, said.out + said.err
    return found


def test_an_untouched_installation_is_found_whole(history: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    """None of the commands cries wolf."""
    with history.put_up(history.now) as url:
        found = answers(history, url, capsys)

    assert dict.fromkeys(COMMANDS, 0) == {command: status for command, (status, _) in found.items()}
    assert "as it was signed: 21 events held against 2 checkpoints" in found[CHECKPOINT][1]
    assert "1 came after" in found[CHECKPOINT][1]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.what)
def test_every_way_is_found(way: Way, history: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    """By the command that is for it, with status 1, what is wrong, and what to do."""
    with history.put_up(history.older if way.of_older else history.now) as url:
        spoil(url, way)
        found = answers(history, url, capsys, [AUDIT, CHECKPOINT, *({PROJECTIONS} & set(way.by))])

    by = [command for command, (status, _) in found.items() if status == 1]
    with capsys.disabled():
        sys.stdout.write(f"\n| {way.what:40} | {', '.join(by)}")
    for command, words in way.by.items():
        status, said = found[command]
        assert 1 == status
        assert words in said
        assert "What to do: " in said
    assert {0, 1} >= {status for status, _ in found.values()}
