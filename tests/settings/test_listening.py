"""A port that is told before it is listened on is there when it is."""

import socket

import pytest

from shared.platform.listening import kept, listen
from shared.platform.settings import SettingsError

HOST, VARIABLE = "127.0.0.1", "ADUAN_PORTAL_PORT"


def test_a_port_that_is_kept_is_given_to_nobody_by_chance() -> None:
    """Neither to who asks for any, nor to who calls somebody from it; its own server listens on it all the same."""
    with kept(HOST, 0, VARIABLE) as port:
        others = [socket.create_server((HOST, 0)) for _ in range(500)]
        taken = {each.getsockname()[1] for each in others}
        for each in others:
            each.close()
        with socket.socket() as calling, pytest.raises(OSError, match="in use"):
            calling.bind((HOST, port))
        with listen(HOST, port, VARIABLE) as own:
            assert port == own.getsockname()[1]

    assert port not in taken


def test_a_port_that_somebody_listens_on_is_not_kept() -> None:
    """It is said before anything is begun, with the setting that names it."""
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        told = f"{VARIABLE}: {HOST} port {port} cannot be listened on"
        with pytest.raises(SettingsError, match=told), kept(HOST, port, VARIABLE):
            pass
