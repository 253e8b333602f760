"""What an operator does by command besides: accounts, and messages that were put aside; as docs/accounts.md and
docs/operations.md tell it.
"""

from collections.abc import Callable, Sequence

import pytest

from cli.commands import aduan
from cli.failures import told
from shared.messaging.consuming.dead_letters import QUEUE
from shared.messaging.wire.outgoing import Outgoing
from tests.cli.command import settings_of
from tests.fixtures.office import Office
from tests.messaging.helping import declare, depth, publish

T = "cilacap"
ISSUER = "https://sso.example/realms/pegawai"
Run = Callable[..., Sequence[str]]


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; the lines that it says."""
    own = {"ADUAN_USER_PASSWORD": "kata sandi panjang", "ADUAN_OIDC": f"{T} = {ISSUER} aduan"}
    for name, value in {**settings_of(office), **own}.items():
        monkeypatch.setenv(name, value)

    def ran(*arguments: str) -> Sequence[str]:
        status = told(aduan, arguments)
        said = capsys.readouterr()
        assert 0 == status, said.err
        return said.out.splitlines()

    return ran


def test_an_account_from_its_opening_to_its_end(office: Office, run: Run) -> None:
    """Opened, reached, stood in for, bound to the government's own account and back, shut, and opened again."""
    opened = [
        *run("user", "add", "siti", "--tenant", T, "--actor", "operator", "--agency", "dpupr"),
        *run("user", "add", "budi", "--tenant", T, "--actor", "operator", "--agency", "dpupr"),
        *run("user", "add", "root", "--admin"),
    ]
    run("user", "reach", "siti", "--tenant", T, "--email", "siti@cilacap.example", "--phone", "081234567890")
    run("user", "absent", "siti", "--tenant", T, "--from", "2026-10-05", "--to", "2026-10-09", "--deputy", "budi")
    bound = run("user", "bind", "budi", "--tenant", T, "--subject", "p-19")
    subjects = office.rows("SELECT subject FROM identity.bindings")
    run("user", "unbind", "budi", "--tenant", T)
    run("user", "disable", "budi", "--tenant", T)
    shut = run("user", "list", "--tenant", T)
    run("user", "password", "budi", "--tenant", T)
    again = run("user", "list", "--tenant", T)

    assert [f"{who} may log in to {T} as operator" for who in ("siti", "budi")] == opened[:2]
    assert "root" in opened[2]
    assert [f"budi may log in to {T} as p-19 of {ISSUER}"] == bound
    assert [("p-19",)] == subjects
    assert [] == office.rows("SELECT subject FROM identity.bindings")
    assert 1 == len(office.rows("SELECT 1 FROM identity.absences WHERE deputy IS NOT NULL AND last_day = '2026-10-09'"))
    assert {"siti": "open", "budi": "disabled"} == _states(shut)
    assert {"siti": "open", "budi": "open"} == _states(again)


def _states(lines: Sequence[str]) -> dict[str, str]:
    return {line.split("\t")[1]: line.split("\t")[4] for line in lines}


@pytest.mark.rabbitmq
def test_messages_that_were_put_aside(run: Run, broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed, one put back where it came from, the other thrown away."""
    monkeypatch.setenv("ADUAN_BROKER_URL", broker_url)
    declare(broker_url)
    for body in (b"{}", b"[]"):
        publish(broker_url, Outgoing("", "aduan.sla.dead", body, {QUEUE: "aduan.sla"}))
    listed = run("dead", "list", "sla")
    assert [f"sla\t{line}" for line in listed] == run("dead", "list")

    assert 2 == len(listed)
    assert ["1 put back"] == run("dead", "retry", "sla", listed[0].split("\t")[0])
    assert 1 == depth(broker_url, "aduan.sla")
    assert ["1 discarded"] == run("dead", "discard", "sla", "--all")
    assert [] == run("dead", "list", "sla")
