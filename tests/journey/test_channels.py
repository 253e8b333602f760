"""WhatsApp through ``aduan up``, as a government runs it: processes, calls and the portal's own listener."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.providers.whatsapp import NUMBER, SECRET, TOKEN, VERIFY, WhatsAppProvider, text_of, whatsapp_provider
from shared.platform.settings import PROJECT
from tests.channels.conftest import WHATSAPP
from tests.channels.talking import COMPLAINT
from tests.fixtures.waiting import eventually
from tests.journey.installation import Api, officer, up

SITI = "6281234567890"
COORDINATOR = officer("cilacap", "coordinator")


@pytest.fixture
def provider() -> Iterator[WhatsAppProvider]:
    """A provider of WhatsApp."""
    with whatsapp_provider() as made:
        yield made


@pytest.fixture
def api(tmp_path: Path, provider: WhatsAppProvider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """An installation where Cilacap is reached by WhatsApp."""
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    book = WHATSAPP.format(address=provider.address, number=NUMBER)
    (tmp_path / "tenants" / "cilacap" / "channels.yaml").write_text(f"conversation: {{settle: 0.2 s}}\n{book}")
    data = tmp_path / "data"
    (data / "secrets").mkdir(parents=True)
    for name, secret in (("app_secret", SECRET), ("verify_token", VERIFY), ("access_token", TOKEN)):
        file = data / "secrets" / f"cilacap.whatsapp.{name}"
        file.write_text(secret)
        file.chmod(0o600)
    monkeypatch.setenv("ADUAN_TENANTS_DIR", str(tmp_path / "tenants"))
    with up(data) as made:
        provider.hook = f"{made.address}/hooks/v1/cilacap/whatsapp"
        yield made


@pytest.mark.process
def test_a_telephone_and_nothing_else(api: Api, provider: WhatsAppProvider) -> None:
    """From the first message to the answer, with nobody but the provider and an officer who uses the API."""

    def reads(part: str) -> str:
        def read() -> str:
            found = [text_of(letter) for letter in provider.letters_to(SITI) if part in text_of(letter)]
            return found[-1] if found else ""

        return eventually(read, within=30)

    assert provider.deliver(provider.text(SITI, COMPLAINT, name="Siti Rahayu")).ok
    reads("Kirim sebagai aduan baru")
    provider.deliver(provider.press(SITI, "Ya, kirim"))
    reads("nama lengkap")
    provider.deliver(provider.press(SITI, "Siti Rahayu"))
    reads("alamat")
    provider.deliver(provider.text(SITI, "RT 02 RW 01 Hanum"))
    reads("boleh tahu nama")
    provider.deliver(provider.press(SITI, "Terbuka"))
    receipt = reads("Kode lacak")
    ticket = receipt.partition("tercatat: ")[2].partition(".")[0]
    code = receipt.partition("Kode lacak: ")[2].partition(".")[0]

    found = api.track("cilacap", {"ticket": ticket, "tracking_code": code})
    dossier = found["id"]
    answer = api.act(COORDINATOR, dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    assert answer.ok, answer.text
    reads("patokan lokasinya")
    provider.deliver(provider.status(provider.letters_to(SITI)[-1], "delivered"))
    provider.deliver(provider.text(SITI, "Depan toko Makmur"))
    reads("sudah kami teruskan")
    view = api.dossier("cilacap", dossier)
    assert "Supplemented" in [entry["event"] for entry in view["timeline"]]
    assert "whatsapp" == view["channel"]
