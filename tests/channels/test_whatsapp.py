"""WhatsApp, from the first message without address to the answer read on the same telephone."""

import json
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from channels.media import MOST_TRIES
from channels.working import tick
from cli.providers.whatsapp import WhatsAppProvider, choices_of, text_of
from services.notify import talking
from services.routing.commands import act
from services.routing.files import hand
from services.routing.queries import dossier as show
from shared.base.caller import Caller
from shared.base.errors import NotFound
from shared.channels.kinds.whatsapp.incoming import WhatsAppIncoming
from shared.channels.secrets import Secrets
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.desk import Cause
from tests.channels.by_whatsapp import SITI, files_one, said
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT


def test_cilacap_from_the_first_message_to_the_answer(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A complaint by WhatsApp is filed, answered by WhatsApp, and counts as told when the provider says so."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    history = cilacap.history(dossier)
    complaint = complaint_of(history, cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert "whatsapp" == complaint["channel"]
    assert COMPLAINT == complaint["message"]
    assert "anonymous" == complaint["privacy"]
    assert ("Siti Rahayu", "+6281234567890") == (complaint["reporter"]["name"], complaint["reporter"]["phone"])
    assert "CLP-" in said(whatsapp)
    assert "Kode lacak" in said(whatsapp)

    cilacap.forward_to_office(dossier)
    cilacap.act(dossier, "answer", text="Jalan sudah kami tambal kemarin sore.")
    cilacap.works()
    assert "Jalan sudah kami tambal" in said(whatsapp)
    assert "AnswerDelivered" not in cilacap.types(dossier)
    whatsapp.deliver(whatsapp.status(whatsapp.letters_to(SITI)[-1], "delivered"))
    cilacap.works()
    [told] = [event for event in cilacap.history(dossier) if event.type == "AnswerDelivered"]
    assert "whatsapp" == getattr(told, "by", None)


def test_a_return_is_answered_by_writing_back(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A complaint that is returned is completed by a plain reply, however short."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    assert "patokan" in said(whatsapp)
    whatsapp.deliver(whatsapp.text(SITI, "Toko Makmur"))
    cilacap.works()
    assert "Supplemented" in cilacap.types(dossier)
    assert "sudah kami teruskan" in said(whatsapp)


def test_09_a_photo_becomes_a_file_of_the_complaint(cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes) -> None:
    """Fault 9: a photo whose address has run out is looked up anew; it lies in the dossier and nowhere else."""
    whatsapp.failing_downloads = 1
    whatsapp.deliver(whatsapp.photo(SITI, photo, caption=COMPLAINT, name="Siti"))
    cilacap.works()
    for title in ("Ya, kirim", "Siti"):
        whatsapp.deliver(whatsapp.press(SITI, title))
        cilacap.works()
    whatsapp.deliver(whatsapp.text(SITI, "RT 02 RW 01 Hanum Dayeuhluhur"))
    cilacap.works()
    whatsapp.deliver(whatsapp.press(SITI, "Terbuka"))
    cilacap.works()
    [dossier] = cilacap.dossiers()
    assert "FileAdded" in cilacap.types(dossier)
    assert [] == cilacap.rows("SELECT 1 FROM channels.media")


def test_what_waits_of_one_person_is_bounded(cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes) -> None:
    """Whoever sends films without end fills no database: what is too much together is told to be so."""
    whatsapp.deliver(whatsapp.photo(SITI, photo))
    cilacap.works()
    [(size,)] = cilacap.rows("SELECT octet_length(sealed) FROM channels.media")
    settings = replace(cilacap.runtime.settings, reporters_files_most_bytes=size + 10)
    cilacap.house = replace(cilacap.house, runtime=replace(cilacap.runtime, settings=settings))
    whatsapp.deliver(whatsapp.photo(SITI, photo))
    cilacap.works()
    assert [(1,)] == cilacap.rows("SELECT count(*) FROM channels.media")
    told = [text_of(each) for each in whatsapp.letters_to(SITI)]
    assert any("semua berkas Anda bersama terlalu besar" in each for each in told)
    assert not any("karena terlalu besar" in each for each in told), "a smaller one would not be taken either"


def test_an_album_whose_server_is_away_waits_as_long_as_one_photo(
    cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes
) -> None:
    """A try counts for all that wait with it: what was written with them is answered after one photo's tries."""
    whatsapp.failing_downloads = 10_000
    for _ in range(6):
        whatsapp.deliver(whatsapp.photo(SITI, photo, name="Siti"))
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    for _ in range(MOST_TRIES - 1):
        tick(cilacap.house)
        cilacap.settled()
    unheard = len(cilacap.rows("SELECT 1 FROM channels.heard WHERE state = 'new'"))
    cilacap.works()

    assert 7 == unheard
    assert [] == cilacap.rows("SELECT 1 FROM channels.heard WHERE state = 'new'")
    assert [(MOST_TRIES - 1,)] == cilacap.rows("SELECT DISTINCT attempts FROM channels.heard WHERE attempts > 0")
    assert "Ya, kirim" in str(whatsapp.letters_to(SITI))


def test_what_is_written_late_is_added_to_the_dossier(cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes) -> None:
    """Rule 7: a word and a photo that quote a letter of ours lie in the dossier at work, and nothing new is begun."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "dispose", agency="dpupr")
    receipt = whatsapp.letters_to(SITI)[-1]["wamid"]
    late = whatsapp.photo(SITI, photo, caption="Sekarang lubangnya dua", context={"id": receipt})
    whatsapp.deliver(late)
    cilacap.works()
    history = cilacap.history(dossier)
    complaint = complaint_of(history, cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert ["Sekarang lubangnya dua"] == [each["message"] for each in complaint["additions"]]
    assert ["FileAdded", "Added"] == [event.type for event in history][-2:]
    assert "sudah kami catat" in said(whatsapp)
    assert [dossier] == cilacap.dossiers()


def test_whose_complaint_was_merged_is_heard_at_the_leading_desk(
    cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes
) -> None:
    """A word under a photo goes there, and so do the photo and another without a word, until they go their own way."""
    files_one(cilacap, whatsapp)
    [mine] = cilacap.dossiers()
    receipt = whatsapp.letters_to(SITI)[-1]["wamid"]
    files_one(cilacap, whatsapp, number="6281234567899")
    [leader] = [each for each in cilacap.dossiers() if each != mine]
    cilacap.act(mine, "merge", into=str(leader), reason="Jalan yang sama")
    cilacap.works()
    whatsapp.deliver(whatsapp.photo(SITI, photo, caption="Sekarang lubangnya dua", context={"id": receipt}))
    cilacap.works()
    told = show(cilacap.runtime, Caller("cilacap", "coordinator", user="sri"), "cilacap", leader)
    words, sent = sorted(told["complaint"]["additions"], key=lambda each: "file" in each)
    assert "Sekarang lubangnya dua" == words["message"]
    assert "sudah kami catat" in said(whatsapp)
    desk = Caller("cilacap", "coordinator", user="sri")
    found = hand(cilacap.runtime, desk, "cilacap", leader, sent["file"]["id"])
    assert found["media_type"] == sent["file"]["media_type"] == "image/jpeg"
    assert found["place"].startswith(f"cilacap/{mine}/")
    other = BytesIO()
    Image.new("RGB", (48, 64), (10, 90, 160)).save(other, "JPEG")
    whatsapp.deliver(whatsapp.photo(SITI, other.getvalue(), context={"id": receipt}))
    cilacap.works()
    assert 2 == cilacap.types(mine).count("FileAdded")
    cause = Cause(correlation_id="test")
    act(cilacap.runtime, desk, "cilacap", mine, "reinstate", {"reason": "Jalan yang lain"}, cause)
    with pytest.raises(NotFound):
        hand(cilacap.runtime, desk, "cilacap", leader, sent["file"]["id"])


def test_by_which_link_somebody_came_is_told_to_the_desk(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A click on an advertisement comes with the first message, and stands in the complaint."""
    link = {"source_type": "ad", "source_id": "1", "source_url": "https://fb.example/1", "headline": "Lapor jalan"}
    whatsapp.deliver(whatsapp.text(SITI, "Halo", name="Siti Rahayu", referral=link))
    cilacap.works()
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    complaint = complaint_of(cilacap.history(dossier), cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert f"{COMPLAINT}\n(Pelapor datang lewat iklan atau tautan.)" == complaint["message"]


def test_19_who_hides_the_number_is_answered_by_their_id(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Faults 19 and 20: a person without a number complains and is written to as `recipient`, never as `to`."""
    hidden = "ID.1A2b3C4d5E6f"
    files_one(cilacap, whatsapp, number=hidden)
    [dossier] = cilacap.dossiers()
    complaint = complaint_of(cilacap.history(dossier), cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert "phone" not in complaint["reporter"]
    assert {hidden} == {letter["recipient"] for letter in whatsapp.letters}


def test_nothing_personal_lies_in_clear(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """No number, name, address or text stands readable in any table of channels or notify."""
    files_one(cilacap, whatsapp)
    tables = cilacap.rows(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('channels', 'notify', 'eventstore')"
    )
    for schema, table in tables:
        content = json.dumps(cilacap.rows(f"SELECT * FROM {schema}.{table}"), default=_shown)
        for private in (SITI, SITI[2:], "Siti", "Hanum", "berlubang"):
            assert private not in content, (schema, table, private)


def _shown(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, memoryview) else str(value)


def test_a_card_is_read_as_a_name_and_its_numbers() -> None:
    """However much of it is missing, or of another kind than it should be."""
    card = {"name": {"formatted_name": "Pak RT"}, "phones": [{"phone": "+62 812-3456-7890"}, {"wa_id": "1"}, "x"]}
    told = {"id": "w", "from": SITI, "timestamp": "1", "type": "contacts", "contacts": [card, {"name": 3}, "y"]}
    heard = WhatsAppIncoming("1", Secrets(None, "cilacap.whatsapp")).read({"message": told, "contact": {}})
    assert ("contact", "Pak RT +62 812-3456-7890") == (getattr(heard, "kind", ""), getattr(heard, "text", ""))


def test_a_pin_is_asked_for_by_the_providers_own_button(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Who is asked for a place presses one button and sends it."""
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.works()
    [(person, account)] = cilacap.rows("SELECT person, account FROM channels.talks")
    asks: dict[str, Any] = {"to": SITI, "text": "Kirim lokasinya.", "choices": [], "place": "Kirim lokasi"}
    by = {"channel": "whatsapp", "account": account, "about": ""}
    talking.talk(cilacap.runtime, "cilacap", person, UUID(int=5), **by, **asks)
    cilacap.works()
    asked = whatsapp.letters_to(SITI)[-1]["interactive"]
    assert ("location_request_message", "send_location") == (asked["type"], asked["action"]["name"])
    assert "Kirim lokasinya." == asked["body"]["text"]


def test_choices_are_what_the_provider_takes(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Buttons have at most twenty letters, are three at most, and distinct."""
    files_one(cilacap, whatsapp)
    for letter in whatsapp.letters:
        offered = choices_of(letter)
        assert len(offered) <= 10
        assert all(len(title) <= 24 for _, title in offered)
        assert len(offered) == len({id_ for id_, _ in offered})
