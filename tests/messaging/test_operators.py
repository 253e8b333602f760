"""What the papers tell an operator to type for the broker itself is typed here, on a real node."""

import re
import shlex
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest

from shared.messaging.wire.connections import connected
from tests.fixtures.broker import OutsideBroker
from tests.fixtures.rabbitmq import RabbitMQ
from tests.house.papers import PAPERS, code_in

_TOLD: Final = re.compile(r"(?<![\w./-])rabbitmqctl +([^`\n;]+)")
_OF_A_HOST: Final = ("delete_queue", "set_policy")
"""Commands that a virtual host is named for; there is but one where operators type them."""


def told() -> Iterator[list[str]]:
    """The command lines, as words without the first."""
    for paper in PAPERS:
        for code in code_in(paper):
            yield from (shlex.split(line) for line in _TOLD.findall(code))


def test_what_is_told_for_the_broker_can_be_typed(rabbitmq: RabbitMQ | OutsideBroker, broker_url: str) -> None:
    """A queue that is told to be deleted is gone, the policy holds for what is ours, and every feature is there."""
    if isinstance(rabbitmq, OutsideBroker):
        pytest.skip("an outside broker is left alone")
    vhost = urlsplit(broker_url).path[1:]
    lines = list(told())
    deleted = {words[1] for words in lines if words[0] == "delete_queue"}
    with connected(broker_url) as connection:
        for name in deleted:
            connection.channel().queue_declare(name, durable=True, auto_delete=False)
    for words in lines:
        rabbitmq.control(*words, *(("--vhost", vhost) if words[0] in _OF_A_HOST else ()))

    assert {"delete_queue", "set_policy", "enable_feature_flag"} == {words[0] for words in lines}
    assert not deleted & set(rabbitmq.control("list_queues", "name", "--vhost", vhost).split())
    assert "delivery-limit" in rabbitmq.control("list_policies", "--vhost", vhost)
