"""What the environment says: which of its variables are none of ours, and which of ours are wanting."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from shared.platform.databases import same_as_main

T = TypeVar("T")
_SERVICE = re.compile(
    r"ADUAN_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?|ENV_\w+)"
)


_SERVICE_PORT = re.compile(r"ADUAN_(?:\w+_)?PORT")


_LINKED_NAME = re.compile(r"ADUAN_(?:\w+_)?NAME")


_MOST_BYTES = 1024 * 1024
_ADDRESS = re.compile(r"(?:tcp|udp|sctp)://.*", re.IGNORECASE)


def given_by_a_cluster(name: str, value: str) -> bool:
    """Whether it is a name that is made of a service's: Kubernetes tells every container so where its services are."""
    if _SERVICE.fullmatch(name):
        return True
    if _SERVICE_PORT.fullmatch(name):
        return _ADDRESS.fullmatch(value.strip()) is not None
    return _LINKED_NAME.fullmatch(name) is not None and value.startswith("/")


def content(name: str, file: Path) -> str:
    """What the file holds that a variable names.

    :raises ValueError: if it cannot be read, or is no text.
    """
    try:
        with file.open("rb") as opened:
            raw = opened.read(_MOST_BYTES + 1)
        if len(raw) > _MOST_BYTES:
            raise ValueError(f"(by {name}_FILE) cannot be read from {file}: it is far too large")
        return raw.decode().strip()
    except OSError as error:
        raise ValueError(f"(by {name}_FILE) cannot be read from {file} ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ValueError(f"(by {name}_FILE) cannot be read from {file}: it holds no text") from None


def missing(values: Mapping[str, Any]) -> list[str]:
    """What is wanting as soon as a database is named, one sentence each.

    :param values: by the setting's field; without those that are at fault themselves.
    """
    if not values.get("database_url"):
        return (
            ["ADUAN_DATABASES is set, and ADUAN_DATABASE_URL is not; name the database of all others there"]
            if values.get("databases")
            else []
        )
    faults = list(same_as_main(values.get("databases", ()), values["database_url"], values.get("broker_url", "")))
    if "broker_url" in values and not values["broker_url"]:
        faults.append(
            "ADUAN_BROKER_URL is not set, and several processes need a broker in common; "
            "name a RabbitMQ, e.g. amqp://user:password@host:5672//"
        )
    if "given_master_key" in values and not values["given_master_key"] and not values.get("given_calls_keys"):
        faults.append(
            "ADUAN_MASTER_KEY is not set, and without it personal data could be neither sealed nor read; make one "
            "with `aduan secret`, keep it apart from the database, and give every process the same"
        )
    if values.get("given_master_key") and values.get("given_calls_keys"):
        faults.append(
            "ADUAN_CALLS_KEY is set beside ADUAN_MASTER_KEY, from which it follows; leave it out, or, for a process "
            "that opens nothing, the other"
        )
    return faults


class SettingsError(Exception):
    """The configuration cannot be used. The text names each variable at fault and what to do about it.

    :param faults: one sentence each.
    """

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(["the configuration cannot be used:", *(f"  - {fault}" for fault in faults)]))


def from_folder(folder: Path, read: Callable[[Path], T]) -> T:
    """What lies in the data directory.

    :raises SettingsError: if it cannot be read or written, or what lies there is damaged.
    """
    try:
        return read(folder)
    except OSError as error:
        raise SettingsError(
            [f"ADUAN_DATA_DIR: {folder} cannot be used ({error.strerror}: {error.filename})"]
        ) from error
    except ValueError as error:
        raise SettingsError([str(error)]) from error
