"""The README's hour by the API, typed as it stands there, but for where the installation and its data lie."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from shared.base.strict_json import parsed
from shared.platform.settings import PROJECT
from tests.journey.installation import Api

_BLOCK: Final = re.compile(r"^```\n(.*?)^```", re.DOTALL | re.MULTILINE)
_TOKEN: Final = "token() {"


class Reader:
    """Types what the README says into a shell, one block after the other.

    :param place: the folder in which it stands.
    """

    def __init__(self, api: Api, place: Path) -> None:
        text = (PROJECT / "README.md").read_text(encoding="utf-8").split("## The same by the API")[1].split("\n## ")[0]
        self._blocks = _BLOCK.findall(text)[1:]  # the first starts the installation, which runs
        [self._token] = [line for line in text.splitlines() if line.startswith(_TOKEN)]
        self._place = place
        command = f"{sys.executable} -m cli.main"
        self._names = {"localhost:8000": api.address.removeprefix("http://"), "/tmp/aduan": str(api.data)}
        self._names |= {".venv/bin/aduan": command}

    def types(self, **names: str) -> str:
        """The next block, with what was noted before put in; what it prints."""
        script = self._blocks.pop(0)
        for name, value in {**self._names, **names}.items():
            script = script.replace(name, value)
            self._names[name] = value
        token = self._token
        for name, value in self._names.items():
            token = token.replace(name, value)
        done = subprocess.run(
            ["sh", "-ec", f"{token}\n{script}"],
            cwd=self._place,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert 0 == done.returncode, done.stderr
        return done.stdout

    @property
    def left(self) -> int:
        """Blocks that were not typed."""
        return len(self._blocks)


def _documents(text: str) -> list[Any]:
    """JSON documents that curl has printed one after the other."""
    return [parsed(each) for each in re.split(r"(?<=\})\s*(?=\{)", text.strip())]


@pytest.mark.process
def test_the_hour_by_the_api_goes_as_it_is_told(api: Api, tmp_path: Path) -> None:
    """Filed, disposed, late after sixteen minutes at a desk that has fifteen, followed, found, and in the book."""
    reader = Reader(api, tmp_path)
    [receipt] = _documents(reader.types())
    ids = {"ID": receipt["id"], "TICKET": receipt["ticket"], "CODE": receipt["tracking_code"]}
    disposed, inbox = _documents(reader.types(**ids))
    late = reader.types()
    followed = reader.types()
    found = _documents(reader.types().splitlines()[0])

    assert "operator" == disposed["actor"]
    assert receipt["ticket"] in [item["ticket"] for item in inbox["items"]]
    assert receipt["ticket"] in late
    assert f'"{receipt["ticket"]}"' in followed
    assert receipt["ticket"] in [item["ticket"] for item in found[0]["items"]]
    assert b"%PDF" == (tmp_path / "register.pdf").read_bytes()[:4]
    assert 0 == reader.left
