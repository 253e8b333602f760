"""What goes with the words of an answer, and words that are too long for one message."""

from pathlib import Path
from uuid import UUID

from cli.providers.whatsapp import WhatsAppProvider, text_of
from services.routing import documents
from shared.base.caller import Caller
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.line import Line
from tests.notify.letter_office import CAUSE

LONG = "\n\n".join(
    f"Bagian {number}. " + "Jalan ditambal dan saluran dibersihkan. " * 30 for number in range(1, 8)
).strip()


def on_its_way(line: Line) -> UUID:
    """The complaint lies with whom answers it, its answer drafted."""
    [dossier] = line.dossiers()
    line.act(dossier, "dispose", agency="dpupr")
    line.act(dossier, "forward", response="Jalan kami tambal.")
    return dossier


def paper(line: Line, dossier: UUID) -> None:
    """Its letter is set."""
    caller = Caller("cilacap", "coordinator", None, "koordinator")
    documents.make(line.runtime, caller, "cilacap", dossier, {"kind": "answer_letter"}, CAUSE)


def answer(line: Line, dossier: UUID, text: str = "Jalan kami tambal.") -> None:
    """It goes on to its answer."""
    for _ in range(3):
        line.act(dossier, "forward")
    line.act(dossier, "answer", text=text)
    line.works()


def test_the_letter_of_an_answer_comes_with_it(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """By WhatsApp as a document, before the words, which alone bear the key by which they are known."""
    files_one(cilacap, whatsapp)
    dossier = on_its_way(cilacap)
    paper(cilacap, dossier)
    answer(cilacap, dossier)
    *_, document, words = whatsapp.letters_to(SITI)
    assert "document" == document["type"]
    assert document["document"]["filename"].startswith("Surat jawaban CLP-")
    assert b"%PDF-" in whatsapp.uploads[document["document"]["id"]]
    assert "Jalan kami tambal" in text_of(words)
    assert document["biz_opaque_callback_data"] != words["biz_opaque_callback_data"]
    for state in ("sent", "delivered", "read"):
        whatsapp.deliver(whatsapp.status(document, state))
    # Where nobody knew of what, a hundred of these would keep every other letter's waiting for ten minutes.
    assert [] == cilacap.rows("SELECT letter FROM channels.reported WHERE handled_at IS NULL")


def test_a_letter_waits_for_its_paper_as_long_as_the_store_is_away(
    cilacap: Line, whatsapp: WhatsAppProvider, tmp_path: Path
) -> None:
    """To wait is no attempt, of which there are eighteen; then it goes with its paper."""
    files_one(cilacap, whatsapp)
    dossier = on_its_way(cilacap)
    paper(cilacap, dossier)
    [set_] = [file for file in (tmp_path / "files").rglob("*") if file.is_file()]
    set_.rename(tmp_path / "aside")
    set_.mkdir()  # neither there nor gone
    answer(cilacap, dossier)
    for _ in range(2):
        cilacap.later(minutes=2)
        cilacap.works()
    waiting = cilacap.rows("SELECT reason, attempts FROM notify.messages WHERE outcome IS NULL AND NOT settled")
    set_.rmdir()
    (tmp_path / "aside").rename(set_)
    cilacap.later(minutes=2)
    cilacap.works()

    assert ("files_away", 0) in waiting
    assert "document" in [each["type"] for each in whatsapp.letters_to(SITI)]


def test_a_paper_that_says_something_else_stays_where_it_is(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """One of an earlier draft, or of words that were changed when the answer was given, is not sent with it."""
    files_one(cilacap, whatsapp)
    dossier = on_its_way(cilacap)
    paper(cilacap, dossier)
    answer(cilacap, dossier, "Jalan kami tambal bulan depan.")
    assert [] == [each for each in whatsapp.letters if each["type"] == "document"]
    assert "bulan depan" in text_of(whatsapp.letters_to(SITI)[-1])


def test_a_long_answer_goes_in_parts(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Nothing of it is cut, and it counts as told when the last part has arrived."""
    files_one(cilacap, whatsapp)
    before = len(whatsapp.letters_to(SITI))
    dossier = on_its_way(cilacap)
    answer(cilacap, dossier, LONG)
    parts = whatsapp.letters_to(SITI)[before:]
    assert 2 < len(parts)
    assert all(len(text_of(each)) <= 4096 for each in parts)
    assert f"(1/{len(parts)}) " == text_of(parts[0])[:6]
    assert all(f"Bagian {number}." in "".join(map(text_of, parts)) for number in range(1, 8))
    assert 2 == len({each["biz_opaque_callback_data"] for each in parts})
    whatsapp.deliver(whatsapp.status(parts[-1], "delivered"))
    cilacap.works()
    assert "AnswerDelivered" in cilacap.types(dossier)
