"""From the first message to a filed complaint: the draft, what is asked for it, the last look, the receipt."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.base.shortening import shortened
from shared.base.whole_numbers import whole_number
from shared.channels.talk import hearing
from shared.channels.talk.answers import ASKED, Unfit, answered, is_story, proposed_title
from shared.channels.talk.places import places_in
from shared.channels.talk.state import MOST_MESSAGES, Draft, Piece
from shared.channels.talk.turn import Turn
from shared.channels.talk.world import Act, Filed, NotFiled, PersonsMessage, Submit, place_of
from shared.domain.complaint.privacy import PRIVACIES

_TRIES: Final = 3
_FILING: Final = timedelta(seconds=30)
"""After so long without a number the person hears that it follows."""
_SHOWN: Final = 300
_SHOWN_BY_SMS: Final = 60
_YES, _MORE, _NO = ("yes", ":yes"), ("more", ":more"), ("no", ":no")
OFFERED: Final = "f:"
"""How the id of an answer begins that is offered to a question."""
_FEW: Final = 5
"""Choices where each costs letters of an SMS."""


def begin(turn: Turn, messages: Sequence[PersonsMessage], pieces: Sequence[Piece]) -> None:
    """A new complaint, of messages that belong to nothing else."""
    first = replace(pieces[0], text=hearing.opened(pieces[0].text))
    place = place_of(messages)
    draft = Draft(
        account=turn.world.account,
        pieces=(first, *pieces[1:]),
        place=place,
        forwarded=any(message.forwarded for message in messages),
        referred=turn.talk.referred,
    )
    turn.change(draft=draft, referred=False)
    if not draft.text:
        _ask_for_words(turn, messages)
    else:
        turn.ask("draft", "draft", [_YES, _MORE, _NO], text=_shown(turn, draft), files=_files(draft))


def more(turn: Turn, messages: Sequence[PersonsMessage], pieces: Sequence[Piece]) -> None:
    """More of the complaint that is being written."""
    draft = turn.draft
    room = max(MOST_MESSAGES - len(draft.pieces), 0)
    if room < len(pieces):
        turn.say("draft_full")
        turn.forget_files(file for piece in pieces[room:] for file in piece.media)
    place = place_of(messages) or draft.place
    draft = replace(draft, pieces=(*draft.pieces, *pieces[:room]), place=place)
    turn.change(draft=draft)
    if turn.talk.state == "review":
        review(turn)
    elif draft.text:
        turn.ask("draft", "draft", [_YES, _MORE, _NO], text=_shown(turn, draft), files=_files(draft))
    else:
        _ask_for_words(turn, messages)


def _ask_for_words(turn: Turn, messages: Sequence[PersonsMessage]) -> None:
    """A complaint needs words: who looks for it, sorts it and counts it reads. What was recorded a desk may hear."""
    recorded = any(message.recordings for message in messages)
    turn.ask("draft", "draft_recording" if recorded else "draft_without_words", [_NO])


def decided(turn: Turn, choice: str) -> None:
    """The draft is to be filed, goes on, or is dropped."""
    if choice == "yes" and turn.draft.text:
        draft = replace(turn.draft, confirmed=True)
        turn.change(draft=draft, queue=tuple(_wanting(turn, draft)))
        _next(turn)
    elif choice == "yes":
        turn.ask("draft", "draft_without_words", [_NO])
    elif choice == "more":
        turn.ask("draft", "go_on", [_YES, _NO])
    else:
        turn.drop()
        turn.say("cancelled")


def answer(turn: Turn, messages: Sequence[PersonsMessage], pieces: Sequence[Piece]) -> None:
    """What was written while something is asked for."""
    field, draft = turn.talk.field, turn.draft
    media = tuple(file for piece in pieces for file in piece.media)
    place = place_of(messages)
    held = [turn.talk.held] if turn.talk.held else []  # a story that was asked about, and goes on
    text = "\n".join(piece.text for piece in (*held, *pieces) if piece.text)
    turn.change(held=None)
    if media or place:
        kept = Piece(pieces[0].id, pieces[0].at, media=media, lost=sum(piece.lost for piece in pieces))
        draft = replace(draft, pieces=(*draft.pieces, kept), place=place or draft.place)
        turn.change(draft=draft)
    if field == "attachments":
        if text:  # words beside the photos belong to the complaint
            turn.change(draft=replace(draft, pieces=(*draft.pieces, replace(pieces[0], text=text, media=()))))
        _put(turn, "attachments") if not media else turn.ask("asking", "more_files", [("done", ":done")])
    elif field == "location" and place:
        _next(turn)
    elif not text:
        _put(turn, field)
    elif is_story(field, text):
        turn.change(held=replace(pieces[0], text=text, media=()))
        turn.ask("asking", "is_it_a_story", [("story:add", ":story_add"), ("story:answer", ":story_answer")])
    else:
        _given(turn, text)


def chosen(turn: Turn, choice: str) -> None:
    """A choice while something is asked for."""
    held = turn.talk.held
    if choice == "story:add" and held is not None:
        _take_in_held(turn)
        _put(turn, turn.talk.field)
    elif choice == "story:answer" and held is not None:
        if not _fits(turn, held.text):
            _take_in_held(turn)  # as an answer it is none: as a part of the complaint it is not lost
        turn.change(held=None)
        _given(turn, held.text)
    elif choice in ("skip", "done"):
        leave(turn)
    elif choice.startswith("next:"):
        _put(turn, turn.talk.field, whole_number(choice.removeprefix("next:")) or 0)
    else:
        _given(turn, choice.removeprefix(OFFERED))


def number_given(turn: Turn, number: str) -> None:
    """The number of their telephone, as it was asked for."""
    turn.change(draft=replace(turn.draft, fields={**turn.draft.fields, "reporter.phone": number}))
    _next(turn)


def leave(turn: Turn) -> None:
    """The field stays missing; a desk may ask for it."""
    field = turn.talk.field
    _take_in_held(turn)
    if field != "attachments" or not turn.draft.media:
        turn.change(draft=replace(turn.draft, missing=(*turn.draft.missing, field)))
    _next(turn)


def review(turn: Turn) -> None:
    """The last look, with the one question that is left: how much of it may be shown."""
    draft = turn.draft
    choices = [(f"p:{privacy}", f":privacy_{privacy}") for privacy in PRIVACIES]
    turn.ask(
        "review",
        "review",
        choices,
        text=_short(draft.text, _SHOWN),
        name=draft.fields.get("reporter.name", "-"),
        address=draft.fields.get("reporter.address", "-"),
        files=str(len(draft.media)),
    )


def change(turn: Turn) -> None:
    """Ask what of the answers is to be given anew; more of the complaint itself is simply written."""
    given = [field for field in ASKED if field in turn.draft.fields]
    if not given:
        turn.ask("draft", "go_on", [_YES, _NO])
        return
    turn.ask("review", "change_which", [(f"e:{each}", f":field_{each.rpartition('.')[2]}") for each in given])


def ask_again(turn: Turn, field: str) -> None:
    """Ask for a field anew, and come back to the last look then."""
    kept = {name: value for name, value in turn.draft.fields.items() if name != field}
    turn.change(draft=replace(turn.draft, fields=kept), field=field, queue=(), tries=0)
    _put(turn, field)


def shown_as(turn: Turn, privacy: str) -> None:
    """The person has said how much may be shown: nothing is missing any more."""
    turn.change(draft=replace(turn.draft, fields={**turn.draft.fields, "privacy": privacy}))
    submit(turn)


def submit(turn: Turn, *, left: bool = False) -> None:
    """File the draft as it is.

    :param left: since its person, who had said yes, has fallen silent.
    """
    _take_in_held(turn)
    turn.effects.append(Submit(turn.draft, left))
    turn.change(state="filing", open=(), asked_at=None, wake_at=turn.now + _FILING, field="", queue=())


def filed(turn: Turn, receipt: Filed) -> Piece | None:
    """The draft has become a complaint.

    :returns: what was written while it was being filed, and belongs to nothing yet.
    """
    draft, held = turn.draft, turn.talk.held
    turn.idle()
    turn.went_to(receipt.ticket, handed=False)
    filed_beside(turn, draft, receipt)
    return held


def filed_beside(turn: Turn, draft: Draft, receipt: Filed) -> None:
    """A draft has become a complaint: its files go there, its person is told, and whatever is under way goes on."""
    if draft.media:
        turn.effects.append(Act(receipt.ticket, "attach", draft.id, media=draft.media))
    key = "filed_incomplete" if draft.missing else "filed"
    ticket = receipt.ticket
    turn.say(key, about=ticket, receipt=receipt.dossier, ticket=ticket, code=receipt.code, due=receipt.due)


def not_filed(turn: Turn, refused: NotFiled) -> None:
    """The draft was refused, and is still there: what was wrong of it is asked for again."""
    if refused.field in ASKED:
        turn.change(draft=replace(turn.draft, fields={**turn.draft.fields, refused.field: ""}))
        turn.say("field_refused", why=refused.why)
        ask_again(turn, refused.field)
        return
    turn.change(draft=replace(turn.draft, confirmed=False))
    turn.ask("draft", "not_filed", [_YES, _MORE, _NO], why=refused.why)


def _take_in_held(turn: Turn) -> None:
    """A story whose question nobody answered belongs to the complaint."""
    if turn.talk.held is not None:
        turn.change(draft=replace(turn.draft, pieces=(*turn.draft.pieces, turn.talk.held)), held=None)


def _wanting(turn: Turn, draft: Draft) -> list[str]:
    world = turn.world
    needed = {("location" if name.startswith("location.") else name) for name in world.required}
    there = {*draft.fields, *(["attachments"] if draft.media else []), *(["location"] if draft.place else [])}
    there |= {"reporter.phone"} if world.number else set()
    cannot = {*([] if world.files else ["attachments"]), *([] if world.categories else ["category"])}
    return [field for field in ASKED if field in needed and field not in there and field not in cannot]


def _next(turn: Turn) -> None:
    """Ask for the next field; or look at it for the last time; or file it."""
    if turn.talk.queue:
        field, *rest = turn.talk.queue
        turn.change(field=field, queue=tuple(rest), tries=0)
        _put(turn, field)
    elif turn.world.asks_privacy and "privacy" not in turn.draft.fields:
        turn.change(field="")
        review(turn)
    else:
        submit(turn)


def _put(turn: Turn, field: str, start: int = 0) -> None:
    """Ask for a field, with what can be offered.

    :param start: of more than can be offered at once, from where on.
    """
    world, draft = turn.world, turn.draft
    offered: list[str] = []
    if field == "reporter.name" and len([sign for sign in world.name if sign.isalpha()]) >= 2:
        offered = [world.name[:100]]
    elif field == "title":
        offered = [proposed_title(draft.text)]
    elif field == "category":
        room = (world.pressed - 2) if world.pressed else _FEW
        offered = list(world.categories[start : start + room])
    choices = [(f"{OFFERED}{each}", each) for each in offered]
    if field == "category" and start + len(offered) < len(world.categories):
        choices.append((f"next:{start + len(offered)}", ":others"))
    if field in ("category", "attachments"):
        choices.append(("skip", ":skip"))
    turn.ask("asking", f"ask_{field.rpartition('.')[2]}", choices)


def _given(turn: Turn, text: str) -> None:
    field, draft = turn.talk.field, turn.draft
    try:
        kept = answered(field, text, turn.world)
    except Unfit as unfit:
        _unfit(turn, str(unfit), text)
        return
    found = places_in(kept, turn.world.places) if field == "location" else []
    if 1 < len(found) <= _FEW:
        choices = [(f"{OFFERED}{desa}, {kecamatan}", f"{desa}, {kecamatan}") for kecamatan, desa in found]
        turn.ask("asking", "which_place", choices)
        return
    place = {"location.kecamatan": found[0][0], "location.desa": found[0][1]} if len(found) == 1 else {}
    turn.change(draft=replace(draft, fields={**draft.fields, field: kept, **place}))
    _next(turn)


def _fits(turn: Turn, text: str) -> bool:
    try:
        answered(turn.talk.field, text, turn.world)
    except Unfit:
        return False
    return True


def _unfit(turn: Turn, why: str, text: str) -> None:
    """Ask again, a few times; then it stays missing. Of a number it is better to have what was written."""
    field, tries = turn.talk.field, turn.talk.tries + 1
    if field == "reporter.identity" and tries > 1:
        turn.change(draft=replace(turn.draft, fields={**turn.draft.fields, field: " ".join(text.split())[:100]}))
        turn.say("identity_kept")
        _next(turn)
    elif tries >= _TRIES:
        turn.say("left_out")
        leave(turn)
    else:
        turn.change(tries=tries)
        turn.say(why)
        _put(turn, field)


def too_far(turn: Turn) -> None:
    """A pin came that lies far away, and nothing else: what is asked for is asked again, a few times."""
    tries = turn.talk.tries + 1
    if tries >= _TRIES:
        turn.say("left_out")
        leave(turn)
    else:
        turn.change(tries=tries)
        _put(turn, turn.talk.field)


def _shown(turn: Turn, draft: Draft) -> str:
    return _short(draft.text, _SHOWN if turn.world.pressed else _SHOWN_BY_SMS)


def _short(text: str, most: int) -> str:
    return shortened(" ".join(text.split()), most)


def _files(draft: Draft) -> str:
    return str(len(draft.media)) if draft.media else ""
