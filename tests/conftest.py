"""What every test may ask for. The fixtures themselves are in ``tests/fixtures``."""

import compileall
import gc
import os
import signal
import warnings
from collections.abc import Generator
from pathlib import Path

# Names are resolved by the system, as in the services: eventlet's own resolver knows less.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
# Plugins of hypothesis are whatever is installed beside it; one of them brings a second event loop into every test.
os.environ.setdefault("HYPOTHESIS_NO_PLUGINS", "1")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # eventlet says at import that it is in maintenance
    import eventlet

eventlet.monkey_patch()

import pytest
from hypothesis import settings

from tests.fixtures.addresses import compiled_when_needed
from tests.fixtures.broker import broker_url, own_rabbitmq, rabbitmq, rabbitmq_url
from tests.fixtures.governments import read_once
from tests.fixtures.office import office
from tests.fixtures.passwords import hashed_cheaply
from tests.fixtures.postgres import database_url, empty_database_url, migrated_template, postgres_url
from tests.side_by_side import COMPILED

__all__ = [
    "broker_url",
    "database_url",
    "empty_database_url",
    "migrated_template",
    "office",
    "own_rabbitmq",
    "postgres_url",
    "rabbitmq",
    "rabbitmq_url",
]


# A property says what is right, not how fast: a machine that is busy elsewhere proves nothing wrong.
settings.register_profile("aduan", deadline=None)
settings.load_profile("aduan")


def pytest_configure() -> None:
    """A test run that is told to stop (`timeout 600 pytest`) stops its servers first.

    All modules are compiled, also where Python is told not to keep that: hundreds of processes are started, and to
    compile takes each of them a quarter of its time.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for folder in COMPILED:
        compileall.compile_dir(Path(__file__).parents[1] / folder, quiet=2)
    read_once()
    compiled_when_needed()
    hashed_cheaply()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests are made to stay: nobody looks for garbage while they are made, nor among them later.

    Later it is looked for as often as it is worth it: each look costs a call of every listener, hypothesis' among them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a RabbitMQ, so that `pytest -m "not rabbitmq"` leaves it out; run chaos only when asked for."""
    if "chaos" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("chaos")]
        items[:] = [item for item in items if not item.get_closest_marker("chaos")]
        config.hook.pytest_deselected(items=left_out)
    for item in items:
        if {"rabbitmq", "own_rabbitmq"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.rabbitmq)
