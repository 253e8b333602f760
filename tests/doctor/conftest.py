from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.patient import Patient, patient_on


@pytest.fixture
def patient(database_url: str, broker_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """An installation of several processes that is well."""
    with patient_on(database_url, broker_url, tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def without_broker(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """The same, but for its broker, which is away: for what has nothing to do with it."""
    with patient_on(database_url, "amqp://aduan:hunter2@127.0.0.1:1//", tmp_path, monkeypatch) as made:
        yield made
