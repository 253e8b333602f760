"""Secrets as they are handed out."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.commands import aduan
from tests.compose.containers import CONTAINERS, make_secrets


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of secrets, as the script makes it."""
    folder: Path = tmp_path_factory.mktemp("secrets") / "secrets"
    make_secrets(folder)
    (folder / "smtp_url").chmod(0o644)
    (folder / "smtp_url").write_text("smtp://mail:25\n")
    environment = {"ADUAN_MASTER_KEY_FILE": str(folder / "master_key")}
    words = [*CONTAINERS["calls"]["command"][:-1], str(folder / "calls_key")]
    assert CliRunner().invoke(aduan, words, env=environment).exit_code == 0
    return folder
