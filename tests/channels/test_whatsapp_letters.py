"""Letters by WhatsApp: in free words or by a template, and what is done where one is not taken, or nobody says so."""

from contextlib import nullcontext
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.working import tick
from cli.providers.whatsapp import WhatsAppProvider, text_of
from services.notify import planning, sending, talking
from services.notify.carried import Handing
from services.notify.outbox import Outbox
from shared.channels.carrier import Enclosure, Refused, Words
from shared.channels.kinds.whatsapp.outgoing import flattened
from shared.domain.dossier.events import DeliveryFailed
from tests.channels.by_whatsapp import SITI, at_the_office, files_one
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT


def test_10_outside_the_day_a_template_goes_out(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Faults 10 and 11: a day after the person's last message an answer goes out by the approved template."""
    dossier = at_the_office(cilacap, whatsapp)
    cilacap.act(dossier, "answer", text="Sudah ditambal.\n\n   Terima\tkasih     atas laporannya.")
    cilacap.works()
    letter = whatsapp.letters_to(SITI)[-1]
    assert "aduan_dijawab" == letter["template"]["name"]
    values = [value["text"] for value in letter["template"]["components"][0]["parameters"]]
    assert 2 == len(values)
    assert not [value for value in values if "\n" in value or "\t" in value or "     " in value or not value]


def test_a_letter_whose_template_is_paused_goes_by_the_plainest(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """The provider thanks for it all the same and delivers it to nobody: only the word beside its id says so."""
    dossier = at_the_office(cilacap, whatsapp)
    cilacap.works()
    before = len(whatsapp.letters_to(SITI))
    whatsapp.paused = {"aduan_dijawab"}
    cilacap.act(dossier, "answer", text="Sudah ditambal.")
    cilacap.works()
    assert ["aduan_kabar"] == [each["template"]["name"] for each in whatsapp.letters_to(SITI)[before:]]


def test_what_went_by_a_template_is_read_in_full_by_its_button(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Whoever presses it, or writes anything, is sent the whole first; once, however often they press."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.later(hours=30)
    cilacap.forward_to_office(dossier)
    whatsapp.refusals = [132015]  # the template of answers is paused: the plainest goes
    whole = " ".join(f"Ruas {number} sudah ditambal." for number in range(40))
    cilacap.act(dossier, "answer", text=whole)
    cilacap.works()
    template = whatsapp.letters_to(SITI)[-1]
    assert "aduan_kabar" == template["template"]["name"]
    assert "Ruas 39" not in text_of(template)
    button = {"payload": "Baca lengkap", "text": "Baca lengkap"}
    for id_ in ("wamid.press1", "wamid.press2"):
        at = int(cilacap.clock.now().timestamp())
        pressed = {"type": "button", "button": button, "context": {"id": template["wamid"]}}
        whatsapp.deliver(whatsapp.message(SITI, pressed, id_=id_, at=at))
        cilacap.works()
    after = [text_of(each) for each in whatsapp.letters_to(SITI)]
    after = after[after.index(text_of(template)) + 1 :]
    assert [True, False, False] == [whole in " ".join(each.split()) for each in after]
    assert ["CLP-", "CLP-"] == [each[:4] for each in after[1:]]


def test_of_many_shortened_letters_three_are_sent_and_the_rest_is_named(
    cilacap: Line, whatsapp: WhatsAppProvider
) -> None:
    """Whoever comes back after a while is not flooded: the oldest three in full, then one message with the tickets."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.later(hours=30)
    for _ in range(5):
        cilacap.act(dossier, "renew_code", via="counter")
    for _ in range(2):  # should it be night
        cilacap.works()
        cilacap.later(hours=9)
    assert ["aduan_kabar"] * 5 == [each["template"]["name"] for each in whatsapp.letters_to(SITI)[-5:]]
    before = len(whatsapp.letters_to(SITI))
    for id_ in ("wamid.back1", "wamid.back2"):
        at = int(cilacap.clock.now().timestamp())
        whatsapp.deliver(whatsapp.message(SITI, {"type": "text", "text": {"body": "status"}}, id_=id_, at=at))
        cilacap.works()
    after = [text_of(each) for each in whatsapp.letters_to(SITI)[before:]]
    in_full = [each for each in after if "Kode lacak" in each or "kode lacak" in each]
    [rest] = [each for each in after if each.startswith("Masih ada kabar")]
    assert (3, 1) == (len(in_full), rest.count("CLP-"))


@pytest.mark.parametrize("after", ["accepted", None])
def test_08_a_letter_that_cannot_be_brought_is_the_coordinators_task(
    cilacap: Line, whatsapp: WhatsAppProvider, after: str | None
) -> None:
    """Fault 8: no WhatsApp number any more, and no other way: the failure is in the log, with the provider's code, and
    with whether it had taken the letter first. The coordinator is told as much.
    """
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    whatsapp.refusals = [] if after else [131026]
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    if after:
        whatsapp.deliver(whatsapp.status(whatsapp.letters_to(SITI)[-1], "failed", errors=[{"code": 131026}]))
        cilacap.works()
    [failed] = [event for event in cilacap.history(dossier) if isinstance(event, DeliveryFailed)]
    assert ("whatsapp", "131026", after) == (failed.by, failed.reason, failed.after)
    letters = Outbox(cilacap.runtime.settings.data_dir / "outbox").letters()
    [told] = [each for each in letters if "perlu dihubungi" in each.subject]
    said = " ".join(told.text.split())
    assert "tidak sampai kepada pelapor melalui WhatsApp" in said
    assert (after is not None) == ("meskipun sempat diterima untuk disampaikan" in said)


def test_21_an_expired_token_is_not_hammered(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 21: a token that is refused shuts the account for a while; the reply is sent when it opens again."""
    whatsapp.refusals = [190] * 50
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    for _ in range(5):
        cilacap.settled()
        tick(cilacap.house)
        talking.tick(cilacap.runtime, sending.carriers_of(cilacap.runtime))
    assert 49 == len(whatsapp.refusals)
    assert [("planned",)] == cilacap.rows("SELECT state FROM notify.talks")


def test_a_reply_whose_answer_was_lost_is_found_by_our_key(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A letter taken without an answer is not sent twice, if a status with our key tells that it was taken."""
    whatsapp.mute = 1
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.settled()
    while tick(cilacap.house):
        pass
    talking.tick(cilacap.runtime, sending.carriers_of(cilacap.runtime))
    assert [("unknown",)] == cilacap.rows("SELECT state FROM notify.talks")
    whatsapp.deliver(whatsapp.status(whatsapp.letters[-1], "sent"))
    cilacap.works()
    assert 1 == len(whatsapp.letters)
    assert [("sent", "wamid.out1")] == cilacap.rows("SELECT state, provider_id FROM notify.talks")


def test_who_was_refused_often_and_then_not_answered_is_written_to_again(
    cilacap: Line, whatsapp: WhatsAppProvider
) -> None:
    """Only what may have come counts against a letter of which nobody says whether it did."""
    files_one(cilacap, whatsapp)
    before = len(whatsapp.letters_to(SITI))
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    planning.apply(cilacap.runtime, cilacap.news())
    cilacap.rows("UPDATE notify.messages SET attempts = 7 WHERE recipient = 'reporter' AND outcome IS NULL RETURNING 1")
    whatsapp.mute = 1
    for _ in range(2):
        cilacap.works()
        cilacap.later(minutes=2)
    assert 2 == len(whatsapp.letters_to(SITI)) - before
    assert "DeliveryFailed" not in cilacap.types(dossier)


def test_a_provider_that_takes_and_never_says_so_is_not_written_to_for_ever(
    cilacap: Line, whatsapp: WhatsAppProvider
) -> None:
    """Each time may have reached the person: after five the way has failed, and the coordinator is told."""
    files_one(cilacap, whatsapp)
    before = len(whatsapp.letters_to(SITI))
    [dossier] = cilacap.dossiers()
    whatsapp.mute = 100
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    for _ in range(8):
        cilacap.works()
        cilacap.later(minutes=2)
    assert 2 <= len(whatsapp.letters_to(SITI)) - before <= 5
    assert "DeliveryFailed" in cilacap.types(dossier)


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \n\t\r")), max_size=1200))
def test_14_a_template_never_has_an_empty_value(value: str) -> None:
    """Faults 13 and 14: whatever people write fills a template's place in one line, never empty, never too long."""
    made = flattened(value)
    assert made.strip()
    assert len(made) <= 1024
    assert not [sign for sign in ("\n", "\r", "\t", "     ") if sign in made]


def test_a_later_letter_waits_for_one_of_which_nobody_knows(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Two letters about one complaint come in their order, also where the answer to the first was lost."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    carriers = sending.carriers_of(cilacap.runtime)

    def returns(reason: str) -> None:
        cilacap.act(dossier, "return", reason=reason)
        planning.apply(cilacap.runtime, cilacap.news())
        sending.tick(cilacap.runtime)

    whatsapp.mute = 1
    returns("Mohon sebutkan patokan lokasinya")
    first = whatsapp.letters_to(SITI)[-1]
    whatsapp.deliver(whatsapp.text(SITI, "Toko Makmur"))
    cilacap.settled()
    while tick(cilacap.house):
        talking.tick(cilacap.runtime, carriers)
    returns("Mohon sebutkan nomor rumahnya")
    assert not any("nomor rumah" in text_of(each) for each in whatsapp.letters_to(SITI))
    assert [("after_another",)] == cilacap.rows("SELECT reason FROM notify.messages WHERE reason LIKE 'after%%'")
    whatsapp.deliver(whatsapp.status(first, "sent"))
    cilacap.works()
    cilacap.later(seconds=15)
    cilacap.works()
    assert "nomor rumah" in text_of(whatsapp.letters_to(SITI)[-1])


def test_what_takes_longer_than_its_lease_is_not_begun(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A slow provider leaves replies to whoever comes next: another process would send them a second time."""
    other = "6281234567899"
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT), whatsapp.text(other, COMPLAINT))
    cilacap.settled()
    while tick(cilacap.house):
        pass
    assert 2 == talking.tick(cilacap.runtime, sending.carriers_of(cilacap.runtime), patience_seconds=0)
    due = "SELECT attempts, next_attempt_at <= clock_timestamp() FROM notify.talks"
    assert ([], [(0, True)] * 2) == (whatsapp.letters, cilacap.rows(due))
    cilacap.works()
    assert [1, 1] == [len(whatsapp.letters_to(number)) for number in (SITI, other)]


def test_what_was_taken_of_a_long_letter_is_not_said_again(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Busy in the middle: what is tried again goes on from there, and each part comes once, in its order."""
    carrier = next(iter(cilacap.house.channels.find("cilacap", "whatsapp").carriers.values()))  # type: ignore[union-attr]
    words = Words("Jalan ditambal pekan ini.\n" * 500, files=(Enclosure("Surat.pdf", "application/pdf", b"%PDF-1.7"),))
    window = cilacap.clock.now() + timedelta(hours=1)
    for refused in ([0, 0, 131056], [0, 131056], []):
        whatsapp.refusals = refused
        with pytest.raises(Refused) if refused else nullcontext():
            carrier.send(SITI, words, key="k", window_until=window)
    said = [text_of(each) for each in whatsapp.letters_to(SITI)]
    assert ["Surat.pdf", "(1/4)", "(2/4)", "(3/4)", "(4/4)"] == [each.split()[0] for each in said]
    carrier.send(SITI, words, key="k", window_until=window)
    assert 2 * len(said) == len(whatsapp.letters_to(SITI)), "once it has gone, the same again is another"


def test_a_letter_whose_sender_is_ended_in_the_middle_is_sent_once(
    cilacap: Line, whatsapp: WhatsAppProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken, and not written down: the provider's word finds it all the same, and it does not go again."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    before = len(whatsapp.letters_to(SITI))
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    planning.apply(cilacap.runtime, cilacap.news())
    with monkeypatch.context() as ended:
        ended.setattr(Handing, "ended", _ended)
        with pytest.raises(SystemExit):
            sending.tick(cilacap.runtime)
    whatsapp.deliver(whatsapp.status(whatsapp.letters_to(SITI)[-1], "delivered"))
    cilacap.rows("UPDATE notify.messages SET leased_until = NULL WHERE NOT settled")
    cilacap.works()
    assert (1, 1) == (len(whatsapp.letters_to(SITI)) - before, cilacap.types(dossier).count("NoticeDelivered"))


def _ended(*_: object, **__: object) -> None:
    raise SystemExit


@pytest.mark.parametrize(
    ("ticket", "span", "sent"),
    [("", "29 minutes", 1), ("", "31 minutes", 0), ("CLP-2026-000001", "2 days", 1), ("CLP-2026-000001", "4 days", 0)],
)
def test_a_question_grows_old_and_a_receipt_does_not(
    cilacap: Line, whatsapp: WhatsAppProvider, ticket: str, span: str, sent: int
) -> None:
    """Once the provider is back nobody is asked what they were asked long ago; the number of a complaint comes late."""
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.works()
    before = len(whatsapp.letters_to(SITI))
    [(person, account)] = cilacap.rows("SELECT person, account FROM channels.talks")
    by = {"channel": "whatsapp", "account": account, "about": ticket}
    talking.talk(cilacap.runtime, "cilacap", person, UUID(int=5), **by, to=SITI, text="Aduan tercatat.", choices=[])
    cilacap.rows("UPDATE notify.talks SET queued_at = queued_at - %s::interval WHERE state = 'planned'", span)
    cilacap.works()
    assert sent == len(whatsapp.letters_to(SITI)) - before
