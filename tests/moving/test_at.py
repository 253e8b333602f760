"""``aduan at``: commands go to the database in which a government lies, as docs/operations.md tells it."""

import pytest

from shared.platform.secret import new_secret
from tests.cli.command import aduan
from tests.moving.conftest import MOVED, STAYS, Pair


@pytest.fixture
def apart(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """One government in each database, and the settings that say so."""
    pair.followed()
    assert 0 == pair.run("--finish")
    monkeypatch.setenv("ADUAN_BROKER_URL", "amqp://broker//")
    monkeypatch.setenv("ADUAN_DATABASES", f"{MOVED} = {pair.other} amqp://broker/second")
    monkeypatch.setenv("ADUAN_CHECKPOINT_KEY", new_secret())
    return pair


def test_each_log_is_audited_and_signed_where_it_lies(apart: Pair) -> None:
    """By its own digest, not by the other's; and by `at all` both, one after the other."""
    everywhere = aduan("at", "all", "audit", "verify")
    headings = [line.removeprefix("== ") for line in everywhere.out.splitlines() if line.startswith("== ")]
    digests = [line.removeprefix("digest: ") for line in everywhere.out.splitlines() if line.startswith("digest:")]
    since = [aduan("at", MOVED, "audit", "verify", "--since", each).status for each in digests]
    signed = aduan("at", MOVED, "checkpoint", "make")

    assert (0, [True, False], MOVED) == (everywhere.status, [STAYS in each for each in headings], headings[-1])
    assert ([1, 0], 0) == (since, signed.status), signed.err
    assert [(1,)] == apart.rows(apart.other, "SELECT count(*) FROM eventstore.checkpoints")
    assert [(0,)] == apart.rows(apart.former, "SELECT count(*) FROM eventstore.checkpoints")
