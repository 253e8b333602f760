"""All services in one process, on a broker: what needs no other process needs no broker either."""

import os
import signal
import sys
from pathlib import Path

import pytest

from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from tests.fixtures.rabbitmq import RabbitMQ
from tests.fixtures.waiting import eventually, free_ports
from tests.journey.installation import Api
from tests.journey.test_cilacap import COMPLAINT, COORDINATOR, OPERATOR, T
from tests.processes.cluster import READY_SECONDS, Member

pytestmark = pytest.mark.process


def test_while_the_broker_is_away_complaints_are_taken_and_acted_on(
    database_url: str, own_rabbitmq: RabbitMQ, tmp_path: Path
) -> None:
    """Filing, following and deciding go on; when it is back, the lists have it all."""
    [port] = free_ports(1)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
        "ADUAN_DATABASE_URL": database_url,
        "ADUAN_BROKER_URL": own_rabbitmq.url,
        "ADUAN_MASTER_KEY": new_secret(),
        "ADUAN_DATA_DIR": str(tmp_path),
        "ADUAN_PORTAL_PORT": str(port),
        "ADUAN_HEALTH_PORT": "0",
    }
    services = ["portal", "intake", "routing", "sla", "notify", "reporting"]
    command = [sys.executable, "-m", "cli.main", "serve", *services]
    member = Member(" ".join(services), port, command, environment, tmp_path / "log")
    settings = Settings.from_environment({k: v for k, v in environment.items() if k.startswith("ADUAN_")})
    api = Api(f"http://127.0.0.1:{port}", settings.token_key)
    member.start()
    try:
        eventually(member.comes, within=READY_SECONDS, what="it ready")
        own_rabbitmq.kill()
        receipt = api.file(T, **COMPLAINT)
        answer = api.act(COORDINATOR, receipt["id"], "dispose", agency="dpupr")
        followed = api.dossier(T, receipt["id"])
        own_rabbitmq.start()

        assert answer.ok, answer.text
        assert "receive" == followed["step"]
        eventually(
            lambda: receipt["id"] in [each["id"] for each in api.ok("GET", f"/{T}/inbox", OPERATOR)["items"]],
            within=30,
            what="it in the inbox",
        )
    finally:
        member.tell(signal.SIGTERM)

    assert 0 == member.left(), member.tail()
