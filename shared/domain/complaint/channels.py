"""Through what a complaint may come in: the channels that a government's SOP names, and those that every one has."""

from typing import Final

from shared.domain.sop.model import Sop
from shared.wording.choices import one_of

GENERAL: Final = (
    "web",  # the portal's pages
    "app",  # the same, installed on a telephone
    "api",  # a programme of somebody's, by HTTP
    "open311",  # the same, by the Open311 protocol
    "whatsapp",
    "sms",
    "email",
    "telephone",  # told to an officer, who files it
    "counter",  # told or handed in at a desk
    "letter",  # on paper, by post
    "csv",  # a table, by `aduan import`
)
"""Open in every government, whether its SOP names them or not."""


def known_channels(sop: Sop) -> tuple[str, ...]:
    """The SOP's own channels, then the general ones."""
    return tuple(dict.fromkeys((*(channel.id for channel in sop.channels), *GENERAL)))


def known_channel(sop: Sop, name: str) -> str:
    """A channel in the spelling of the lists.

    :raises Invalid: if there is no such channel, with the names of those that there are.
    """
    return one_of("channel", name, known_channels(sop))
