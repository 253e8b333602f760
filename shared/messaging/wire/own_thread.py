"""The thread of an extension: like nameko's managed threads, and it may be killed while it dies of its own mistake.

A managed thread that fails has its container killed, by code that still runs in that very thread. An extension which
then kills the thread cuts that code off, and the container neither lives nor dies.
"""

from collections.abc import Callable
from typing import Any


class OwnThread:
    """A managed thread, started.

    :param container: nameko's; it is killed if the thread fails.
    :param run: what the thread does.
    :param name: for the log.
    """

    def __init__(self, container: Any, run: Callable[[], None], name: str) -> None:
        self._run = run
        self._ended = False
        self._thread = container.spawn_managed_thread(self._watched, identifier=name)

    @property
    def ended(self) -> bool:
        """Whether it runs no more, whatever ended it."""
        return self._ended or bool(self._thread.dead)

    def wait(self) -> None:
        """Wait until it has ended."""
        if not self._ended:
            self._thread.wait()

    def kill(self) -> None:
        """End it, unless it has ended."""
        if not self._ended:
            self._thread.kill()

    def _watched(self) -> None:
        try:
            self._run()
        finally:
            self._ended = True
