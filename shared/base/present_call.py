"""Which call the present work answers. Copies of one that went to several instances of a service are one request.

A call whose connection broke is sent again, and may reach another instance than before. What asks for something bears
a key by which that is known; where it bears none, the call's own id, which all its copies share, stands for one.
"""

from contextvars import ContextVar

_call: ContextVar[str] = ContextVar("call", default="")


def set_call(call_id: str | None) -> None:
    """From here on the present thread or greenlet answers this call.

    :param call_id: none if it answers none.
    """
    _call.set(call_id or "")


def present_call() -> str:
    """The id of the call that is being answered; blank if there is none."""
    return _call.get()
