"""By which way a letter goes, when, and what becomes of it when its provider keeps silent or changes its mind."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from channels import looking_after
from cli.providers.whatsapp import NUMBER, SECRET, TOKEN, WhatsAppProvider
from portal.refusals import MOST, Refusals
from services.notify import carrying
from services.notify.alarms import account_is_ill
from services.notify.channel_contacts import ChannelContact, ordered
from services.notify.ledger import Message
from services.notify.mailing import Mailing
from services.notify.outbox import Outbox
from services.notify.pacing import Pace
from services.notify.post import post_for
from services.notify.quiet_hours import is_quiet
from services.notify.refused import LetterRefused
from shared.channels.installed import Channels, channels_of
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.conftest import WHATSAPP
from tests.channels.line import Line, line
from tests.channels.talking import COMPLAINT
from tests.notify.mail import MailServer
from tests.notify.test_kept_connection import letter

PERSON = UUID(int=1)
BY_WHATSAPP = ChannelContact("whatsapp", "1", PERSON, "62812")
BY_SMS = ChannelContact("sms", "modem", PERSON, "+62812")


@pytest.fixture
def operated(database_url: str, tmp_path: Path, whatsapp: WhatsAppProvider) -> Iterator[Line]:
    """An installation where Cilacap is reached by WhatsApp, and an operator is told of what goes wrong there."""
    book = "operator: kanal@cilacap.example\n" + WHATSAPP.format(address=whatsapp.address, number=NUMBER)
    secrets = {"cilacap.whatsapp.app_secret": SECRET, "cilacap.whatsapp.access_token": TOKEN}
    with line(database_url, tmp_path, {"cilacap": book}, secrets) as made:
        whatsapp.hook = f"{made.address}/hooks/v1/cilacap/whatsapp"
        yield made


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


def test_21_the_operator_is_told_once_that_an_account_takes_nothing(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A token that was revoked is told by mail, once, however many letters it has refused."""
    whatsapp.refusals = [190, 190]
    for number in (SITI, "6281234567899"):
        whatsapp.deliver(whatsapp.text(number, "Jalan utama berlubang dalam sekali"))
        operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    assert ["kanal@cilacap.example"] == [each.to for each in alarms]
    assert "190" in alarms[0].text
    assert "aduan channel check --tenant cilacap" in alarms[0].text


def test_the_operator_is_told_once_of_what_no_further_letter_will_pass(
    operated: Line, whatsapp: WhatsAppProvider
) -> None:
    """A template that the provider does not know, and a number that it takes for a sender of spam: each code once."""
    whatsapp.refusals = [132001, 132001, 131048]
    for number in (SITI, "6281234567899", "6281234567898"):
        whatsapp.deliver(whatsapp.text(number, "Jalan utama berlubang dalam sekali"))
        operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    assert {"kanal@cilacap.example"} == {each.to for each in alarms}
    assert [1, 1] == [sum(code in each.text for each in alarms) for code in ("132001", "131048")]
    assert 2 == len(alarms)


@pytest.mark.parametrize(("refusal", "paused"), [(132015, ""), (132016, ""), (None, "aduan_dijawab")])
def test_the_operator_is_told_that_a_template_is_paused(
    operated: Line, whatsapp: WhatsAppProvider, refusal: int | None, paused: str
) -> None:
    """Refused at once, or thanked for and delivered to nobody: the plainest goes, which says less, and somebody has to
    see to the other.
    """
    files_one(operated, whatsapp)
    [dossier] = operated.dossiers()
    whatsapp.open_windows = set()
    operated.later(hours=30)
    operated.forward_to_office(dossier)
    operated.works()
    whatsapp.refusals, whatsapp.paused = [refusal] if refusal else [], {paused}
    operated.act(dossier, "answer", text="Sudah ditambal.")
    operated.works()
    letters = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    [alarm] = [each for each in letters if each.to == "kanal@cilacap.example"]
    assert (str(refusal) if refusal else "template_paused") in alarm.text
    assert "aduan_kabar" == whatsapp.letters_to(SITI)[-1]["template"]["name"]


def test_the_operator_is_told_once_of_what_a_status_says(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """What the provider thanked for and then refused, since nobody pays or the template is no more: each code once; a
    telephone without WhatsApp is no trouble of the operator's.
    """
    people = {f"628123456789{place}": code for place, code in enumerate((131042, 132001, 131026, 132001))}
    whatsapp.deliver(*(whatsapp.text(each, "Jalan utama berlubang dalam sekali") for each in people))
    operated.works()
    for each, code in people.items():
        whatsapp.deliver(whatsapp.status(whatsapp.letters_to(each)[-1], "failed", errors=[{"code": code}]))
    operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    codes = ("131042", "132001", "131026")
    assert [1, 1, 0] == [sum(code in each.text for each in alarms) for code in codes]


def test_the_operator_is_told_once_that_deliveries_are_refused(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A secret that was changed on one side only: twenty may be a mistake, more are told, by mail, once a day."""
    outbox = Outbox(operated.runtime.settings.data_dir / "outbox")
    for number in range(45):
        assert 403 == whatsapp.deliver_raw(b"{}", "changed").status_code
        assert (number >= MOST) == bool(outbox.letters()), number
    [alarm] = outbox.letters()
    assert "kanal@cilacap.example" == alarm.to
    assert "aduan channel check --tenant cilacap" in alarm.text
    assert 200 == whatsapp.deliver_raw(b"{}").status_code, "what is signed is taken all the same"


def test_an_alarm_that_did_not_go_out_is_tried_again(database_url: str, tmp_path: Path, smtp: MailServer) -> None:
    """A hiccup of the mail server does not silence it for a day; one that went out does."""
    with line(database_url, tmp_path, {}, {}, smtp.url) as made:
        operator = "tunda1.kanal@cilacap.example"
        told = [account_is_ill(made.runtime, operator, "cilacap", "sms", "modem", "x") for _ in range(3)]
        assert [False, True, False] == told


def test_the_operator_is_told_that_mail_is_refused_by_policy(
    database_url: str, tmp_path: Path, smtp: MailServer
) -> None:
    """Once, to a mailbox that the server may still take for its own; nobody's letter has failed by it."""
    book = f"operator: {random.randrange(10**9)}@aduan.example\nchannels: []\n"
    with line(database_url, tmp_path, {"cilacap": book}, {}, smtp.url) as made:
        message = Message(
            dossier=UUID(int=1),
            version=1,
            recipient="reporter",
            template="answered",
            tenant="cilacap",
            attempts=1,
            outcome=None,
            way=None,
            reason=None,
            queued_at=made.clock.now(),
            lease=UUID(int=2),
        )
        with post_for(made.runtime.settings).session() as session:
            for number in range(4):
                refusing = letter(number, "blokir.siti@warga.example")
                with pytest.raises(LetterRefused) as refused:
                    Mailing(made.runtime, repeatable=True).send(message, refusing, "", session)
                assert refused.value.permanent == (number < 2)
        told = smtp.taken_for(book.split()[1])
        assert [True] == ["refused_by_policy" in each["text"] for each in told]


def test_refusals_are_counted_by_the_hour() -> None:
    """Each channel for itself; an hour later anew."""
    now = [0.0]
    refusals = Refusals(lambda: now[0])
    assert [MOST] == [number for number in range(100) if refusals.count("cilacap", "whatsapp")]
    assert not refusals.count("cilacap", "sms")
    now[0] += 3601
    assert [MOST] == [number for number in range(100) if refusals.count("cilacap", "whatsapp")]


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


def test_what_a_provider_says_of_an_account_is_told_to_its_operator(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A template that is paused, a number that is limited: each once, however often delivered; good news never."""
    paused = {"event": "PAUSED", "message_template_name": "aduan_dijawab", "message_template_language": "id"}
    changes = [
        {"field": "message_template_status_update", "value": paused},
        {"field": "message_template_status_update", "value": {**paused, "event": "APPROVED"}},
        {
            "field": "phone_number_quality_update",
            "value": {"event": "FLAGGED", "display_phone_number": "6285290082800"},
        },
        {"field": "business_username_update", "value": {"event": "x"}},
    ]
    for _ in range(2):
        assert 200 == whatsapp.deliver(*changes).status_code
        operated.works()
    alarms = Outbox(operated.runtime.settings.data_dir / "outbox").letters()
    assert {"kanal@cilacap.example"} == {each.to for each in alarms}
    assert [True, True] == [
        any(word in each.text for each in alarms) for word in ("PAUSED aduan_dijawab", "FLAGGED 6285290082800")
    ]
    assert 2 == len(alarms)


def test_every_channel_is_asked_about_once_a_day(operated: Line, whatsapp: WhatsAppProvider) -> None:
    """A token that has run out is told before anybody misses an answer; an hour after the start at first, and once."""
    outbox = Outbox(operated.runtime.settings.data_dir / "outbox")
    asked = [looking_after.tick(operated.house, now) for now in (0.0, 3599.0, 3600.0, 3601.0)]
    assert ([False, False, True, False], []) == (asked, outbox.letters())
    folder = operated.house.channels.secrets_folder
    assert folder is not None
    (folder / "cilacap.whatsapp.access_token").write_text("run-out")
    (folder / "cilacap.whatsapp.access_token").chmod(0o600)
    assert looking_after.tick(operated.house, 3600.0 + 86_400)
    [alarm] = outbox.letters()
    assert "access_token" in alarm.text
    assert [] == whatsapp.letters


def test_what_a_runtime_remembers_is_made_once_and_is_its_own(operated: Line) -> None:
    """Also where a list is read from a copy of the database: what is made there is not what is made here."""
    runtime = operated.runtime
    assert channels_of(runtime) is channels_of(runtime) is runtime.once(Channels)
    beside = replace(runtime, reads_only=True)
    assert (beside, runtime) == (channels_of(beside).runtime, channels_of(runtime).runtime)
