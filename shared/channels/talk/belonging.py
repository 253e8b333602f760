"""To which complaint a message belongs, and what may be done with one: completing, replying, rating, withdrawing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from shared.channels.talk import drafting, hearing
from shared.channels.talk.state import Piece
from shared.channels.talk.turn import Turn
from shared.channels.talk.world import Act, Own, PersonsMessage, place_of
from shared.domain.complaint.schema import CALL
from shared.domain.complaint.sides import MOST_PLACE

_CORRECTED: Final = "(Diralat)"
_CALL: Final = "Mohon saya dihubungi petugas."
_NUMBER: Final = "Nomor telepon saya: {number}"
_MOST_SHOWN: Final = 5
_FILES_FOLLOW: Final = timedelta(hours=1)
"""For so long a file or a pin without a word is of the complaint of which the person last wrote."""
_WORDS_FOLLOW: Final = timedelta(minutes=1)
"""For so long words are, once something was handed to it: people write in bursts."""
NEW_OR_LEFT: Final = ("new", "leave")
"""What may be chosen where nothing can be added: it becomes a complaint of its own, or is left."""
_NEW: Final = "menu:file"
"""The choice of who wants to file a new complaint; it stays open until they have written it."""
_INVITED: Final = timedelta(minutes=15)
"""For so long what is written is what we have asked to be written."""


def route(turn: Turn, messages: Sequence[PersonsMessage], pieces: Sequence[Piece]) -> None:
    """A message while nothing is being asked: to the complaint that it quotes, names or is awaited by, or a new one."""
    wants_new = _NEW in turn.talk.open and _is_recent(turn, turn.talk.asked_at)
    if not wants_new:
        turn.idle()
    text = "\n".join(piece.text for piece in pieces if piece.text)
    about = _meant(turn, messages, text)
    waiting = [own for own in turn.world.own if own.awaits]
    bare = not any(piece.media for piece in pieces) and not any(message.place for message in messages)
    asks_for_all = bool(turn.world.own) and about is None and not wants_new and hearing.only_means_own(text)
    if bare and (asks_for_all or hearing.only_names(text, turn.world.prefixes)):
        status(turn, text)
        return
    if bare and _nodded(turn, text, about, waiting):
        return
    turn.idle()  # not before: who nods at our invitation is still to write what they were invited to
    if about is not None:
        hand_in(turn, about, messages, pieces)
        return
    opening = hearing.is_opening(text)
    if bare and hearing.only_announces(text):
        invite(turn)
        return
    announced = opening or wants_new
    recent = _recent(turn, text) if not waiting and not announced else None
    if recent is not None:
        hand_in(turn, recent, messages, pieces)
        return
    if len(waiting) == 1 and not announced:
        hand_in(turn, waiting[0], messages, pieces)
    elif waiting and not announced:
        choose(turn, waiting, pieces, messages)
    elif bare and hearing.is_greeting(text) and not (announced or _is_recent(turn, turn.talk.menu_at)):
        menu(turn, text)
    else:
        drafting.begin(turn, messages, pieces)


def completed(turn: Turn, message: PersonsMessage) -> bool:
    """Whether somebody whose complaint waits says that it is complete now, with the files that they have sent."""
    waiting = [own for own in turn.world.own if own.awaits]
    pieces = [Piece(message.id, message.at, message.text)]
    if len(waiting) == 1:
        hand_in(turn, waiting[0], [message], pieces)
    elif waiting:
        choose(turn, waiting, pieces, [message])
    return bool(waiting)


def invite(turn: Turn) -> None:
    """Ask for a new complaint: what is written next is that, and no answer to another."""
    if turn.talk.state == "idle":
        turn.change(open=(_NEW,), asked_at=turn.now)
    turn.say("write_now")


def _is_recent(turn: Turn, at: datetime | None) -> bool:
    return at is not None and turn.now - at <= _INVITED


def _nodded(turn: Turn, text: str, about: Own | None, waiting: Sequence[Own]) -> bool:
    """Whether a text adds nothing to any complaint: thanks, which are not answered, or a greeting or sign, which is.

    :param about: the complaint that it quotes or names.
    :param waiting: those that wait for the person. Whoever greets before they answer is told of these.
    """
    asked = about.awaits if about is not None else bool(waiting)
    if hearing.is_thanks(text):
        return not (asked and hearing.is_assent(text))
    if not hearing.is_wordless(text) and not hearing.only_greets(text):
        return False
    if about is not None:
        if asked or not hearing.is_wordless(text):
            _say_status(turn, [about])
    elif waiting:
        _say_status(turn, waiting)
    else:
        menu(turn, text)
    return True


def rated(turn: Turn, message: PersonsMessage) -> bool:
    """Whether a message is a mark for the one answer that waits for one; it is given then."""
    found = hearing.mark(message.text)
    waiting = turn.world.to_rate
    if found is None or len(waiting) != 1 or turn.talk.state != "idle":
        return False
    score, comment = found
    if comment and not waiting[0].open:
        return False  # "2 minggu lampu mati" is a new complaint, long after a group was answered
    fields: dict[str, Any] = {"score": score, **({"comment": comment} if comment else {})}
    turn.effects.append(Act(waiting[0].ticket, "rate", message.id, fields))
    return True


def hand_in(turn: Turn, own: Own, messages: Sequence[PersonsMessage], pieces: Sequence[Piece]) -> None:
    """Give a complaint what was written for it; what it cannot take is said, and may become a new one."""
    whole, place = together(pieces), place_of(messages)
    text, media, cause = whole.text, whole.media, whole.id
    if "supplement" in own.actions and (text or place):
        words = " ".join(place[2].split()) if place else ""
        said = f"{text}\nLokasi: {words}".lstrip() if len(words) > MOST_PLACE else text  # nothing of it is cut
        fields: dict[str, Any] = {"message": said} if said else {}
        if place:
            beside = {"text": words} if words and len(words) <= MOST_PLACE else {}
            fields["location"] = {"lat": place[0], "lon": place[1], **beside}
        turn.effects.append(Act(own.ticket, "supplement", cause, fields, media))
    elif "reply" in own.actions and text:
        turn.effects.append(Act(own.ticket, "reply", cause, {"text": text}, media))
    elif media and (own.open or "add" in own.actions) and not text and not place:
        turn.effects.append(Act(own.ticket, "files", cause, media=media))
    elif "add" in own.actions and (text or place):
        add(turn, own, cause, "\n".join(filter(None, [text, pin(place) if place else ""])), media)
    else:
        _cannot(turn, own, whole)
        return
    same = turn.talk.handed and turn.talk.recent == own.ticket
    turn.went_to(own.ticket, handed=bool(text) or same)


def add(turn: Turn, own: Own, cause: str, text: str, media: Sequence[str] = ()) -> None:
    """Add words to a complaint that asks for none: it goes on as it was, and whoever has it reads them."""
    turn.effects.append(Act(own.ticket, "add", cause, {"text": text}, tuple(media)))


def corrected(turn: Turn, message: PersonsMessage) -> bool:
    """Whether a message that was edited is part of a complaint that was filed; the correction is added to it then."""
    own = next((each for each in turn.world.own if message.quotes in each.messages and "add" in each.actions), None)
    if own is None or not message.text:
        return False
    add(turn, own, message.id, f"{_CORRECTED} {message.text}")
    return True


def kept(turn: Turn) -> bool:
    """Whether a message of which nobody said where it belongs could be kept: with the newest that it may belong to."""
    held, offered = turn.talk.held, turn.talk.open
    own = next((each for each in turn.world.own if f"d:{each.ticket}" in offered and "add" in each.actions), None)
    if held is None or own is None:
        return False
    turn.idle()
    if held.text:
        add(turn, own, held.id, held.text, held.media)
    else:
        turn.effects.append(Act(own.ticket, "files", held.id, media=held.media))
    return True


def choose(turn: Turn, among: Sequence[Own], pieces: Sequence[Piece], messages: Sequence[PersonsMessage]) -> None:
    """Ask to which of several complaints a message belongs."""
    turn.change(held=with_pin(pieces, messages))
    choices = [(f"d:{own.ticket}", f"{own.ticket} {own.title}") for own in among[:_MOST_SHOWN]]
    turn.ask("choosing", "which", [*choices, ("new", ":new")])


def with_pin(pieces: Sequence[Piece], messages: Sequence[PersonsMessage]) -> Piece:
    """Several messages as one that waits: a pin among them is kept in words."""
    held, place = together(pieces), place_of(messages)
    return replace(held, text="\n".join(filter(None, [held.text, pin(place)]))) if place else held


def chosen(turn: Turn, choice: str) -> None:
    """It is known to which complaint the message belongs."""
    held = turn.talk.held
    if held is None:
        turn.idle()
        return
    message = PersonsMessage(held.id, "text", held.at, held.text, media=held.media)
    if choice == "leave":
        turn.drop()
        turn.say("left")
        return
    turn.idle()
    own = turn.own(choice.removeprefix("d:"))
    if choice == "new" or own is None:
        drafting.begin(turn, [message], [held])
    else:
        hand_in(turn, own, [message], [held])


def named_in(turn: Turn, message: PersonsMessage) -> str:
    """A text in which the ticket stands that a command is about: its own, else that of the letter that it quotes."""
    named = hearing.tickets_in(message.text, turn.world.prefixes)
    return message.text if named else turn.world.quoted.get(message.quotes, message.text)


def status(turn: Turn, text: str) -> None:
    """Say where the person's complaints are; of a foreign one nothing that would tell whether it is there."""
    named = hearing.tickets_in(text, turn.world.prefixes)
    if named:
        own = turn.own(named[0])
        if own is None:
            turn.say("unknown_ticket", ticket=named[0])
        else:
            _say_status(turn, [own])
        return
    if not turn.world.own:
        turn.say("no_complaints")
    else:
        _say_status(turn, turn.world.own)


def _say_status(turn: Turn, among: Sequence[Own]) -> None:
    """Say where complaints are: of one with when it is to be answered."""
    if len(among) == 1:
        [own] = among
        turn.say("status", about=own.ticket, ticket=own.ticket, status=own.status, due=own.due)
    else:
        lines = [f"{own.ticket}: {own.status}" for own in among[:_MOST_SHOWN]]
        turn.say("statuses", list="\n".join(lines))


def withdraw(turn: Turn, text: str) -> None:
    """Ask whether a complaint is really to be withdrawn."""
    named = hearing.tickets_in(text, turn.world.prefixes)
    open_ones = [own for own in turn.world.own if "withdraw" in own.actions]
    if not named and len(open_ones) == 1:
        named = [open_ones[0].ticket]
    own = turn.own(named[0]) if named else None
    if not named:
        turn.say("withdraw_which")
    elif own is None:
        turn.say("unknown_ticket", ticket=named[0])
    elif "withdraw" not in own.actions:
        turn.say("cannot_withdraw", about=own.ticket, ticket=own.ticket)
    elif turn.talk.state not in ("idle", "confirming"):
        turn.say("finish_first")
    else:
        turn.change(about=own.ticket)
        turn.ask("confirming", "withdraw", [("yes", ":yes_withdraw"), ("no", ":no")], ticket=own.ticket)


def confirmed(turn: Turn, choice: str, cause: str) -> None:
    """The complaint is withdrawn, or stays."""
    ticket = turn.talk.about
    turn.idle()
    if choice == "yes":
        turn.effects.append(Act(ticket, "withdraw", cause))
    else:
        turn.say("kept", about=ticket, ticket=ticket)


def call(turn: Turn, message: PersonsMessage) -> None:
    """Somebody is to call the person: about their newest complaint, else that becomes one, once they say yes."""
    if turn.talk.state not in ("idle", "confirming"):
        turn.say("finish_first")
        return
    own = next((each for each in turn.world.own if "add" in each.actions), None)
    if own is None:
        turn.idle()
        drafting.begin(turn, [message], [Piece(message.id, message.at, _CALL)])
    else:
        turn.effects.append(Act(own.ticket, "call", message.id, {"text": _CALL, "wants": CALL}))


def number_given(turn: Turn, message: PersonsMessage) -> None:
    """Somebody has given the number of their telephone: a desk that has their complaint reads it there."""
    own = next((each for each in turn.world.own if "add" in each.actions), None)
    if own is not None and turn.talk.state == "idle":
        add(turn, own, message.id, _NUMBER.format(number=message.number))
    else:
        turn.say("number_kept")


def menu(turn: Turn, text: str) -> None:
    """What can be done here; not again and again."""
    last = turn.talk.menu_at
    if last is not None and (turn.now - last).total_seconds() < 12 * 3600:
        return
    show_menu(turn, text)


def show_menu(turn: Turn, text: str = "") -> None:
    """What can be done here, for whoever asks.

    :param text: with which they did.
    """
    turn.change(menu_at=turn.now)
    choices = [("menu:file", ":menu_file"), ("menu:status", ":menu_status"), ("menu:help", ":menu_help")]
    turn.say("menu", choices, salam="1" if hearing.is_salam(text) else "")


def _recent(turn: Turn, text: str) -> Own | None:
    """The complaint of which the person has just written, if what follows is most likely of it."""
    last, at = turn.own(turn.talk.recent), turn.talk.recent_at
    if last is None or at is None or not last.open:
        return None
    span = turn.now - at
    follows = span <= (_WORDS_FOLLOW if text else _FILES_FOLLOW) and (turn.talk.handed or not text)
    return last if follows else None


def _meant(turn: Turn, messages: Sequence[PersonsMessage], text: str) -> Own | None:
    quoted = [turn.world.quoted[message.quotes] for message in messages if message.quotes in turn.world.quoted]
    for ticket in (*quoted, *hearing.tickets_in(text, turn.world.prefixes)):
        if own := turn.own(ticket):
            return own
    return None


def _cannot(turn: Turn, own: Own, whole: Piece) -> None:
    """Nothing more can be written to it now. What was written may be a complaint of its own."""
    turn.change(held=whole)
    key = "cannot_add" if own.open else "has_ended"
    choices = [(each, f":{each}") for each in NEW_OR_LEFT] if whole.text or whole.media else []
    turn.ask("choosing", key, choices, about=own.ticket, ticket=own.ticket)


def together(pieces: Sequence[Piece]) -> Piece:
    """Several messages as one, under the id of the first."""
    first = pieces[0]
    return Piece(
        first.id,
        first.at,
        "\n".join(piece.text for piece in pieces if piece.text),
        tuple(file for piece in pieces for file in piece.media),
        sum(piece.lost for piece in pieces),
    )


def pin(place: tuple[float, float, str]) -> str:
    """A place in words."""
    return " ".join(filter(None, [place[2], f"({place[0]:.6f}, {place[1]:.6f})"]))
