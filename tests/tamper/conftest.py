from collections.abc import Iterator

import pytest

from tests.tamper.installed import Installed, installed


@pytest.fixture(scope="session")
def history(postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """One installation with a history; whoever spoils it takes a copy."""
    checkpoints = tmp_path_factory.mktemp("checkpoints") / "carried-away"
    with installed(postgres_url, migrated_template, checkpoints) as made:
        yield made
