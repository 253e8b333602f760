"""What came of a conversation's effects, and that nobody wrote: told, and taken as where it goes on from."""

from dataclasses import replace
from typing import Final

from shared.channels.talk import belonging, drafting
from shared.channels.talk.state import Draft, Talk
from shared.channels.talk.turn import Turn
from shared.channels.talk.uniting import united
from shared.channels.talk.world import Done, Filed, NotDone, NotFiled, Woken

_SAID_OF: Final = frozenset({"supplement", "reply", "rate", "withdraw", "files", "add", "call"})


def happened(turn: Turn, item: Filed | NotFiled | Done | NotDone | Woken) -> None:
    """Take in what became of what was asked for, or that time has passed."""
    match item:
        case Filed(draft=draft) | NotFiled(draft=draft) if draft is not None and not _waits_for(turn, draft):
            _back_beside(turn, draft, item)
        case Filed() | NotFiled() if turn.talk.state == "filing":
            _back(turn, item)
        case Done(ticket=ticket, action=action) if action in _SAID_OF:
            own = turn.own(ticket)
            # Words may follow the files: a desk has them within the hour.
            waits = action == "files" and own is not None and own.awaits
            turn.say("done_files_wait" if waits else f"done_{action}", about=ticket, ticket=ticket)
            _say_what_was_left(turn, item)
            if action == "call" and turn.world.shares_number and not turn.world.number:
                turn.say("call_number", about=ticket)
        case Done(without_files=why) if why:
            _say_what_was_left(turn, item)
        case NotDone(ticket=ticket, why=why):
            turn.say("not_done", about=ticket, ticket=ticket, why=why)
        case Woken() if turn.talk.wake_at is not None and turn.talk.wake_at <= turn.now:
            _woken(turn)
        case _:
            return


def _waits_for(turn: Turn, draft: Draft) -> bool:
    """Whether it is this draft that the conversation waits for: of two who were one each may have had one filed."""
    return turn.talk.state == "filing" and turn.draft.id == draft.id


def _back(turn: Turn, item: Filed | NotFiled) -> None:
    """The draft that is waited for is filed, or refused."""
    if isinstance(item, NotFiled):
        drafting.not_filed(turn, item)
        return
    held = drafting.filed(turn, item)
    if held is not None:
        drafting.begin(turn, [], [held])


def _back_beside(turn: Turn, draft: Draft, item: Filed | NotFiled) -> None:
    """A draft is that another name of theirs had filed; if it was refused, its words go on as if they were new."""
    if isinstance(item, Filed):
        drafting.filed_beside(turn, draft, item)
        return
    turn.talk = united(turn.talk, Talk("draft", draft))
    if turn.talk.state == "draft" and turn.draft.id == draft.id:
        drafting.not_filed(turn, item)


def _say_what_was_left(turn: Turn, done: Done) -> None:
    if done.without_files:
        turn.say("files_not_taken", about=done.ticket, ticket=done.ticket, why=done.without_files)


def _woken(turn: Turn) -> None:
    match turn.talk.state:
        case "asking" | "review" if turn.draft.confirmed:
            left = (turn.talk.field,) if turn.talk.field else ()
            missing = (*turn.draft.missing, *left, *turn.talk.queue)
            turn.change(draft=replace(turn.draft, missing=missing))
            drafting.submit(turn, left=True)
        case "filing":
            turn.change(wake_at=None)
            turn.say("number_follows")
        case "choosing" if belonging.kept(turn):
            return
        case "draft" | "choosing":
            turn.drop()
            turn.say("forgotten")
        case _:
            turn.drop()
