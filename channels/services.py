"""What the worker asks of the services."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from nameko.exceptions import IncorrectSignature

from shared.base.errors import Unavailable, Unworkable
from shared.base.services import ServiceName
from shared.domain.complaint.schema import ADD


class Services(Protocol):
    """The services' calls, each under a key of its own: asked again it has one effect and one answer."""

    def __call__(self, service: ServiceName, method: str, **arguments: Any) -> Any:
        """Call a method.

        :raises AduanError: as the method does; ``Unavailable`` if nobody answers.
        """


@contextmanager
def when_mended() -> Iterator[None]:
    """What a government's own files do not allow is done when they are mended: nobody is told that it cannot be.

    :raises Unavailable: in place of ``Unworkable``: the thing in hand waits, and no other.
    """
    try:
        yield
    except Unworkable as error:
        raise Unavailable(error.code, error.params) from error


def reporter_acts(ask: Services, action: str, **call: Any) -> None:
    """Do one of a reporter's actions. Who only adds something was shown nothing by it: no answer counts as read.

    :raises AduanError: as intake's ``reporter_act`` does.
    """
    with when_mended():
        if action != ADD:
            ask("intake", "reporter_act", action=action, **call)
            return
        try:
            ask("intake", "reporter_act", action=action, shown=False, **call)
        except IncorrectSignature:  # of the version before, while an upgrade goes on: nothing was done
            ask("intake", "reporter_act", action=action, **call)
