"""What holds of every conversation, whatever is written in it."""

from datetime import timedelta
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.channels.talk.braking import full
from shared.channels.talk.state import Draft, Piece
from shared.channels.talk.world import Act, Done, Filed, NotDone, NotFiled, Own, PersonsMessage, Say, Submit, Woken
from tests.channels.talking import TRENGGALEK, Telephone

OWN = (
    Own("CLP-2026-000123", "Jalan", "menunggu", ("supplement", "withdraw", "add")),
    Own("CLP-2026-000130", "Air", "menunggu", ("supplement",)),
    Own("CLP-2026-000140", "Lampu", "ditangani", ("withdraw", "add")),
    Own("CLP-2026-000150", "Sampah", "dijawab", ("rate", "reply")),
    Own("CLP-2026-000160", "Parit", "selesai", (), open=False),
)
DROPPED = {"cancelled", "forgotten", "left", "draft_full", "kept"}
"""What tells a person that something of theirs is not kept."""

WORDS = st.sampled_from(
    [
        *(
            "ya",
            "1",
            "2",
            "3",
            "batal",
            "selesai",
            "lewati",
            "status",
            "cabut",
            "bantuan",
            "halo",
            "makasih",
            "5 bagus",
        ),
        *("english", "yes", "done", "skip", "help", "bahasa", "stop", "berhenti", "mulai", "petugas", "ubah", "kirim"),
    ]
)
TICKETS = st.sampled_from([own.ticket for own in OWN] + ["CLP-2026-999999"])
KINDS = st.sampled_from(
    ["text", "text", "text", "word", "word", "press", "photo", "place", "edit", "revoke", "sticker"]
)
MOVES = st.lists(
    st.tuples(KINDS, WORDS, st.integers(0, 9), st.one_of(st.none(), TICKETS), st.booleans()), min_size=1, max_size=25
)

STORIES = (
    "Jalan utama Desa Hanum berlubang dalam",
    "Lampu jalan depan pasar mati sejak Senin",
    "Sampah menumpuk di belakang balai desa",
    "Air ledeng di RT 3 keruh dan berbau",
    "Pohon besar miring ke arah sekolah",
    "Saluran air tersumbat, halaman tergenang",
)


def _message(citizen: Telephone, move: tuple[Any, ...]) -> PersonsMessage:
    kind, word, number, ticket, story = move
    unique = f"kata{citizen.sent} jalan rusak di desa {'x ' * (60 if story else 1)}"
    match kind:
        case "word":
            return citizen.message(word if ticket is None or number > 4 else f"{word} {ticket}")
        case "press":
            offered = citizen.talk.open
            choice = offered[number % len(offered)] if offered else "d:CLP-2026-000001"
            return citizen.message("", kind="choice", choice=choice)
        case "photo":
            return citizen.message("", kind="media", media=(f"photo{citizen.sent}",))
        case "place":
            return citizen.message("", kind="place", place=(-7.7, 109.0, "Kroya"))
        case "edit" | "revoke":
            return citizen.message(unique if kind == "edit" else "", kind=kind, quotes=f"m{max(citizen.sent - 1, 1)}")
        case "sticker":
            return citizen.message("", kind="reaction")
    return citizen.message(unique if ticket is None or number > 3 else f"{ticket} {unique}")


def _pieces(citizen: Telephone) -> list[Piece]:
    drafts: list[Draft] = [*citizen.submitted, *([citizen.talk.draft] if citizen.talk.draft else [])]
    held = [citizen.talk.held] if citizen.talk.held else []
    return [piece for draft in drafts for piece in draft.pieces] + held


def _kept(citizen: Telephone) -> str:
    """Every word that is somewhere: in a draft, filed or handed in."""
    drafts = [*citizen.submitted, *([citizen.talk.draft] if citizen.talk.draft else [])]
    fields = [value for draft in drafts for value in draft.fields.values()]
    acts = [str(value) for act in citizen.acts for value in act.fields.values()]
    return "\n".join([*(piece.text for piece in _pieces(citizen)), *fields, *acts])


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(moves=MOVES, owns=st.integers(0, 5), short=st.booleans(), gaps=st.lists(st.integers(0, 3), max_size=25))
def test_no_word_is_lost_and_nothing_is_filed_without_a_yes(
    moves: list[tuple[Any, ...]], owns: int, short: bool, gaps: list[int]
) -> None:
    """Every text is in a complaint, in a draft, or was told as dropped; each filing had its yes."""
    citizen = Telephone(TRENGGALEK, short=short, categories=("Jalan", "Air"), name="Siti")
    citizen.owns(*OWN[:owns])
    for place, move in enumerate(moves):
        message = _message(citizen, move)
        before = _kept(citizen)
        citizen.happens(message)
        said = {effect.key for effect in citizen.effects if isinstance(effect, Say)}
        silent = citizen.talk.brake.silent_until is not None or full(citizen.talk.brake)
        if message.kind == "text" and message.text.startswith("kata"):
            told = DROPPED | {key for key in said if key.startswith("unfit") or key == "left_out"}
            first = message.text.split()[0]
            assert first in _kept(citizen) or said & told or silent, (message, said)
        if before and not said & DROPPED and not silent:
            lost = [word for word in before.split() if word.startswith("kata") and word not in _kept(citizen)]
            assert [] == lost or message.kind in ("edit", "revoke") or citizen.talk.state == "idle", (message, said)
        for effect in citizen.effects:
            if isinstance(effect, Submit):
                assert effect.draft.confirmed
                assert "filing" == citizen.talk.state
            tickets = {own.ticket for own in OWN[:owns]}
            if isinstance(effect, Say) and effect.about:
                assert effect.about in tickets | {"CLP-2026-000200"}
            if isinstance(effect, Act):
                assert effect.ticket in tickets
        gap = gaps[place] if place < len(gaps) else 0
        if citizen.talk.state == "filing" and gap < 2:
            citizen.happens(Filed("CLP-2026-000200", "CODE") if gap == 0 else NotFiled("rusak."))
        if gap == 3:
            citizen.now += timedelta(hours=25)
            citizen.happens(Woken())


@settings(max_examples=80)
@given(moves=MOVES)
def test_no_reply_names_a_foreign_ticket(moves: list[tuple[Any, ...]]) -> None:
    """A person without complaints is never told of one, whatever they ask."""
    citizen = Telephone()
    for move in moves:
        citizen.happens(_message(citizen, move))
        assert [] == [effect for effect in citizen.effects if isinstance(effect, Act)]
        assert not [effect for effect in citizen.effects if isinstance(effect, Say) and effect.about]


@settings(max_examples=80)
@given(
    moves=MOVES,
    results=st.lists(
        st.sampled_from(
            [
                Filed("CLP-2026-000123", "X"),
                NotFiled("x"),
                Done("CLP-2026-000123", "reply"),
                NotDone("CLP-2026-000123", "rate", "x"),
                Woken(),
            ]
        ),
        max_size=10,
    ),
)
def test_results_that_nobody_waits_for_break_nothing(moves: list[tuple[Any, ...]], results: list[Any]) -> None:
    """Whatever comes at whatever moment, a conversation goes on; a receipt is told only to who waits for it."""
    citizen = Telephone()
    for place, move in enumerate(moves):
        waited = citizen.talk.state == "filing"
        result = results[place % len(results)] if results else Woken()
        said = citizen.happens(result)
        if isinstance(result, Filed) and not waited:
            assert [] == said
        citizen.happens(_message(citizen, move))


def _lives_through(citizen: Telephone, moves: list[tuple[Any, ...]], gaps: list[int]) -> None:
    """Everything that may happen in a few days: messages, receipts that come, come late or never, and silence."""
    for place, move in enumerate(moves):
        citizen.happens(_message(citizen, move))
        gap = gaps[place] if place < len(gaps) else 0
        if citizen.talk.state == "filing" and gap < 3:
            citizen.happens(Filed(f"CLP-2026-0002{place:02}", "CODE") if gap < 2 else NotFiled("rusak."))
        if gap == 3:
            citizen.now += timedelta(hours=25)
            citizen.happens(Woken())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(moves=MOVES, owns=st.integers(0, 5), short=st.booleans(), gaps=st.lists(st.integers(0, 3), max_size=25))
def test_nothing_is_filed_twice(moves: list[tuple[Any, ...]], owns: int, short: bool, gaps: list[int]) -> None:
    """One yes files one complaint, and what was said in one is in no other; nothing is done twice for one message."""
    citizen = Telephone(TRENGGALEK, short=short, categories=("Jalan", "Air"), name="Siti")
    citizen.owns(*OWN[:owns])
    _lives_through(citizen, moves, gaps)
    filed = [draft.id for draft in citizen.submitted]
    assert len(filed) == len(set(filed)) or _was_refused(citizen), filed
    pieces = {draft.id: {piece.id for piece in draft.pieces} for draft in citizen.submitted}
    for one, other in combinations(pieces, 2):
        assert not pieces[one] & pieces[other], (one, other)
    acts = [(act.ticket, act.action, act.cause) for act in citizen.acts]
    assert len(acts) == len(set(acts)), acts


def _was_refused(citizen: Telephone) -> bool:
    """Whether intake took a complaint not as it was: then the same one is handed in again, put right."""
    return any(isinstance(effect, Say) and effect.key == "not_filed" for effect in citizen.every)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(moves=MOVES, owns=st.integers(0, 5), short=st.booleans(), gaps=st.lists(st.integers(0, 3), max_size=25))
def test_there_is_always_a_way_on(moves: list[tuple[Any, ...]], owns: int, short: bool, gaps: list[int]) -> None:
    """Wherever a conversation got to, it goes on by itself in time, and a new complaint can be made and is filed."""
    citizen = Telephone(TRENGGALEK, short=short, categories=("Jalan", "Air"), name="Siti")
    citizen.owns(*OWN[:owns])
    _lives_through(citizen, moves, gaps)
    assert citizen.talk.state in ("idle", "filing") or citizen.talk.wake_at is not None, "it would hang for ever"
    if citizen.talk.state == "filing":
        citizen.happens(Filed("CLP-2026-000300", "CODE"))
    for _ in range(3):
        citizen.waits(hours=25)
        if citizen.talk.state == "filing":
            citizen.happens(Filed("CLP-2026-000301", "CODE"))
    assert "idle" == citizen.talk.state, citizen.talk
    before = len(citizen.submitted)
    citizen.writes("LAPOR Jembatan di Desa Hanum roboh tadi malam, anak sekolah tidak bisa lewat")
    for _ in range(15):
        if len(citizen.submitted) > before:
            return
        citizen.now += timedelta(seconds=20)
        _goes_on(citizen)
    raise AssertionError(citizen.talk)


def _goes_on(citizen: Telephone) -> None:
    """The plainest answer to what is being asked."""
    plain = {
        "reporter.name": "Siti Rahayu",
        "reporter.identity": "3503010101800002",
        "title": "Jembatan roboh",
        "category": "Jalan",
        "attachments": "lewati",
    }
    talk = citizen.talk
    if talk.state == "asking" and talk.field in plain:
        citizen.writes(plain[talk.field])
    elif talk.open:
        citizen.happens(citizen.message("", kind="choice", choice=talk.open[0]))
    else:
        citizen.writes("ya")


@settings(max_examples=60)
@given(texts=st.lists(st.sampled_from(STORIES), min_size=2, max_size=6, unique=True), cuts=st.data())
def test_a_burst_says_the_same_however_it_is_cut(texts: list[str], cuts: st.DataObject) -> None:
    """Two people at one telephone, or one in a hurry: all of it is in the draft, in its order, in few steps or many."""
    whole, parted = Telephone(), Telephone()
    whole.happens(*(whole.message(text) for text in texts))
    left = [parted.message(text) for text in texts]
    while left:
        many = cuts.draw(st.integers(1, len(left)))
        parted.happens(*left[:many])
        left = left[many:]
    assert whole.talk.draft is not None
    assert parted.talk.draft is not None
    assert texts == [piece.text for piece in whole.talk.draft.pieces]
    assert texts == [piece.text for piece in parted.talk.draft.pieces]
