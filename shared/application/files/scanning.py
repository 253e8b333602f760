"""Asking a virus scanner, where the installation has one. No answer is no leave: then nothing is taken."""

import logging
import shlex
import socket
from typing import Final
from urllib.parse import urlsplit

from shared.application.files.programs import run_on
from shared.base.errors import Invalid, Unavailable
from shared.platform.metrics import FILES_INFECTED
from shared.platform.settings import Settings

log = logging.getLogger(__name__)

_SECONDS: Final = 20.0
_INFECTED: Final = 1
_PIECE_BYTES: Final = 64 * 1024


def scan(settings: Settings, content: bytes) -> None:
    """Refuse a content that the scanner objects to.

    :raises Invalid: ``file_infected``.
    :raises Unavailable: ``scanner_away`` if a scanner is named and does not answer.
    """
    try:
        infected = (settings.scan_command and _by_command(settings.scan_command, content)) or (
            settings.scan_clamd and _by_clamd(settings.scan_clamd, content)
        )
    except OSError as error:
        log.warning("the virus scanner does not answer", extra={"reason": type(error).__name__})
        raise Unavailable("scanner_away") from error
    if infected:
        FILES_INFECTED.inc()
        raise Invalid("invalid_fields", fields={"file": ["file_infected"]})


def _by_command(command: str, content: bytes) -> bool:
    """The program gets the content as its input: 0 means clean, 1 infected, as of clamscan; the rest is trouble."""
    ran = run_on(content, shlex.split(command), _SECONDS)
    if ran.status not in (0, _INFECTED):
        raise OSError(f"the scanner ended with {ran.status}")
    return ran.status == _INFECTED


def _by_clamd(address: str, content: bytes) -> bool:
    """By INSTREAM of clamd: lengths and pieces, an empty piece, one line back."""
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _PIECE_BYTES):
            piece = content[start : start + _PIECE_BYTES]
            connection.sendall(len(piece).to_bytes(4, "big") + piece)
        connection.sendall(bytes(4))
        said = bytearray()
        while not said.endswith(b"\0") and (piece := connection.recv(1024)):
            said += piece
    answer = said.rstrip(b"\0").decode(errors="replace")
    if answer.endswith("FOUND"):
        return True
    if not answer.endswith("OK"):
        raise OSError("the scanner did not understand")
    return False


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), _SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_SECONDS)
    connection.connect(parts.path)
    return connection
