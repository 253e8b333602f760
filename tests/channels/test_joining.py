"""Two who turn out to be one, by a message with an id of each: nothing of either is lost, and every wish is kept."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

from channels.forgetting import forget
from cli.providers.whatsapp import WhatsAppProvider, text_of
from services.notify.carrying import heard, reach
from services.notify.sparing import is_spared, spare
from shared.channels.incoming import Sender
from shared.channels.talk.state import Draft, Piece, Talk
from shared.channels.talk.uniting import united
from shared.channels.talk.world import Filed, NotFiled, Say
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.line import Line
from tests.channels.talking import Telephone
from tests.fixtures.waiting import eventually

HIDDEN = "ID.SitiRahayu"
NOW = datetime.fromisoformat("2026-10-05T08:00:00+07:00")


def becomes_one(line: Line) -> tuple[UUID, UUID]:
    """Whoever hid the number is the number's; the name that stays, and the one that was."""
    line.rows("UPDATE channels.outgoing SET done_at = clock_timestamp() WHERE done_at IS NULL")
    persons, now = line.house.channels.persons, line.clock.now()
    with line.runtime.database.transaction() as cursor:
        former = persons.person(cursor, "cilacap", Sender({"bsuid": HIDDEN}, HIDDEN), now).dossier
        both = Sender({"phone": f"+{SITI}", "wa": SITI, "bsuid": HIDDEN}, SITI)
        return persons.person(cursor, "cilacap", both, now).dossier, former


@pytest.mark.parametrize("which", [0, 1])
def test_a_wish_to_be_spared_outlives_the_name_under_which_it_was_said(
    cilacap: Line, whatsapp: WhatsAppProvider, which: int
) -> None:
    """Under whichever of the two: complaints of both bear it, and one word ends it for both."""
    files_one(cilacap, whatsapp)
    files_one(cilacap, whatsapp, HIDDEN)
    names = cilacap.rows("SELECT person FROM channels.dossiers ORDER BY filed_at")
    spare(cilacap.runtime, "cilacap", UUID(str(names[which][0])), on=True)
    person, former = becomes_one(cilacap)
    assert {person, former} == {UUID(str(name)) for (name,) in names}
    with cilacap.runtime.database.autocommit() as cursor:
        assert [True, True] == [is_spared(cursor, "cilacap", name) for name in (person, former)]
    spare(cilacap.runtime, "cilacap", person, on=False)
    with cilacap.runtime.database.autocommit() as cursor:
        assert [False, False] == [is_spared(cursor, "cilacap", name) for name in (person, former)]


def test_what_was_under_way_goes_on(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A draft, complaints, and where and when somebody was last heard: all are the one person's."""
    files_one(cilacap, whatsapp)
    whatsapp.deliver(whatsapp.text(HIDDEN, "Lampu jalan di depan pasar mati sejak minggu lalu", name="Siti Rahayu"))
    cilacap.works()
    person, former = becomes_one(cilacap)
    at = cilacap.clock.now() + timedelta(minutes=1)
    heard(cilacap.runtime, "cilacap", person, channel="whatsapp", account="a", to="lately", at=at)
    with cilacap.runtime.database.autocommit() as cursor:
        for name in (person, former):
            known = reach(cursor, "cilacap", name, "whatsapp", cilacap.runtime.vault, at)
            assert (known.to if known else "") == "lately"
    for title in ("Ya, kirim", "Siti Rahayu"):
        whatsapp.deliver(whatsapp.press(SITI, title))
        cilacap.works()
    whatsapp.deliver(whatsapp.text(SITI, "RT 02 RW 01 Hanum Dayeuhluhur"))
    cilacap.works()
    whatsapp.deliver(whatsapp.press(SITI, "Anonim"))
    cilacap.works()
    assert 2 == len(cilacap.dossiers())
    whatsapp.deliver(whatsapp.text(SITI, "STATUS"))
    cilacap.works()
    assert 2 == text_of(whatsapp.letters_to(SITI)[-1]).count("CLP-")


def test_a_former_name_is_forgotten_with_the_person_and_not_before(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """Its complaints are the other's by now: alone it looks like a stranger's."""
    files_one(cilacap, whatsapp)
    files_one(cilacap, whatsapp, HIDDEN)
    person, former = becomes_one(cilacap)
    spare(cilacap.runtime, "cilacap", former, on=True)
    cilacap.rows("UPDATE channels.heard SET sealed = NULL")
    assert 0 == forget(cilacap.house)
    with cilacap.runtime.database.autocommit() as cursor:
        assert is_spared(cursor, "cilacap", person)
    cilacap.rows("DELETE FROM channels.dossiers")
    cilacap.rows("UPDATE channels.talks SET wake_at = NULL")
    cilacap.rows("UPDATE channels.outgoing SET done_at = clock_timestamp()")
    assert 1 == forget(cilacap.house)
    left = [cilacap.rows(f"SELECT 1 FROM {table}") for table in ("channels.joined", "channels.ids", "notify.spared")]
    assert [[], [], []] == left
    assert {None} == set(cilacap.runtime.vault.keys(None, [person, former]).values())


def test_who_writes_while_two_become_one_is_that_one(cilacap: Line) -> None:
    """A message under one id, looked up before the joining and written down after it, does not undo it."""
    persons, now, database = cilacap.house.channels.persons, cilacap.clock.now(), cilacap.runtime.database
    with database.transaction() as cursor:
        persons.person(cursor, "cilacap", Sender({"phone": f"+{SITI}", "wa": SITI}, SITI), now)
    with database.transaction() as cursor:
        persons.person(cursor, "cilacap", Sender({"bsuid": HIDDEN}, HIDDEN), now)

    def join() -> None:
        with database.transaction() as cursor:
            persons.person(cursor, "cilacap", Sender({"wa": SITI, "bsuid": HIDDEN}, SITI), now)

    joining = Thread(target=join)
    own = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    waits = f"SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN ({own})"

    class Slow:
        """A cursor whose first answer is a while on its way."""

        def __init__(self, cursor: Any) -> None:
            self.cursor = cursor

        def execute(self, *asked: Any) -> None:
            """Ask."""
            self.cursor.execute(*asked)
            if not joining.ident:
                joining.start()
                eventually(lambda: not joining.is_alive() or bool(cilacap.rows(waits)), what="that both are at it")

        def __getattr__(self, name: str) -> Any:
            return getattr(self.cursor, name)

    with database.transaction() as cursor:
        persons.person(Slow(cursor), "cilacap", Sender({"bsuid": HIDDEN}, HIDDEN), now)
    joining.join(60)
    assert 1 == len(cilacap.rows("SELECT DISTINCT person FROM channels.ids"))


def piece(name: str, minute: int) -> Piece:
    """A message of one of the two."""
    return Piece(name, NOW + timedelta(minutes=minute), f"kata {name}")


def draft(name: str, minute: int) -> Draft:
    """A complaint that one of the two is writing."""
    place = (-7.5, 109.0 + minute, f"titik {name}")
    return Draft("a", (piece(name, minute),), {f"field {name}": name}, place)


STANDING = {
    "idle": lambda _name, _minute: Talk(),
    "draft": lambda name, minute: Talk("draft", draft(name, minute)),
    "asking": lambda name, minute: Talk("asking", draft(name, minute), field="title", held=piece(f"{name}+", minute)),
    "filing": lambda name, minute: Talk("filing", draft(name, minute)),
    "choosing": lambda name, minute: Talk("choosing", held=piece(name, minute)),
}


@pytest.mark.parametrize(("mine", "theirs"), list(product(STANDING, STANDING)))
def test_no_word_of_two_conversations_is_lost(mine: str, theirs: str) -> None:
    """Whatever either was doing; and what is on its way to the desk stays as it was confirmed, of both of them."""
    one, other = STANDING[mine]("a", 1), STANDING[theirs]("b", 0)
    told = united(one, other)
    if mine == theirs == "filing":
        assert (one.state, one.draft, None) == (told.state, told.draft, told.held)
        return
    kept = [*(told.draft.pieces if told.draft else ()), *([told.held] if told.held else [])]
    both = [piece for talk in (one, other) for piece in (*(talk.draft.pieces if talk.draft else ()), talk.held)]
    wanted = [piece for piece in both if piece is not None]
    words = " ".join(each.text for each in kept)
    assert [] == [each.text for each in wanted if each.text not in words]
    kept_place = told.draft.place if told.draft else None
    places = [talk.draft.place for talk in (one, other) if talk.draft is not None]
    assert [] == [each for each in places if each != kept_place and (each is None or each[2] not in words)]
    if "filing" in (mine, theirs):
        filing = one if mine == "filing" else other
        assert (filing.state, filing.draft) == (told.state, told.draft)


@pytest.mark.parametrize("first", ["a", "b"])
@pytest.mark.parametrize("taken", [True, False])
def test_two_who_had_a_complaint_filed_each_are_told_of_both(first: str, taken: bool) -> None:
    """Whichever comes back first, each has its receipt, and its files go to it; one that was refused is asked about."""
    siti = Telephone()
    with_file = {name: Draft("a", (replace(piece(name, 1), media=(f"file {name}",)),)) for name in "ab"}
    siti.talk = united(Talk("filing", with_file["a"]), Talk("filing", with_file["b"]))
    told: dict[str, Filed | NotFiled] = {"a": Filed("CLP-2026-000001", "CODE", draft=with_file["a"])}
    told["b"] = (
        Filed("CLP-2026-000002", "CODE", draft=with_file["b"]) if taken else NotFiled("rusak", "", with_file["b"])
    )
    for name in sorted(told, reverse=first == "b"):
        siti.happens(told[name])
    said = [each.values["ticket"] for each in siti.every if isinstance(each, Say) and each.key == "filed"]
    filed = {"CLP-2026-000001": ("file a",)} | ({"CLP-2026-000002": ("file b",)} if taken else {})
    assert sorted(filed) == sorted(said)
    assert filed == {each.ticket: each.media for each in siti.acts if each.action == "attach"}
    under_way = siti.talk.draft.text if siti.talk.draft else ""
    assert (not taken) == (with_file["b"].text in under_way)


def test_the_stricter_of_two_brakes_holds() -> None:
    """Whoever was silenced stays silent, in the language that they asked for."""
    silent = replace(Talk(), brake=replace(Talk().brake, silent_until=NOW), language="en")
    for told in (united(silent, Talk()), united(Talk(), silent)):
        assert (NOW, "en") == (told.brake.silent_until, told.language)


def test_who_changes_the_number_is_written_to_at_the_new_one(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """By the provider's word: complaints and letters follow, once; it opens no day of free words, since they said
    nothing; and whoever has only changed a telephone's key is who they were.
    """
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    new = "6281299998888"
    heard_at = cilacap.rows("SELECT last_heard_at FROM notify.reach")
    told = {"body": "User A changed", "wa_id": new, "type": "user_changed_number"}
    moved = whatsapp.message(SITI, {"type": "system", "system": told})
    same = {"type": "system", "system": {"body": "x", "type": "customer_identity_changed"}}
    before = len(whatsapp.letters)
    for _ in range(2):
        whatsapp.deliver(moved, whatsapp.message(SITI, same, id_="wamid.same"))
        cilacap.works()
    assert (heard_at, before) == (cilacap.rows("SELECT last_heard_at FROM notify.reach"), len(whatsapp.letters))
    kept = cilacap.rows("SELECT reason FROM channels.heard WHERE state = 'odd'")
    assert [("system customer_identity_changed",)] == kept
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    assert "patokan" in text_of(whatsapp.letters_to(new)[-1])
    whatsapp.deliver(whatsapp.text(new, "Toko Makmur", name="Siti Rahayu"))
    cilacap.works()
    assert "Supplemented" in cilacap.types(dossier)


def test_who_hides_the_number_is_known_by_the_new_id(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """An id of a user that is replaced leads to the same person."""
    files_one(cilacap, whatsapp, HIDDEN)
    new = {"type": "system", "system": {"type": "user_changed_user_id", "user_id": "ID.New"}}
    whatsapp.deliver(whatsapp.message(HIDDEN, new))
    cilacap.works()
    whatsapp.deliver(whatsapp.text("ID.New", "status"))
    cilacap.works()
    assert text_of(whatsapp.letters_to("ID.New")[-1]).startswith("CLP-")
