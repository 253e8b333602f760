"""By which way a letter goes, when, and what becomes of it when its provider keeps silent or changes its mind."""

from dataclasses import replace
from datetime import time
from functools import partial
from uuid import UUID

import pytest

from cli.providers.sms import PlayedGateway
from cli.providers.whatsapp import WhatsAppProvider
from services.notify import carrying
from services.notify.channel_contacts import ChannelContact, ordered
from services.notify.outbox import Outbox
from services.notify.pacing import Pace
from services.notify.quiet_hours import is_quiet
from services.notify.tries import ATTEMPTS
from shared.channels.installed import Channels, channels_of
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT

PERSON = UUID(int=1)
BY_WHATSAPP = ChannelContact("whatsapp", "1", PERSON, "62812")
BY_SMS = ChannelContact("sms", "modem", PERSON, "+62812")


def returned(line: Line, provider: WhatsAppProvider) -> tuple[UUID, dict[str, object]]:
    """A complaint that was returned, and the letter that says so."""
    files_one(line, provider)
    [dossier] = line.dossiers()
    line.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    line.works()
    return dossier, provider.letters_to(SITI)[-1]


def told(line: Line, dossier: UUID) -> list[tuple[str, str]]:
    """What the log says of telling the reporter: type and way, without their own opening of the receipt."""
    kinds = ("NoticeDelivered", "DeliveryFailed")
    return [(event.type, str(getattr(event, "by", ""))) for event in line.history(dossier) if event.type in kinds]


def test_a_letter_from_which_nothing_follows_is_done_with(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A new code's letter that has arrived is settled, and is not taken up for ever."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "renew_code", via="counter")
    cilacap.works()
    cilacap.later(hours=9)  # should it be night
    cilacap.works()
    whatsapp.deliver(whatsapp.status(whatsapp.letters_to(SITI)[-1], "delivered"))
    cilacap.works()
    mine = "SELECT settled, lease IS NULL, outcome FROM notify.messages WHERE recipient = 'reporter'"
    assert [(True, True, "sent")] == cilacap.rows(f"{mine} AND template = 'code_renewed'")


def test_three_days_of_silence_are_a_failure(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A letter of which its provider says nothing for three days has not arrived; a day of silence says nothing."""
    dossier, _ = returned(cilacap, whatsapp)
    cilacap.later(hours=24)
    cilacap.works()
    assert [] == told(cilacap, dossier)
    cilacap.later(hours=49)
    cilacap.works()
    assert [("DeliveryFailed", "whatsapp")] == told(cilacap, dossier)


def test_22_a_channel_in_which_nobody_writes_is_well(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 22: a small government has quiet weeks; nobody is alarmed, and whoever writes then is heard at once."""
    for _ in range(5):
        operated.later(days=9)
        operated.works()
    assert [] == Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    assert [] == whatsapp.letters
    whatsapp.deliver(whatsapp.text(SITI, "Jalan utama berlubang dalam sekali"))
    operated.works()
    assert 1 == len(whatsapp.letters_to(SITI))


def test_06_failed_and_then_delivered_has_arrived(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 6: the provider's last word is that somebody has it; a failure told afterwards changes nothing."""
    dossier, letter = returned(cilacap, whatsapp)
    for state in ("failed", "delivered", "failed", "sent", "read"):
        whatsapp.deliver(whatsapp.status(letter, state, **({"errors": [{"code": 1}]} if state == "failed" else {})))
        cilacap.works()
    assert [("DeliveryFailed", "whatsapp"), ("NoticeDelivered", "whatsapp")] == told(cilacap, dossier)


def test_who_cannot_be_sent_free_words_after_all_gets_the_template(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """The provider took them, and says by a status that the day was over: once by the template, then another way."""
    dossier, _ = returned(cilacap, whatsapp)
    letter = whatsapp.letters_to(SITI)[-1]
    shapes = []
    for _ in range(3):
        shapes.append(letter.get("template", {}).get("name", letter["type"]))
        whatsapp.deliver(whatsapp.status(letter, "failed", errors=[{"code": 131047}]))
        cilacap.works()
        letter = whatsapp.letters_to(SITI)[-1]
    keys = {each["biz_opaque_callback_data"] for each in whatsapp.letters_to(SITI)[-2:]}
    assert ["text", "aduan_kabar", "aduan_kabar"] == shapes
    assert (2, [("DeliveryFailed", "whatsapp")]) == (len(keys), told(cilacap, dossier))
    whatsapp.deliver(whatsapp.message(SITI, {"type": "text", "text": {"body": "Ada apa?"}}, id_="wamid.ask"))
    cilacap.works()
    said = [str(each) for each in whatsapp.letters_to(SITI)]
    assert 1 == sum("patokan lokasinya" in each for each in said[said.index(str(letter)) + 1 :]), said


def test_a_letter_is_sent_once_whatever_repeats(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Looking again and again while it is under way sends nothing more."""
    returned(cilacap, whatsapp)
    before = len(whatsapp.letters)
    for _ in range(3):
        cilacap.later(hours=20)
        cilacap.works()
    assert before == len(whatsapp.letters)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (time(20, 59), False),
        (time(21), True),
        (time(23, 59), True),
        (time(0), True),
        (time(5, 29), True),
        (time(5, 30), False),
        (time(12), False),
    ],
)
def test_quiet_hours_go_over_midnight(at: time, quiet: bool) -> None:
    """From nine in the evening to half past five; within one day where they begin after they end."""
    assert quiet == is_quiet(at, time(21), time(5, 30))
    assert quiet != is_quiet(at, time(5, 30), time(21))


def test_who_has_just_written_is_not_asleep(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """What answers nothing waits for the morning; not where its reader wrote a quarter of an hour ago at most."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.later(hours=12)
    at = int(cilacap.clock.now().timestamp())
    whatsapp.deliver(whatsapp.message(SITI, {"type": "text", "text": {"body": "STATUS"}}, at=at))
    cilacap.works()
    sent = []
    for minutes in (14, 2):
        cilacap.later(minutes=minutes)
        before = len(whatsapp.letters_to(SITI))
        cilacap.act(dossier, "renew_code", via="counter")
        cilacap.works()
        sent.append(len(whatsapp.letters_to(SITI)) - before)
    assert [1, 0] == sent
    assert [("quiet_hours",)] == cilacap.rows("SELECT reason FROM notify.messages WHERE reason LIKE 'quiet%%'")


def test_a_way_that_takes_nothing_for_long_leads_nowhere_and_the_next_is_tried(
    by_two_ways: Line, whatsapp: WhatsAppProvider, modem: PlayedGateway
) -> None:
    """After its last attempt; the next way has as many before it, and the reporter is told by it."""
    files_one(by_two_ways, whatsapp)
    [dossier] = by_two_ways.dossiers()
    whatsapp.refusals = [131000, 131000]  # something went wrong there
    by_two_ways.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    by_two_ways.works()
    assert [] == modem.texts_to(f"+{SITI}")
    mine = "recipient = 'reporter' AND template = 'returned_incomplete'"
    by_two_ways.rows(f"UPDATE notify.messages SET attempts = %s WHERE {mine}", ATTEMPTS - 1)
    by_two_ways.later(hours=1)
    by_two_ways.works()
    [brought] = modem.texts_to(f"+{SITI}")
    assert "patokan" in brought
    assert [(0,)] == by_two_ways.rows(f"SELECT attempts FROM notify.messages WHERE {mine}")
    carried = by_two_ways.rows(
        f"SELECT channel, state FROM notify.carried WHERE {mine} ORDER BY handed_at, channel DESC"
    )
    assert [("whatsapp", "failed"), ("sms", "accepted")] == carried, "each way once, however often it was refused"
    assert modem.report(modem.letters[-1], "delivered").ok
    by_two_ways.works()
    assert [("NoticeDelivered", "sms")] == told(by_two_ways, dossier)


def test_ways_are_tried_in_the_governments_order() -> None:
    """The channel of the complaint first, each way once, mail where the government puts it."""
    contacts = [BY_WHATSAPP, BY_SMS]
    assert [BY_SMS, None, BY_WHATSAPP] == ordered(("origin", "email", "whatsapp", "sms"), "sms", contacts)
    assert [BY_WHATSAPP] == ordered(("origin",), "whatsapp", contacts)
    assert [None] == ordered(("email",), "whatsapp", contacts)


def test_an_account_that_is_ill_is_left_alone_and_longer_each_time() -> None:
    """Five failures within a minute, or one word that nothing is taken, shut it; the pause doubles to 15 minutes."""
    now = [0.0]
    pace = Pace(rate=1000, monotonic=lambda: now[0])
    for _ in range(4):
        pace.failed(shut=False)
    assert not pace.is_ill
    pauses = []
    for _ in range(8):
        pace.failed(shut=True)
        pauses.append(pace.wait_seconds())
        now[0] += pauses[-1]
        assert 0 == pace.wait_seconds()
    assert [30, 60, 120, 240, 480, 900, 900, 900] == pauses
    pace.went_well()
    pace.failed(shut=True)
    assert 30 == pace.wait_seconds()


def test_who_is_written_to_too_often_is_left_alone_and_longer_each_time() -> None:
    """For 4, 16, 64 ... seconds, an hour at most; once something was taken it begins anew."""
    now = [0.0]
    pace = Pace(rate=1, burst=10, monotonic=lambda: now[0])
    pauses = []
    for _ in range(7):
        pauses.append(pace.too_often(4.0))
        assert pauses[-1] == pace.waits()
        assert not pace.is_rested, "it is not forgotten meanwhile"
        now[0] += pauses[-1]
        assert 0 == pace.waits()
    assert [4, 16, 64, 256, 1024, 3600, 3600] == pauses
    pace.went_well()
    assert 4 == pace.too_often(4.0)


def test_only_who_is_written_to_too_often_waits(
    cilacap: Line, whatsapp: WhatsAppProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider is not asked again before the pause is over, and everybody else is answered."""
    now = [1000.0]
    monkeypatch.setattr(carrying, "Pace", partial(Pace, monotonic=lambda: now[0]))
    whatsapp.refusals = [131056, 131056]
    sent: list[tuple[int, int]] = []
    for waited in (0.0, 3.9, 0.1, 15.9, 0.1):
        now[0] += waited
        if not sent:
            whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
        elif len(sent) == 1:
            whatsapp.refusals.insert(0, 0)
            whatsapp.deliver(whatsapp.text("6281234567899", COMPLAINT))
        cilacap.works()
        sent.append((len(whatsapp.letters_to(SITI)), len(whatsapp.refusals)))
    assert [(0, 1), (0, 1), (0, 0), (0, 0), (1, 0)] == sent
    assert 1 == len(whatsapp.letters_to("6281234567899"))


def test_an_account_sends_at_its_rate() -> None:
    """Two a second: a burst of two, then one each half second."""
    now = [0.0]
    pace = Pace(rate=2, monotonic=lambda: now[0])
    sent = 0
    for _ in range(100):
        now[0] += 0.1
        sent += pace.wait_seconds() == 0
    assert 20 <= sent <= 22


def test_who_asked_to_be_spared_hears_answers_only(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """BERHENTI spares what answers nothing; an answer comes all the same, and MULAI ends it."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    whatsapp.deliver(whatsapp.text(SITI, "berhenti"))
    cilacap.works()
    before = len(whatsapp.letters)
    cilacap.act(dossier, "renew_code", via="counter")
    cilacap.works()
    assert before == len(whatsapp.letters)
    mine = "SELECT outcome, reason FROM notify.messages WHERE recipient = 'reporter' AND template = 'code_renewed'"
    assert [("dropped", "spared")] == cilacap.rows(mine)
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    assert before + 1 == len(whatsapp.letters)


def test_after_a_pause_one_failure_begins_the_next() -> None:
    """One letter tries whether an account is well again: nobody knocks five times more at a door that is shut."""
    now = [0.0]
    pace = Pace(rate=1000, monotonic=lambda: now[0])
    for _ in range(5):
        pace.failed(shut=False)
    now[0] += pace.waits()
    assert not pace.is_ill
    pace.failed(shut=False)
    assert 60 == pace.waits()
    now[0] += 60
    pace.went_well()
    pace.failed(shut=False)
    assert not pace.is_ill


def test_what_a_runtime_remembers_is_made_once_and_is_its_own(operated: Line) -> None:
    """Also where a list is read from a copy of the database: what is made there is not what is made here."""
    runtime = operated.runtime
    assert channels_of(runtime) is channels_of(runtime) is runtime.once(Channels)
    beside = replace(runtime, reads_only=True)
    assert (beside, runtime) == (channels_of(beside).runtime, channels_of(runtime).runtime)
