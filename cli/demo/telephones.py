"""People with telephones: they complain by WhatsApp and SMS, through providers on this machine, and read what comes."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cli.demo import mails
from cli.demo.lines import Exchanged, Line
from cli.demo.mails import EMAIL, PlayedMail
from cli.demo.photo import photo
from cli.demo.told import receipt_in
from cli.providers import sms, whatsapp
from cli.providers.mail import played_mailbox
from cli.providers.sms import KannelGateway, PlayedGateway, gateway_of
from cli.providers.whatsapp import WhatsAppProvider, whatsapp_provider
from portal.telephones import Said, Telephone
from shared.channels.installed import HOOKS
from shared.channels.settings import FILE
from shared.domain.all_tenants import Tenants
from shared.domain.tenants import Tenant
from shared.platform.settings import Settings

WHATSAPP: Final = "whatsapp"
SMS: Final = "sms"
FOLDER: Final = "telephones"
_VISITORS: Final = "6281210000001"
"""The number of the telephone with which a visitor begins."""
_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.01
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
    rate: 100
    gateways:
      - {{id: modem, format: kannel, send_url: "{address}", username: aduan}}
""",
}
_SECRETS: Final = {
    WHATSAPP: {"app_secret": whatsapp.SECRET, "access_token": whatsapp.TOKEN},
    SMS: {"modem.key": sms.KEY, "modem.password": sms.PASSWORD},
}


@dataclass
class Telephones:
    """All of them, and what was written to and fro.

    :param outbox: where it can be read, a file for each person.
    :param talks: of those that were used.
    """

    outbox: Path
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    talks: dict[Telephone, Exchanged] = field(default_factory=dict)
    mailboxes: dict[str, PlayedMail] = field(default_factory=dict)

    def connect(self, address: str) -> None:
        """Tell the providers where they deliver.

        :param address: of the portal.
        """
        for line in self.lines.values():
            below = "/modem" if line.way == SMS else ""
            line.provider.hook = f"{address}{HOOKS}/{line.tenant}/{line.way}{below}"

    def way_for(self, tenant: str, place: int) -> str | None:
        """By which way the so-manieth person of a government who writes does so; none if there is no such."""
        ways = [way for way in (WHATSAPP, SMS) if (tenant, way) in self.lines]
        ways += [EMAIL] if tenant in self.mailboxes else []
        return ways[place] if place < len(ways) else None

    def complain(self, tenant: str, way: str, complaint: Mapping[str, Any], at: datetime) -> tuple[str, str]:
        """Somebody complains, and answers whatever they are asked.

        :param complaint: whole, with the person's number, or the address by which they write.
        :param at: the simulated instant.
        :returns: the ticket and the tracking code that they were told.
        :raises TimeoutError: if they are told neither.
        """
        if way == EMAIL:
            return self.mailboxes[tenant].complain(complaint, at)
        talk = self._talk(Telephone(tenant, way, f"62{complaint['reporter']['phone'][1:]}"))
        read = written = 0
        deadline = time.monotonic() + _PATIENCE_SECONDS

        def write(text: str) -> None:
            nonlocal written
            # Nobody types two of them within a second; of SMS the same words at the same second are one.
            talk.write(text, at + timedelta(seconds=written))
            written += 1

        write(f"LAPOR {complaint['message']}")
        while time.monotonic() < deadline:
            talk.listen()
            fresh = [each for each in talk.said[read:] if not each.own]
            read = len(talk.said)
            if not fresh:
                time.sleep(_LOOK_SECONDS)
            for each in fresh:
                if receipt := receipt_in(each.text):
                    return receipt
                _answer(each.text, complaint, write, lambda: talk.line.sends_photo(talk.number, photo(1), at))
        raise TimeoutError(f"no receipt came by {way}; the last words were {talk.said[-1].text!r}")

    def all(self) -> Sequence[Telephone]:
        """Of each line one that nobody has used before its visitors do, then those of whoever complained by it."""
        fresh = [Telephone(tenant, way, _VISITORS) for tenant, way in self.lines]
        return sorted(
            {*fresh, *self.talks}, key=lambda each: (each.tenant, each.way, each.number != _VISITORS, each.number)
        )

    def said(self, telephone: Telephone) -> Sequence[Said]:
        """What was written and received there, in its order."""
        if telephone not in self.talks:
            return ()
        talk = self._talk(telephone)
        talk.listen()
        return tuple(talk.said)

    def write(self, telephone: Telephone, text: str, at: datetime) -> None:
        """Send a message from there."""
        self._talk(telephone).write(text, at)

    def report(self) -> bool:
        """Have every provider tell what has arrived; whether there was anything."""
        reported = [line.report() for line in self.lines.values()]  # all of them, whatever the first one says
        return any(reported)

    def lay_down(self) -> int:
        """Write down what everybody wrote and received, for people to read; how many they are."""
        folder = self.outbox / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for telephone in self.talks:
            lines = [f"> {each.text}" if each.own else each.text for each in self.said(telephone)]
            (folder / f"{telephone.name}.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        by_mail = {tenant: mailbox.exchanged() for tenant, mailbox in self.mailboxes.items()}
        for tenant, people in by_mail.items():
            for address, letters in people.items():
                file = folder / f"{tenant}-{EMAIL}-{address}.txt"
                file.write_text("\n\n".join(letters) + "\n", encoding="utf-8")
        return len(self.talks) + sum(map(len, by_mail.values()))

    def _talk(self, telephone: Telephone) -> Exchanged:
        line = self.lines[telephone.tenant, telephone.way]
        return self.talks.setdefault(telephone, Exchanged(line, telephone.number))


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
        ("boleh tahu nama", "1"),
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
    """Providers for every government whose SOP names WhatsApp or SMS, a mailbox for those of others, and the settings
    with which they are connected.

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
            if not book:
                mailbox = PlayedMail(tenant.id, stack.enter_context(played_mailbox()), outbox)
                made.mailboxes[tenant.id] = mailbox
                book = mailbox.book()
                for name, secret in mails.SECRETS.items():
                    _keep(secrets / f"{tenant.id}.{EMAIL}.{name}", secret)
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
