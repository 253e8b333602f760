"""Each procedure's own channels of messages: from the first message to the answer read on the same telephone.

Cilacap's WhatsApp stands in ``test_whatsapp.py`` and Trenggalek's SMS in ``test_sms.py``; Bantul and Cirebon name no
channel of messages, and file by the portal.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from cli.providers.sms import KEY, PASSWORD, KannelGateway, gateway_of
from cli.providers.sms import NUMBER as SMS_NUMBER
from cli.providers.whatsapp import NUMBER, SECRET, TOKEN, WhatsAppProvider, choices_of, text_of
from services.intake.classifying import classify_dossier
from services.routing.commands import dispose_by_category
from shared.base.caller import Caller
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.dossier import evolve
from shared.domain.sop import engine
from shared.platform.settings import PROJECT
from tests.channels.by_sms import BOOK
from tests.channels.conftest import WHATSAPP
from tests.channels.line import Line, line
from tests.fixtures.usual import files_needed
from tests.journey.test_telephone_only import WAYS
from tests.notify.letter_office import CAUSE

PERSON = "6281234567890"
ANSWER = "Jalan ditambal pekan ini."
STORY = "Jalan depan pasar rusak parah, sudah dua motor jatuh"


def answered(made: Line, tenant: str) -> UUID:
    """The complaint goes through its procedure to its end."""
    [dossier] = made.dossiers()
    for _, action, fields in WAYS[tenant]:
        automated(made, dossier)
        add_files(made, dossier, action)
        made.act(dossier, action, **fields)
        made.works()
    return dossier


def add_files(made: Line, dossier_id: UUID, name: str) -> None:
    """The files that a step's result consists of, as the log has them; what is in them does not matter here."""
    dossier = made.runtime.dossiers("routing").load(dossier_id)
    sop = made.runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version)
    actor = engine.holder_of(sop, dossier.step or "", engine.find_action(sop, dossier.step, name))
    for kind in files_needed(sop, dossier, actor, name):
        own = {"file": uuid4(), "kind": kind, "media_type": "application/pdf", "size": 1, "sha256": "0" * 64}
        caller = Caller(dossier.tenant, actor, dossier.held_by_agency, actor)
        event = made.runtime.desk(dossier.tenant).note(dossier, "FileAdded", caller, CAUSE, own)
        made.runtime.dossiers("routing").append([event])
        dossier = evolve(dossier, event)


def automated(made: Line, dossier_id: UUID) -> None:
    """What the SOP gives to the system, until a person is due."""
    for _ in range(5):
        dossier = made.runtime.dossiers("routing").load(dossier_id)
        if dossier.step is None:
            return
        step = made.runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version).step(dossier.step)
        if step.automatic == "classify":
            classify_dossier(made.runtime, dossier_id, dossier.tenant, CAUSE)
        elif step.automatic == "dispose":
            dispose_by_category(made.runtime, dossier_id, dossier.tenant, CAUSE)
        made.works()


def filed(made: Line) -> dict[str, Any]:
    """What was filed."""
    [dossier] = made.dossiers()
    return dict(complaint_of(made.history(dossier), made.runtime.vault.keys(None, [dossier])[dossier]))


@pytest.fixture
def gateway() -> Iterator[KannelGateway]:
    """A modem."""
    with gateway_of(KannelGateway) as made:
        assert isinstance(made, KannelGateway)
        yield made


def test_the_others_name_no_channel_of_messages() -> None:
    """What is tried here and in the two other files is every channel of messages that an SOP names."""
    named = {
        (tenant.id, channel.id)
        for tenant in Tenants(PROJECT / "tenants").all()
        for channel in tenant.sop.channels
        if channel.id in ("whatsapp", "sms", "telegram", "email")
    }
    tried = {("cilacap", "whatsapp"), ("trenggalek", "sms"), ("trenggalek", "whatsapp"), ("majalengka", "sms")}
    assert tried == named


def test_majalengka_by_sms(database_url: str, tmp_path: Path, gateway: KannelGateway) -> None:
    """A message and a yes are all that its SOP requires; the answer comes by SMS and counts when it has arrived."""
    book = BOOK.format(number=SMS_NUMBER, format=gateway.format, address=gateway.address)
    secrets = {"majalengka.sms.modem.key": KEY, "majalengka.sms.modem.password": PASSWORD}
    with line(database_url, tmp_path, {"majalengka": book}, secrets) as made:
        gateway.hook = f"{made.address}/hooks/v1/majalengka/sms/modem"
        for place, text in enumerate((f"LAPOR {STORY}", "1")):
            assert gateway.text(f"+{PERSON}", text, at=datetime.now(UTC) + timedelta(seconds=2 * place)).ok
            made.works()
        assert ("sms", STORY, f"+{PERSON}") == (
            filed(made)["channel"],
            filed(made)["message"],
            filed(made)["reporter"]["phone"],
        )
        assert "Kode" in gateway.texts_to(f"+{PERSON}")[-1]
        dossier = answered(made, "majalengka")
        [letter] = [each for each in gateway.letters if "dijawab" in each["text"]]
        assert ANSWER in letter["text"]
        assert "AnswerDelivered" not in made.types(dossier)
        gateway.report(letter, "delivered")
        made.works()
        [told] = [event for event in made.history(dossier) if event.type == "AnswerDelivered"]
        assert "sms" == getattr(told, "by", None)


def test_trenggalek_by_whatsapp(database_url: str, tmp_path: Path, whatsapp: WhatsAppProvider, photo: bytes) -> None:
    """All that its SOP requires is asked for, one question a message, and the answer is read on the same telephone."""
    book = WHATSAPP.format(address=whatsapp.address, number=NUMBER)
    secrets = {"trenggalek.whatsapp.app_secret": SECRET, "trenggalek.whatsapp.access_token": TOKEN}
    with line(database_url, tmp_path, {"trenggalek": book}, secrets) as made:
        whatsapp.hook = f"{made.address}/hooks/v1/trenggalek/whatsapp"
        whatsapp.deliver(whatsapp.text(PERSON, STORY, name="Siti"))
        for _ in range(12):
            made.works()
            if made.dossiers():
                break
            whatsapp.deliver(replied(whatsapp, photo))
        complaint = filed(made)
        assert ("whatsapp", "Siti Rahayu", "3503010101800002") == (
            complaint["channel"],
            complaint["reporter"]["name"],
            complaint["reporter"]["identity"],
        )
        dossier = answered(made, "trenggalek")
        letter = whatsapp.letters_to(PERSON)[-1]
        assert "jawaban atas aduan" in text_of(letter)
        whatsapp.deliver(whatsapp.status(letter, "read"))
        made.works()
        [told] = [event for event in made.history(dossier) if event.type == "AnswerDelivered"]
        assert "whatsapp" == getattr(told, "by", None)


def replied(whatsapp: WhatsAppProvider, photo: bytes) -> dict[str, Any]:
    """What a person answers to the question that stands last."""
    letter = whatsapp.letters_to(PERSON)[-1]
    asked, offered = text_of(letter).lower(), [title for _, title in choices_of(letter)]
    if "kirim foto bukti" in asked:
        return whatsapp.photo(PERSON, photo)
    if "nama lengkap" in asked:
        return whatsapp.text(PERSON, "Siti Rahayu")
    if "nik" in asked:
        return whatsapp.text(PERSON, "3503010101800002")
    if "judul" in asked:
        return whatsapp.text(PERSON, "Jalan depan pasar")
    for title in ("Ya, kirim", "Selesai", "Terbuka"):
        if title in offered:
            return whatsapp.press(PERSON, title)
    return whatsapp.press(PERSON, offered[0])
