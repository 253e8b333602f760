"""What nameko is told, and where our extensions find what they need: one mapping per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from shared.base.clock import Clock, SystemClock
from shared.messaging.wire import memory
from shared.messaging.wire.frames import tolerant
from shared.messaging.wire.seal import Seal
from shared.platform.database.pool import Database
from shared.platform.settings import Settings

RUNTIME: Final = "aduan.runtime"
SEAL: Final = "aduan.seal"
WORKS: Final = "aduan.works"
"""The key for whether this process does its services' own work: follows the log, keeps clocks, writes letters. True if
not set; where it is set, another process of the installation shares the work, and they wake each other."""
DEADLINE: Final = "aduan_deadline"
"""The key in a worker's context for the instant until which its caller waits."""
CALL_ID: Final = "aduan_call"
"""The key in a worker's context for the id of the call that it answers."""
WRITTEN: Final = "aduan_written"
"""The key, in a call's arguments and in a worker's context, for the position in the log that the caller knows of."""
OPTIONS: Final = "aduan.messaging"
_WORKERS: Final = 44
"""Twenty calls over the broker, as many of the same process, and what the service does of itself."""
_HEARTBEAT_SECONDS: Final = 6


class RuntimeParts(Protocol):
    """What messaging needs of the process's runtime (see :mod:`shared.application.runtime`)."""

    @property
    def database(self) -> Database:
        """Where the log and the relay's position are."""

    @property
    def clock(self) -> Clock:
        """The present instant."""


@dataclass(frozen=True)
class Options:
    """How the process's consumers, relay and calls behave, where they are not told otherwise."""

    relay_batch: int = 500
    batch: int = 100
    linger_ms: int = 20
    retries: int = 5
    rpc_timeout_seconds: float = 10.0


def nameko_config(settings: Settings, runtime: RuntimeParts | None = None) -> dict[str, Any]:
    """The configuration with which nameko runs our services: one mapping for all the services of a process.

    :param settings: the process's configuration.
    :param runtime: the process's parts; without them a relay cannot run.
    """
    memory.install()
    config: dict[str, Any] = {
        "AMQP_URI": settings.broker_url,
        "HEARTBEAT": _HEARTBEAT_SECONDS,
        # Nobody's message may break the connection over which calls come; their size is the callers' affair.
        "TRANSPORT_OPTIONS": {"frame_handler": tolerant},
        "max_workers": _WORKERS,
        "serializer": "json",
        "ACCEPT": ["json"],
        OPTIONS: Options(
            relay_batch=settings.relay_batch,
            batch=settings.consumer_batch,
            linger_ms=settings.consumer_linger_ms,
            retries=settings.consumer_retries,
            rpc_timeout_seconds=settings.rpc_timeout_s,
        ),
    }
    if runtime is not None:
        config[RUNTIME] = runtime
        own, *others = settings.calls_keys
        config[SEAL] = Seal(own, others=others)
    return config


def broker_url_of(config: Mapping[str, Any]) -> str:
    """Where the broker is."""
    return str(config["AMQP_URI"])


def options_of(config: Mapping[str, Any]) -> Options:
    """The process's options, or the defaults."""
    options: Options = config.get(OPTIONS) or Options()
    return options


def works(config: Mapping[str, Any]) -> bool:
    """Whether this process does its services' own work, or only answers calls."""
    return bool(config.get(WORKS, True))


def alone(config: Mapping[str, Any]) -> bool:
    """Whether no other process of the installation works on the database."""
    return WORKS not in config and memory.is_in_memory(broker_url_of(config))


def seal_of(config: Mapping[str, Any]) -> Seal:
    """With what the process's calls are sealed.

    :raises LookupError: if the configuration holds nothing for it: nobody calls or is called unsealed.
    """
    seal: Seal | None = config.get(SEAL)
    if seal is None:
        raise LookupError(f"nameko's configuration lacks {SEAL}: make it by nameko_config(settings, runtime)")
    return seal


def database_of(config: Mapping[str, Any]) -> Database:
    """The process's database.

    :raises LookupError: if the configuration holds no runtime with a database.
    """
    database = possible_database_of(config)
    if database is None:
        raise LookupError(f"nameko's configuration lacks {RUNTIME}: make it by nameko_config(settings, runtime)")
    return database


def possible_database_of(config: Mapping[str, Any]) -> Database | None:
    """The process's database, if it has one."""
    runtime: RuntimeParts | None = config.get(RUNTIME)
    return None if runtime is None else runtime.database


def clock_of(config: Mapping[str, Any]) -> Clock:
    """The process's clock; the machine's if the configuration holds no runtime."""
    runtime: RuntimeParts | None = config.get(RUNTIME)
    return SystemClock() if runtime is None else runtime.clock
