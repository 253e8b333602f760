"""Sending many messages by one system call.

The library writes to the socket for every message, and looks for an answer before each. For a batch that is the larger
part of the work; here what is written is collected, and sent when the batch is complete. It reaches into the library
(py-amqp 5), which has no such mode: a test sees whether it still takes effect, and without it all works as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def corked(connection: Any) -> Iterator[None]:
    """Collect what is written in the block and send it at the end; after an error nothing of it is sent.

    :param connection: kombu's; one that does not write to a socket is left as it is. Nobody may wait for an answer
        on it inside the block.
    """
    transport = getattr(connection.connection, "transport", None)
    write = getattr(transport, "_write", None)
    if transport is None or write is None:
        yield
        return
    written = bytearray()
    transport._write = written.extend  # noqa: SLF001 - see above
    try:
        yield
    finally:
        transport._write = write  # noqa: SLF001
    transport.write(bytes(written))


def without_looking(connection: Any) -> None:
    """Let publishing on this connection never look for what the broker has sent: whoever publishes waits for it later.

    :param connection: kombu's, open.
    """
    properties = getattr(connection.connection, "client_properties", None)
    if properties is not None:
        properties["capabilities"] = {**properties.get("capabilities", {}), "connection.blocked": False}
