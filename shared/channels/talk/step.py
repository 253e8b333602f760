"""A step of a conversation: what came, where it stood, what is known; and where it stands then, and what comes of it.

Pure: the same step gives the same again, so that a crash between a step and its effects repeats nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.channels.area import is_near
from shared.channels.talk import belonging, braking, drafting, hearing, outcomes
from shared.channels.talk.state import MOST_MESSAGES, Piece, Talk
from shared.channels.talk.turn import Turn
from shared.channels.talk.world import Effect, ForgetFiles, Item, PersonsMessage, Quiet, World

NEAR_KM: Final = 5.0
"""So far outside a government's area a pin may lie: areas are rough."""
_NUMBERS_HOLD: Final = timedelta(minutes=15)
"""How long a number is a choice: later it may mean anything."""
_HELP_HOLDS: Final = timedelta(hours=1)
"""For so long who was told whom to call in an emergency is not told again."""
_PUZZLED_AGAIN: Final = timedelta(minutes=10)


def step(talk: Talk, items: Sequence[Item], world: World, now: datetime) -> tuple[Talk, list[Effect]]:
    """One step.

    :param items: what came since the last one, in its order; messages that came together are answered together.
    :returns: where the conversation stands, and what is to be done, in order.
    """
    turn = Turn(talk, world, now)
    content: list[PersonsMessage] = []
    for item in items:
        if isinstance(item, PersonsMessage) and item.referred:
            turn.change(referred=True)
        if isinstance(item, PersonsMessage) and not _is_command(turn, item):
            content.append(item)
            continue
        _take(turn, content)
        content = []
        if isinstance(item, PersonsMessage):
            _command(turn, item)
        else:
            outcomes.happened(turn, item)
    _take(turn, content)
    messages = [item for item in items if isinstance(item, PersonsMessage)]
    return braking.braked(turn.talk, turn.effects, messages, now)


def _is_command(turn: Turn, message: PersonsMessage) -> bool:
    """Whether a message says what to do rather than something to be written down."""
    if message.kind in ("reaction", "moved", "unreadable", "contact", "edit", "revoke", "choice"):
        return True
    if message.media or message.place or message.lost:
        return False
    if hearing.keyword(message.text) or _choice_of(turn, message) is not None or _asks_to_see(turn, message):
        return True
    nothing_asked = turn.talk.state == "idle"
    return nothing_asked and (hearing.number(message.text) is not None or _rates(turn, message))


def _asks_to_see(turn: Turn, message: PersonsMessage) -> bool:
    return turn.talk.state == "review" and hearing.says_yes(message.text)


def _rates(turn: Turn, message: PersonsMessage) -> bool:
    found, waiting = hearing.mark(message.text), turn.world.to_rate
    if found is None or len(waiting) != 1:
        return False
    return waiting[0].open or not found[1]


def _choice_of(turn: Turn, message: PersonsMessage) -> str | None:
    """The choice that a text makes among those that are open."""
    talk = turn.talk
    if not talk.open or talk.asked_at is None:
        return None
    place = hearing.number(message.text)
    if place is not None and 1 <= place <= len(talk.open):
        return talk.open[place - 1] if turn.now - talk.asked_at <= _NUMBERS_HOLD else None
    return _by_yes_or_no(talk.open, message.text) or hearing.offered(message.text, talk.open)


def _by_yes_or_no(ids: tuple[str, ...], text: str) -> str | None:
    """The choice that a yes or a no makes: also where it is asked whether something becomes a new complaint, and a yes
    where one answer is offered.
    """
    new, left = belonging.NEW_OR_LEFT
    if hearing.says_yes(text):
        offered = [id_ for id_ in ids if id_.startswith(drafting.OFFERED)]
        agreed = "yes" if "yes" in ids else new if ids == belonging.NEW_OR_LEFT else None
        return offered[0] if len(offered) == 1 else agreed
    if hearing.says_no(text):
        return "no" if "no" in ids else left if ids == belonging.NEW_OR_LEFT else None
    return None


def _command(turn: Turn, message: PersonsMessage) -> None:
    match message.kind:
        case "reaction" | "moved":
            return
        case "unreadable" | "contact":
            _puzzled(turn, message)
        case "edit":
            _edited(turn, message)
        case "revoke":
            _revoked(turn, message)
        case "choice":
            _chosen(turn, message.choice, message)
        case _:
            chosen = _choice_of(turn, message)
            if chosen is not None:
                _chosen(turn, chosen, message)
            elif word := hearing.keyword(message.text):
                _asked(turn, word, message)
            elif _asks_to_see(turn, message):
                drafting.review(turn)  # a yes does not say how much may be shown
            elif not belonging.rated(turn, message):
                turn.say("no_question")


def _asked(turn: Turn, word: str, message: PersonsMessage) -> None:
    state = turn.talk.state
    match word:
        case "status":
            belonging.status(turn, belonging.named_in(turn, message))
        case "withdraw":
            belonging.withdraw(turn, belonging.named_in(turn, message))
        case "help":
            belonging.show_menu(turn)
        case "cancel":
            _cancelled(turn)
        case "english" | "indonesian" | "quiet" | "unquiet":
            _wished(turn, word, message)
        case "person":
            belonging.call(turn, message)
        case "change" if state == "review":
            drafting.change(turn)
        case "skip" | "done":
            _ready(turn, word, message)
        case _:
            turn.say("no_question")


def _ready(turn: Turn, word: str, message: PersonsMessage) -> None:
    """What is asked for is left out; or the draft, or a complaint that waits, is complete."""
    state, done = turn.talk.state, word == "done"
    if state == "asking":
        drafting.leave(turn)
    elif state == "draft" and done:
        drafting.decided(turn, "yes")
    elif not (state == "idle" and done and belonging.completed(turn, message)):
        turn.say("no_question")


def _cancelled(turn: Turn) -> None:
    """What is being written or asked is dropped."""
    had = turn.talk.state in ("draft", "asking", "review", "choosing", "confirming")
    if had:
        turn.drop()
    turn.say("cancelled" if had else "nothing_to_cancel")


def _wished(turn: Turn, word: str, message: PersonsMessage) -> None:
    """How the person wants to be spoken to from now on."""
    if word in ("quiet", "unquiet"):
        turn.effects.append(Quiet(word == "quiet", message.id))
        turn.say(word)
        return
    turn.change(language="en" if word == "english" else "id")
    turn.say("language")


def _chosen(turn: Turn, choice: str, message: PersonsMessage) -> None:
    if choice.startswith("menu:"):
        _menu(turn, choice)
        return
    if choice not in turn.talk.open:
        _pressed_late(turn, choice, message)
        return
    match turn.talk.state:
        case "draft":
            drafting.decided(turn, choice)
        case "asking":
            drafting.chosen(turn, choice)
        case "review" if choice.startswith("e:"):
            drafting.ask_again(turn, choice.removeprefix("e:"))
        case "review":
            drafting.shown_as(turn, choice.removeprefix("p:"))
        case "choosing":
            belonging.chosen(turn, choice)
        case "confirming":
            belonging.confirmed(turn, choice, message.id)
        case _:
            turn.say("stale")


def _pressed_late(turn: Turn, choice: str, message: PersonsMessage) -> None:
    """A button of something that is over; that of a letter's template, which comes as it is called, asks for news."""
    ticket = turn.world.quoted.get(message.quotes, "")
    if ticket and choice == message.text:
        belonging.status(turn, ticket)
    else:
        turn.say("stale")


def _menu(turn: Turn, choice: str) -> None:
    match choice:
        case "menu:file":
            belonging.invite(turn)
        case "menu:status":
            belonging.status(turn, "")
        case _:
            turn.say("help")


def _take(turn: Turn, messages: Sequence[PersonsMessage]) -> None:
    """Messages to be written down, that came together."""
    if not messages:
        return
    _helped(turn, messages)
    there = [_without_a_far_place(turn, each) for each in messages]
    if far := there != list(messages):
        turn.say("place_far")
    messages = there
    pieces = [Piece(each.id, each.at, each.text, each.media, each.lost) for each in messages]
    _say_what_is_refused(turn, [code for each in messages for code in each.refused])
    if any(each.lost for each in messages):
        turn.say("media_lost")
    if not any(piece.text or piece.media for piece in pieces) and not any(each.place for each in messages):
        if far and turn.talk.state == "asking":
            drafting.too_far(turn)
        return
    _write_down(turn, messages, pieces)


def _say_what_is_refused(turn: Turn, refused: Sequence[str]) -> None:
    """How many files are not taken, and what would be."""
    too_large, together = refused.count("file_too_large"), refused.count("files_too_large")
    if too_large:
        turn.say("media_too_large", files=str(too_large))
    if together:
        turn.say("media_no_room", files=str(together))
    if others := len(refused) - too_large - together:
        turn.say("media_refused", files=str(others))


def _helped(turn: Turn, messages: Sequence[PersonsMessage]) -> None:
    """Whoever may be in danger is told whom to call before anything else, whatever they are writing about."""
    last = turn.talk.helped_at
    told = last is not None and turn.now - last < _HELP_HOLDS
    if not told and any(hearing.is_emergency(message.text) for message in messages):
        turn.change(helped_at=turn.now)
        turn.say("emergency")


def _puzzled(turn: Turn, message: PersonsMessage) -> None:
    """A message of a kind that nobody reads here, which is said once, however many come; or somebody's card."""
    last, draft = turn.talk.puzzled_at, turn.talk.draft
    if message.number and turn.talk.state == "asking" and turn.talk.field == "reporter.phone":
        drafting.number_given(turn, message.number)
    elif message.number:
        belonging.number_given(turn, message)
    elif message.kind == "contact":
        writing = draft is not None and turn.talk.state != "filing" and len(draft.pieces) < MOST_MESSAGES
        if draft is not None and writing and message.text:
            card = Piece(message.id, message.at, message.text)
            turn.change(draft=replace(draft, pieces=(*draft.pieces, card)))
            turn.say("contact_kept")
        else:
            turn.say("contact")
    elif last is None or turn.now - last >= _PUZZLED_AGAIN:
        turn.change(puzzled_at=turn.now)
        turn.say("unreadable")


def _write_down(turn: Turn, messages: Sequence[PersonsMessage], pieces: Sequence[Piece]) -> None:
    """Messages that say something, by where the conversation stands."""
    match turn.talk.state:
        case "draft" | "review":
            drafting.more(turn, messages, pieces)
        case "asking":
            drafting.answer(turn, messages, pieces)
        case "filing":
            held = turn.talk.held
            turn.change(held=belonging.with_pin([*([held] if held else []), *pieces], messages))
        case "choosing" if turn.talk.held is not None:
            turn.change(held=belonging.with_pin([turn.talk.held, *pieces], messages))
            turn.say("choose_first")
        case _:
            belonging.route(turn, messages, pieces)


def _without_a_far_place(turn: Turn, message: PersonsMessage) -> PersonsMessage:
    """A message, and of a pin far from the government nothing: somebody is there, and nothing happened there."""
    place = message.place
    if place is None or is_near(turn.world.area, place[0], place[1], NEAR_KM):
        return message
    return replace(message, place=None)


def _edited(turn: Turn, message: PersonsMessage) -> None:
    """A message of the draft says something else now; of another it is a message of its own.

    One without words takes none away: a live place that moves on is edited every few seconds, and what changed may be
    of a kind that nobody reads here.
    """
    draft = turn.talk.draft
    if not message.text or (
        draft and (message.quotes, message.text) in [(each.id, each.text) for each in draft.pieces]
    ):
        return
    if draft is None or all(piece.id != message.quotes for piece in draft.pieces) or turn.talk.state == "filing":
        if not belonging.corrected(turn, message):
            _take(turn, [replace(message, kind="text", quotes="")])
        return
    pieces = tuple(replace(piece, text=message.text) if piece.id == message.quotes else piece for piece in draft.pieces)
    turn.change(draft=replace(draft, pieces=pieces))
    if turn.talk.state == "draft":
        drafting.more(turn, [], [])


def _revoked(turn: Turn, message: PersonsMessage) -> None:
    """A message of the draft is gone; of what was filed none is, which is said once. Of any other nothing was kept."""
    draft = turn.talk.draft
    drafted = draft is not None and any(piece.id == message.quotes for piece in draft.pieces)
    if draft is None or not drafted or turn.talk.state == "filing":
        filed = drafted or any(message.quotes in own.messages for own in turn.world.own)
        if filed and not turn.has_said("revoked_too_late"):
            turn.say("revoked_too_late")
        return
    left = tuple(piece for piece in draft.pieces if piece.id != message.quotes)
    if not any(piece.text or piece.media for piece in left):
        turn.drop()
        turn.say("cancelled")
        return
    turn.change(draft=replace(draft, pieces=left))
    if gone := tuple(file for piece in draft.pieces if piece not in left for file in piece.media):
        turn.effects.append(ForgetFiles(gone))
