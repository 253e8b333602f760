"""By which channel somebody is reached of whom nothing but a telephone number is known."""

from typing import Final

from shared.channels.installed import Channels

_SMS: Final = "sms"
_WHATSAPP: Final = "whatsapp"
CODE: Final = "code"
"""The meaning of the template by which WhatsApp brings codes: without one it takes no words to who has not written."""


def phone_way(channels: Channels, tenant: str) -> str | None:
    """The id of the channel; none if the government has connected none that could.

    :raises NotFound: no such government.
    """
    for kind in (_SMS, _WHATSAPP):
        for spec in channels.book(tenant).channels:
            if spec.kind != kind or (kind == _WHATSAPP and CODE not in spec.options.get("templates", {})):
                continue
            built = channels.find(tenant, spec.id)
            if built is not None and built.carriers:
                return spec.id
    return None
