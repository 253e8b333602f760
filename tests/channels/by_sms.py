"""Trenggalek, reached by SMS through a gateway of any format."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.providers.sms import KEY, NUMBER, PASSWORD, PlayedGateway, TwilioGateway
from tests.channels.line import Line, line

BOOK = """
channels:
  - id: sms
    kind: sms
    number: "{number}"
    rate: 1000
    gateways:
      - {{id: modem, format: {format}, send_url: "{address}", username: aduan}}
"""


@contextmanager
def trenggalek_by_sms(
    database_url: str, folder: Path, gateway: PlayedGateway, *, trusted: bool = False
) -> Iterator[Line]:
    """An installation that hears and writes through a gateway.

    :param trusted: whether what it has taken counts as told.
    """
    secrets = {
        "trenggalek.sms.modem.key": KEY,
        "trenggalek.sms.modem.signing_key": KEY,
        "trenggalek.sms.modem.password": PASSWORD,
        "trenggalek.sms.modem.auth_token": PASSWORD,
    }
    trust = "    trust_acceptance: true\n" if trusted else ""
    book = BOOK.replace("    gateways:", f"{trust}    gateways:").format(
        number=NUMBER, format=gateway.format, address=gateway.address
    )
    with line(database_url, folder, {"trenggalek": book}, secrets) as made:
        gateway.hook = f"{made.address}/hooks/v1/trenggalek/sms/modem"
        if isinstance(gateway, TwilioGateway):
            gateway.public = f"{made.house.channels.hook('trenggalek', 'sms')}/modem"
        yield made
