import logging

import pytest

from shared.base.clock import SystemClock
from shared.messaging.wire.configuration import (
    RUNTIME,
    broker_url_of,
    clock_of,
    database_of,
    nameko_config,
    options_of,
)
from shared.messaging.wire.connections import connected
from shared.platform.settings import Settings
from tests.messaging.helping import Parts


def test_nameko_is_told_what_the_settings_say() -> None:
    """The broker, the sizes of batches and the timeouts are those of the environment."""
    environment = {
        "ADUAN_BROKER_URL": "amqp://broker:5672//",
        "ADUAN_RELAY_BATCH": "7",
        "ADUAN_CONSUMER_BATCH": "8",
        "ADUAN_CONSUMER_LINGER_MS": "9",
        "ADUAN_CONSUMER_RETRIES": "3",
        "ADUAN_RPC_TIMEOUT_S": "4",
    }
    config = nameko_config(Settings.from_environment(environment))
    options = options_of(config)

    assert "amqp://broker:5672//" == broker_url_of(config)
    assert (7, 8, 9, 3, 4) == (
        options.relay_batch,
        options.batch,
        options.linger_ms,
        options.retries,
        options.rpc_timeout_seconds,
    )


def test_the_runtime_is_found() -> None:
    """What the process is made of is where extensions look for it."""
    parts = Parts(database="the database")
    config = nameko_config(Settings(), parts)

    assert parts is config[RUNTIME]
    assert parts.database is database_of(config)
    assert parts.clock is clock_of(config)


def test_a_missing_runtime_is_told() -> None:
    """A relay without a database says what is wrong with the configuration."""
    with pytest.raises(LookupError, match=r"aduan\.runtime"):
        database_of({})

    assert isinstance(clock_of({}), SystemClock)


def test_connecting_in_memory_warns_of_nothing(memory_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """An embedded start leaves no warnings behind."""
    with connected(memory_url) as connection:
        connection.channel()

    assert [] == [record for record in caplog.records if record.levelno >= logging.WARNING]
