"""Installations with channels, and providers that speak the real protocols."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cli.providers.sms import KEY, PASSWORD, KannelGateway, PlayedGateway, gateway_of
from cli.providers.sms import NUMBER as OUR_SMS
from cli.providers.telegram import TelegramProvider, telegram_provider
from cli.providers.whatsapp import NUMBER, SECRET, TOKEN, VERIFY, WhatsAppProvider, whatsapp_provider
from tests.channels.by_telegram import cilacap_by_telegram
from tests.channels.imap import ImapServer, imap_server
from tests.channels.line import Line, line
from tests.notify.mail import MailServer, mail_server

WHATSAPP = """
channels:
  - id: whatsapp
    kind: whatsapp
    api: {address}
    phone_number_id: "{number}"
    templates:
      answered: {{name: aduan_dijawab, values: [ticket, summary]}}
      notice: {{name: aduan_kabar, values: [ticket]}}
"""
OPERATOR = "kanal@cilacap.example"
SMS = """
  - id: sms
    kind: sms
    extra: true
    number: "{number}"
    rate: 1000
    gateways:
      - {{id: modem, format: kannel, send_url: "{address}", username: aduan}}
"""


@pytest.fixture
def whatsapp() -> Iterator[WhatsAppProvider]:
    """A provider of WhatsApp."""
    with whatsapp_provider() as provider:
        yield provider


@pytest.fixture
def operated(database_url: str, tmp_path: Path, whatsapp: WhatsAppProvider) -> Iterator[Line]:
    """An installation where Cilacap is reached by WhatsApp, and an operator is told of what goes wrong there."""
    book = f"operator: {OPERATOR}\n" + WHATSAPP.format(address=whatsapp.address, number=NUMBER)
    secrets = {"cilacap.whatsapp.app_secret": SECRET, "cilacap.whatsapp.access_token": TOKEN}
    with line(database_url, tmp_path, {"cilacap": book}, secrets) as made:
        whatsapp.hook = f"{made.address}/hooks/v1/cilacap/whatsapp"
        yield made


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path, whatsapp: WhatsAppProvider) -> Iterator[Line]:
    """An installation where Cilacap is reached by WhatsApp."""
    secrets = {
        "cilacap.whatsapp.app_secret": SECRET,
        "cilacap.whatsapp.verify_token": VERIFY,
        "cilacap.whatsapp.access_token": TOKEN,
    }
    books = {"cilacap": WHATSAPP.format(address=whatsapp.address, number=NUMBER)}
    with line(database_url, tmp_path, books, secrets) as made:
        whatsapp.hook = f"{made.address}/hooks/v1/cilacap/whatsapp"
        yield made


@pytest.fixture
def modem() -> Iterator[PlayedGateway]:
    """A modem of the office's."""
    with gateway_of(KannelGateway) as gateway:
        yield gateway


@pytest.fixture
def sms() -> str:
    """How Cilacap is reached by that modem."""
    return SMS


@pytest.fixture
def by_two_ways(
    database_url: str, tmp_path: Path, whatsapp: WhatsAppProvider, modem: PlayedGateway, sms: str
) -> Iterator[Line]:
    """An installation where Cilacap is reached by WhatsApp, and then by SMS, and where somebody looks after both."""
    head = f"operator: {OPERATOR}\nways: {{reporter: [origin, sms, email]}}\n"
    by_whatsapp = WHATSAPP.format(address=whatsapp.address, number=NUMBER)
    secrets = {
        "cilacap.whatsapp.app_secret": SECRET,
        "cilacap.whatsapp.access_token": TOKEN,
        "cilacap.sms.modem.key": KEY,
        "cilacap.sms.modem.password": PASSWORD,
    }
    both = head + by_whatsapp + sms.format(number=OUR_SMS, address=modem.address)
    with line(database_url, tmp_path, {"cilacap": both}, secrets) as made:
        whatsapp.hook = f"{made.address}/hooks/v1/cilacap/whatsapp"
        modem.hook = f"{made.address}/hooks/v1/cilacap/sms/modem"
        yield made


@pytest.fixture
def telegram() -> Iterator[TelegramProvider]:
    """A provider of Telegram."""
    with telegram_provider() as provider:
        yield provider


@pytest.fixture
def by_telegram(database_url: str, tmp_path: Path, telegram: TelegramProvider) -> Iterator[Line]:
    """An installation where Cilacap has a bot beside its SOP."""
    with cilacap_by_telegram(database_url, tmp_path, telegram) as made:
        yield made


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A photo as a telephone takes it."""
    drawn = BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(drawn, "JPEG")
    return drawn.getvalue()


@pytest.fixture(scope="session")
def imap_process() -> Iterator[ImapServer]:
    """The session's mailboxes."""
    with imap_server() as server:
        yield server


@pytest.fixture
def box(imap_process: ImapServer, tmp_path: Path) -> Iterator[ImapServer]:
    """A folder that is looked into, of this test's own."""
    mine = ImapServer(imap_process.port, f"Aduan-{tmp_path.parent.name}-{tmp_path.name}")
    with mine.opened() as owner:
        owner.folder.create(mine.folder)
        owner.folder.create(f"{mine.folder}-selesai")
    yield mine
    mine.close()


@pytest.fixture(scope="session")
def smtp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """The session's mail server."""
    with mail_server(tmp_path_factory.mktemp("smtp") / "taken.jsonl") as server:
        yield server
