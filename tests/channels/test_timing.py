"""What comes too early, too late or out of order: statuses, windows, bursts, and what is never sent by itself."""

from datetime import timedelta

from cli.providers.whatsapp import WhatsAppProvider, text_of
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.line import Line
from tests.channels.talking import CILACAP, COMPLAINT, Telephone, texts
from tests.channels.test_figures import figure


def test_07_a_status_that_is_faster_than_our_own_note_is_not_lost(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 7: the provider tells of a letter whose id is not written down yet; when it is, the word counts."""
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.works()
    letter = whatsapp.letters_to(SITI)[-1]
    [(id_,)] = cilacap.rows("SELECT provider_id FROM notify.talks")
    cilacap.rows("UPDATE notify.talks SET provider_id = NULL, state = 'planned', next_attempt_at = 'infinity'")
    early = whatsapp.status({**letter, "biz_opaque_callback_data": ""}, "delivered")
    assert 200 == whatsapp.deliver(early).status_code
    cilacap.works()
    assert [(None,)] == cilacap.rows("SELECT handled_at FROM channels.reported"), "it is kept and tried again"
    cilacap.rows("UPDATE notify.talks SET provider_id = %s, state = 'accepted'", id_)
    cilacap.works()
    assert [("delivered",)] == cilacap.rows("SELECT state FROM notify.talks")


def test_strangers_statuses_do_not_stand_before_ours(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 7: another system writes by the same number: however many of its letters are told of, ours are at once."""
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.works()
    letter = whatsapp.letters_to(SITI)[-1]
    strange = [{**letter, "wamid": f"wamid.strange{place}", "biz_opaque_callback_data": ""} for place in range(150)]
    whatsapp.deliver(*(whatsapp.status(each, "delivered") for each in strange))
    whatsapp.deliver(whatsapp.status(letter, "delivered"))
    cilacap.works()
    assert [("delivered",)] == cilacap.rows("SELECT state FROM notify.talks")
    open_ones = "SELECT count(*) FROM channels.reported WHERE handled_at IS NULL"
    assert [(150,)] == cilacap.rows(open_ones)
    before = figure("channel_reports_dropped_total", channel="whatsapp")
    cilacap.rows("UPDATE channels.reported SET received_at = received_at - interval '11 minutes'")
    cilacap.works()
    dropped = figure("channel_reports_dropped_total", channel="whatsapp") - before
    assert ([(0,)], 150) == (cilacap.rows(open_ones), dropped), "ten minutes later they are dropped, and counted"


def test_11_the_day_of_free_words_begins_with_their_message_by_their_time(
    cilacap: Line, whatsapp: WhatsAppProvider
) -> None:
    """Fault 11: what was written 25 hours ago and came just now opens nothing, and neither does what we write."""
    written = int((cilacap.clock.now() - timedelta(hours=25)).timestamp())
    late = whatsapp.message(SITI, {"type": "text", "text": {"body": COMPLAINT}}, at=written)
    whatsapp.deliver(late)
    cilacap.works()
    assert [(False,)] == cilacap.rows("SELECT last_heard_at > now() - interval '24 hours' FROM notify.reach")
    assert all("template" in letter for letter in whatsapp.letters_to(SITI))


def test_a_number_that_may_be_somebody_elses_by_now_is_told_nothing(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Half a year after a complaint its number alone tells nothing of it any more: the tracking code does."""
    files_one(cilacap, whatsapp)
    told = []
    for days in (179, 2):
        cilacap.later(days=days)
        at = int(cilacap.clock.now().timestamp())
        whatsapp.deliver(whatsapp.message(SITI, {"type": "text", "text": {"body": "STATUS"}}, at=at))
        cilacap.works()
        told.append("CLP-" in text_of(whatsapp.letters_to(SITI)[-1]))
    assert [True, False] == told


def test_who_takes_over_a_number_is_not_offered_the_name_of_whoever_had_it(
    cilacap: Line, whatsapp: WhatsAppProvider
) -> None:
    """A name that a message does not bear is remembered for half a year after the last word, and no longer."""
    files_one(cilacap, whatsapp)
    whatsapp.names[SITI] = ""
    offered = []
    for days in (179, 181):
        cilacap.later(days=days)
        at = int(cilacap.clock.now().timestamp())
        for text in (COMPLAINT, "ya"):
            whatsapp.deliver(whatsapp.text(SITI, text, at=at))
            cilacap.works()
        asked = whatsapp.letters_to(SITI)[-1]
        assert "nama" in text_of(asked)
        offered.append("Siti Rahayu" in str(asked))
        whatsapp.deliver(whatsapp.text(SITI, "batal", at=at))
        cilacap.works()
    assert [True, False] == offered


def test_12_nobody_is_written_to_because_a_day_is_ending(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 12: no reminder keeps a window open: after the receipt there is silence, however long nothing happens."""
    files_one(cilacap, whatsapp)
    so_far = len(whatsapp.letters_to(SITI))
    for hours in (20, 3, 2, 24):
        cilacap.later(hours=hours)
        cilacap.works()
    assert so_far == len(whatsapp.letters_to(SITI))


def test_16_a_burst_is_read_in_the_order_in_which_it_was_written(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Fault 16: delivered the last first, in several deliveries, it is one draft in its order, and one reply."""
    at = int(cilacap.clock.now().timestamp()) - 60
    said = (
        "Jalan utama Desa Hanum berlubang dalam.",
        "Sudah dua motor jatuh di sana.",
        "Mohon segera ditambal ya pak.",
    )
    burst = [
        whatsapp.message(SITI, {"type": "text", "text": {"body": text}}, at=at + second)
        for second, text in enumerate(said)
    ]
    whatsapp.deliver(burst[2])
    whatsapp.deliver(burst[1], burst[0])
    cilacap.works()
    [reply] = whatsapp.letters_to(SITI)
    places = [text_of(reply).find(text.rstrip(".")) for text in said]
    assert sorted(places) == places
    assert -1 < places[0]


def test_50_whoever_writes_by_a_telephone_is_asked_who_they_are() -> None:
    """Fault 50: a village head reports for many: the name of the first is never put on the second by itself."""
    head = Telephone(CILACAP, name="Pak Kades")
    for name in ("Siti Rahayu", "Budi Santoso"):
        head.writes(COMPLAINT)
        asked = head.writes("ya")
        assert "nama lengkap" in texts(asked)
        assert ["Pak Kades"] == [choice.title for choice in asked[-1].choices], "no name of who was written for before"
        head.writes(name)
        head.writes("RT 02 RW 01 Hanum Dayeuhluhur")
        head.presses("Anonim")
        head.receipt()
    assert ["Siti Rahayu", "Budi Santoso"] == [draft.fields["reporter.name"] for draft in head.submitted]
