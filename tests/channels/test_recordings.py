"""Sound and film by every channel that brings files: taken within limits, told, and fetched by a desk as a download."""

from pathlib import Path
from uuid import UUID

import pytest

from cli.providers.sms import SmsGateGateway, TwilioGateway, gateway_of
from cli.providers.telegram import TelegramProvider
from cli.providers.whatsapp import WhatsAppProvider
from shared.domain.dossier.contents import complaint_of
from shared.domain.dossier.events import FileAdded
from tests.channels.by_mail import SITI as BY_MAIL
from tests.channels.by_mail import book, comes
from tests.channels.by_sms import trenggalek_by_sms
from tests.channels.by_telegram import SITI as BY_TELEGRAM
from tests.channels.by_whatsapp import SITI, files_one, said
from tests.channels.imap import PASSWORD as BOX
from tests.channels.imap import ImapServer
from tests.channels.line import Line, line
from tests.channels.talking import COMPLAINT
from tests.files.making import film, voice
from tests.notify.mail import MailServer


def kept(line: Line, dossier: UUID) -> list[tuple[str, str]]:
    """The kinds and types of a dossier's files."""
    return [(event.kind, event.media_type) for event in line.history(dossier) if isinstance(event, FileAdded)]


def test_a_voice_note_is_asked_for_in_words_and_kept(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A desk may listen to it; what the complaint is about is asked for in words, and both are filed."""
    whatsapp.names[SITI] = "Siti Rahayu"
    whatsapp.deliver(whatsapp.recording(SITI, voice()))
    cilacap.works()
    assert "tuliskan juga dengan kata-kata" in said(whatsapp)
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    assert [("recording", "audio/ogg")] == kept(cilacap, dossier)
    complaint = complaint_of(cilacap.history(dossier), cilacap.runtime.vault.keys(None, [dossier])[dossier])
    assert COMPLAINT == complaint["message"]


def test_what_was_not_taken_is_told_with_what_would_be(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Of two files one is too large, and one of no kind: how many, why, and what is taken instead."""
    huge = film() + bytes(cilacap.runtime.settings.video_most_bytes)
    whatsapp.deliver(
        whatsapp.recording(SITI, huge, "video/mp4"),
        whatsapp.recording(SITI, b"PK\3\4" + bytes(200), "audio/ogg"),
        whatsapp.recording(SITI, film(), "video/mp4"),
    )
    cilacap.works()
    told = [str(each) for each in whatsapp.letters_to(SITI)]
    [too_large] = [each for each in told if "1 berkas tidak kami terima karena terlalu besar" in each]
    assert "video sampai 20 MB" in too_large
    assert any("1 berkas tidak kami terima karena jenisnya" in each for each in told)
    assert "tuliskan juga dengan kata-kata" in said(whatsapp)


def test_one_file_that_is_refused_takes_no_other_with_it(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A film that is cut off is told, and the voice note behind it is in the dossier all the same."""
    whatsapp.names[SITI] = "Siti Rahayu"
    whatsapp.deliver(whatsapp.recording(SITI, film()[:-50], "video/mp4"), whatsapp.recording(SITI, voice()))
    cilacap.works()
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    assert [("recording", "audio/ogg")] == kept(cilacap, dossier)
    assert "atau sebagian, tidak dapat kami terima" in said(whatsapp)


def test_what_was_answered_is_marked_as_read(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """After the step, and once for each; what nobody answers is not."""
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT, id_="wamid.first"))
    assert [] == whatsapp.read
    cilacap.works()
    assert ["wamid.first"] == whatsapp.read
    whatsapp.deliver(whatsapp.message(SITI, {"type": "reaction", "reaction": {"emoji": "👍"}}, id_="wamid.thumb"))
    cilacap.works()
    assert ["wamid.first"] == whatsapp.read


@pytest.mark.parametrize("name", ["voice", "audio", "video", "video_note", "document"])
def test_telegram_brings_them_under_many_names(by_telegram: Line, telegram: TelegramProvider, name: str) -> None:
    """Whatever the message calls it, its content says what it is; what a bot is not given is told as too large."""
    cilacap, provider = by_telegram, telegram
    content = voice() if name in ("voice", "audio") else film()
    provider.file(BY_TELEGRAM, name, content, file_name="rekaman.exe", mime_type="text/html")
    cilacap.works()
    assert "tuliskan juga dengan kata-kata" in provider.letters[-1]["text"]
    provider.file(BY_TELEGRAM, name, content, file_size=21 * 1024 * 1024)
    cilacap.works()
    assert any("terlalu besar" in letter["text"] for letter in provider.letters[-2:])
    for text in (COMPLAINT, "ya", "Siti Rahayu", "RT 02 RW 01 Hanum"):
        provider.text(BY_TELEGRAM, text)
        cilacap.works()
    provider.press(BY_TELEGRAM, "Terbuka")
    cilacap.works()
    [dossier] = cilacap.dossiers()
    assert ["recording"] == [kind for kind, _ in kept(cilacap, dossier)]


def test_a_mail_brings_them_too(database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer) -> None:
    """Filed with its recording; an attachment of no kind that is taken is told in the receipt."""
    smtp.file.unlink(missing_ok=True)
    with line(database_url, tmp_path, {"cilacap": book(box)}, {"cilacap.email.password": BOX}, smtp.url) as made:
        files = (("audio/ogg", "suara.ogg", voice()), ("application/zip", "a.zip", b"PK\3\4" + bytes(99)))
        box.writes(COMPLAINT, files=files)
        comes(made)
        [dossier] = made.dossiers()
        assert [("recording", "audio/ogg")] == kept(made, dossier)
        [receipt] = smtp.taken_for(BY_MAIL)
        assert "rekaman suara sampai 16 MB" in receipt["text"]


def test_an_mms_brings_its_file(database_url: str, tmp_path: Path, photo: bytes) -> None:
    """As the telephone hands it over: with its content; how it is laid out is no file."""
    with gateway_of(SmsGateGateway) as gateway, trenggalek_by_sms(database_url, tmp_path, gateway) as made:
        assert isinstance(gateway, SmsGateGateway)
        for content, kind in ((photo, "image/jpeg"), (voice(), "audio/ogg")):
            assert gateway.mms("+6281234567890", "", kind, content).ok
            made.works()
        assert [(2,)] == made.rows("SELECT count(*) FROM channels.media")
        assert "Tuliskan juga" in gateway.texts_to("+6281234567890")[-1]


def test_an_mms_is_fetched_where_the_provider_has_it(database_url: str, tmp_path: Path, photo: bytes) -> None:
    """With the password there, and without it where that leads to; from nowhere else."""
    with gateway_of(TwilioGateway) as gateway, trenggalek_by_sms(database_url, tmp_path, gateway) as made:
        assert isinstance(gateway, TwilioGateway)
        assert gateway.mms("+6281234567890", "lampu jalan depan pasar Bendo mati", "image/jpeg", photo).ok
        made.works()
        assert [(1,)] == made.rows("SELECT count(*) FROM channels.media")
