"""People with telephones: they complain by WhatsApp and SMS, through providers on this machine, and read what comes."""

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cli.demo.photo import photo
from cli.providers import sms, whatsapp
from cli.providers.sms import KannelGateway, PlayedGateway, gateway_of
from cli.providers.whatsapp import WhatsAppProvider, choices_of, text_of, whatsapp_provider
from shared.channels.installed import HOOKS
from shared.channels.settings import FILE
from shared.domain.all_tenants import Tenants
from shared.domain.tenants import Tenant
from shared.platform.settings import Settings

WHATSAPP: Final = "whatsapp"
SMS: Final = "sms"
FOLDER: Final = "telephones"
_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.01
_TICKET: Final = re.compile(r"ercatat:? ([A-Z]+-\d+-\d+)")
_CODE: Final = re.compile(r"[Kk]ode(?: lacak)?:? ([A-Z0-9]{8,})")
_HEAD: Final = "conversation: {settle: 0 s}\nchannels:\n"
_BOOKS: Final = {
    WHATSAPP: """
  - id: whatsapp
    kind: whatsapp
    api: {address}
    phone_number_id: "{number}"
    templates:
      answered: {{name: aduan_dijawab, language: id, values: [ticket, summary]}}
      returned: {{name: aduan_dilengkapi, language: id, values: [ticket, reason]}}
      notice: {{name: aduan_kabar, language: id, values: [ticket]}}
""",
    SMS: """
  - id: sms
    kind: sms
    number: "{number}"
    send_by: modem
    gateways:
      - {{id: modem, format: kannel, send_url: "{address}", username: aduan}}
""",
}
_SECRETS: Final = {
    WHATSAPP: {"app_secret": whatsapp.SECRET, "access_token": whatsapp.TOKEN},
    SMS: {"modem.key": sms.KEY, "modem.password": sms.PASSWORD},
}


@dataclass
class Line:
    """One provider of one government's.

    :param tenant: the government's id.
    :param way: the SOP's name of the channel.
    """

    tenant: str
    way: str
    provider: WhatsAppProvider | PlayedGateway
    reported: int = 0

    def says(self, number: str, text: str, at: datetime) -> None:
        """Somebody writes."""
        if isinstance(self.provider, WhatsAppProvider):
            self.provider.deliver(self.provider.text(number, text, at=int(at.timestamp())))
        else:
            self.provider.text(f"+{number}", text, at=at)

    def sends_photo(self, number: str, content: bytes, at: datetime) -> None:
        """Somebody sends a photo, where that can be."""
        if isinstance(self.provider, WhatsAppProvider):
            self.provider.deliver(self.provider.photo(number, content, at=int(at.timestamp())))

    def heard(self, number: str) -> list[str]:
        """What somebody has received, with what they may press."""
        if isinstance(self.provider, WhatsAppProvider):
            letters = self.provider.letters_to(number)
            return [text_of(each) + "".join(f" [{title}]" for _, title in choices_of(each)) for each in letters]
        return self.provider.texts_to(f"+{number}")

    def report(self) -> bool:
        """Tell of whatever was taken since that it has arrived; whether there was anything."""
        fresh = self.provider.letters[self.reported :]
        for letter in fresh:
            if isinstance(self.provider, WhatsAppProvider):
                self.provider.deliver(self.provider.status(letter, "delivered"))
            else:
                self.provider.report(letter, "delivered")
        self.reported += len(fresh)
        return bool(fresh)


@dataclass
class Telephones:
    """All of them, and what was written to and fro.

    :param outbox: where it can be read, a file for each person.
    """

    outbox: Path
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    used: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def connect(self, address: str) -> None:
        """Tell the providers where they deliver.

        :param address: of the portal.
        """
        for line in self.lines.values():
            below = "/modem" if line.way == SMS else ""
            line.provider.hook = f"{address}{HOOKS}/{line.tenant}/{line.way}{below}"

    def way_for(self, tenant: str, place: int) -> str | None:
        """By which way the so-manieth person of a government with a telephone writes; none if there is no such."""
        ways = [way for way in (WHATSAPP, SMS) if (tenant, way) in self.lines]
        return ways[place] if place < len(ways) else None

    def complain(self, tenant: str, way: str, complaint: Mapping[str, Any], at: datetime) -> tuple[str, str]:
        """Somebody complains, and answers whatever they are asked.

        :param complaint: whole, with the person's number.
        :param at: the simulated instant.
        :returns: the ticket and the tracking code that they were told.
        :raises TimeoutError: if they are told neither.
        """
        number = f"62{complaint['reporter']['phone'][1:]}"
        written = 0
        said = self.used.setdefault((tenant, way, number), [])
        line, read = self.lines[tenant, way], 0
        deadline = time.monotonic() + _PATIENCE_SECONDS

        def write(text: str) -> None:
            nonlocal written
            said.append(f"> {text}")
            # Nobody types two of them within a second; of SMS the same words at the same second are one.
            line.says(number, text, at + timedelta(seconds=written))
            written += 1

        write(f"LAPOR {complaint['message']}")
        while time.monotonic() < deadline:
            received = line.heard(number)
            if read == len(received):
                time.sleep(_LOOK_SECONDS)
                continue
            told = received[read]
            read += 1
            said.append(told)
            if ticket := _TICKET.search(told):
                code = _CODE.search(told)
                return ticket[1], code[1] if code else ""
            _answer(told, complaint, write, lambda: line.sends_photo(number, photo(1), at))
        raise TimeoutError(f"no receipt came by {way}; the last words were {said[-1]!r}")

    def report(self) -> bool:
        """Have every provider tell what has arrived; whether there was anything."""
        reported = [line.report() for line in self.lines.values()]  # all of them, whatever the first one says
        return any(reported)

    def write(self) -> int:
        """Lay down what everybody wrote and received, for people to read; how many they are."""
        folder = self.outbox / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for (tenant, way, number), said in self.used.items():
            conversation = sum(not each.startswith(">") for each in said)
            later = self.lines[tenant, way].heard(number)[conversation:]
            (folder / f"{tenant}-{way}-{number}.txt").write_text("\n\n".join([*said, *later]) + "\n", encoding="utf-8")
        return len(self.used)


def _answer(
    told: str, complaint: Mapping[str, Any], write: Callable[[str], None], send_photo: Callable[[], None]
) -> None:
    """Answer a question as its person would; what is no question is only read."""
    reporter, place = complaint["reporter"], complaint["location"]
    answers: tuple[tuple[str, str], ...] = (
        ("nama lengkap Anda", reporter["name"]),
        ("lamat Anda", reporter["address"]),
        ("NIK Anda", _plausible(reporter["identity"])),
        ("udul singkat", complaint["title"]),
        ("idang apa", "1"),
        ("Bidang?", "1"),
        ("irim lokasi", f"{place['desa']}, {place['kecamatan']}"),
        ("Berkas diterima", "SELESAI"),
        ("halaman publik", "1"),
        ("aduan baru", "ya"),
    )
    if "foto bukti" in told:
        send_photo()
        return
    found = next((answer for words, answer in answers if words in told.replace("Aduan baru", "aduan baru")), None)
    if found is not None:
        write(found)


def _plausible(identity: str) -> str:
    """An identity number with somebody's date of birth in it, as every real one has."""
    return f"{identity[:6]}100190{identity[-4:]}"


@contextmanager
def telephones(settings: Settings, outbox: Path) -> Iterator[tuple[Settings, Telephones]]:
    """Providers for every government whose SOP names WhatsApp or SMS, and the settings with which it is connected.

    :param settings: of the installation that is to be started.
    :param outbox: where letters lie.
    """
    folder = settings.data_dir / "tenants"
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(settings.tenants_dir, folder)
    secrets = settings.data_dir / "secrets"
    secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Telephones(outbox)
    with ExitStack() as stack:
        for tenant in Tenants(folder).all():
            book = ""
            for way in _ways(tenant):
                provider = _provider(stack, way)
                made.lines[tenant.id, way] = Line(tenant.id, way, provider)
                number = whatsapp.NUMBER if way == WHATSAPP else sms.NUMBER
                book += _BOOKS[way].format(address=provider.address, number=number)
                for name, secret in _SECRETS[way].items():
                    _keep(secrets / f"{tenant.id}.{way}.{name}", secret)
            if book:
                (tenant.directory / FILE).write_text(_HEAD + book, encoding="utf-8")
        yield replace(settings, tenants_dir=folder, secrets_dir=str(secrets)), made


def _provider(stack: ExitStack, way: str) -> WhatsAppProvider | PlayedGateway:
    if way == WHATSAPP:
        return stack.enter_context(whatsapp_provider())
    return stack.enter_context(gateway_of(KannelGateway))


def _ways(tenant: Tenant) -> list[str]:
    named = [channel.id for channel in tenant.sop.channels]
    return [way for way in (WHATSAPP, SMS) if way in named]


def _keep(file: Path, secret: str) -> None:
    file.touch(mode=0o600)
    file.write_text(secret, encoding="utf-8")
