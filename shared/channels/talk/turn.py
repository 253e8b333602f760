"""One turn of a conversation while it is being thought out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.channels.carrier import Choice
from shared.channels.talk.state import Draft, State, Talk
from shared.channels.talk.world import Effect, ForgetFiles, Own, Say, World


class Turn:
    """Where the conversation stands and what came of it so far. Nobody outside of a step ever sees one.

    :param talk: changed as the turn goes on.
    """

    def __init__(self, talk: Talk, world: World, now: datetime) -> None:
        self.talk = talk
        self.world = world
        self.now = now
        self.effects: list[Effect] = []

    @property
    def draft(self) -> Draft:
        """The draft, in the states that have one."""
        if self.talk.draft is None:
            raise ValueError(f"a conversation in {self.talk.state} without a draft")
        return self.talk.draft

    def say(
        self, key: str, choices: Sequence[tuple[str, str]] = (), about: str = "", receipt: str = "", **values: str
    ) -> None:
        """Tell something.

        :param choices: ids and titles of what may be chosen then; a title that begins with ``:`` is a key of texts.
        """
        offered = tuple(Choice(id_, title) for id_, title in choices)
        self.effects.append(Say(key, values, offered, about, receipt))

    def has_said(self, key: str) -> bool:
        """Whether that was told in this turn."""
        return any(isinstance(each, Say) and each.key == key for each in self.effects)

    def ask(self, state: State, key: str, choices: Sequence[tuple[str, str]] = (), **values: Any) -> None:
        """Tell something that wants an answer, and wait for it."""
        spans = {
            "draft": self.world.forget_draft_after,
            "asking": self.world.file_unfinished_after,
            "review": self.world.file_unfinished_after,
        }
        wake = self.now + spans.get(state, timedelta(hours=24))
        ids = tuple(id_ for id_, _ in choices)
        self.talk = replace(self.talk, state=state, open=ids, asked_at=self.now, wake_at=wake)
        self.say(key, choices, **values)

    def change(self, **changes: Any) -> None:
        """Change where the conversation stands."""
        self.talk = replace(self.talk, **changes)

    def idle(self) -> None:
        """Nothing is under way any more."""
        self.talk = self.talk.idle()

    def drop(self) -> None:
        """Nothing is under way any more, and what was sent for it is forgotten."""
        self.forget_files(
            (self.talk.draft.media if self.talk.draft else ()) + (self.talk.held.media if self.talk.held else ())
        )
        self.idle()

    def forget_files(self, media: Iterable[str]) -> None:
        """Files for which nobody waits any more are forgotten."""
        if gone := tuple(media):
            self.effects.append(ForgetFiles(gone))

    def went_to(self, ticket: str, *, handed: bool) -> None:
        """Something went to a complaint: what is written right afterwards is of it too.

        :param handed: whether it was there already, and was handed words.
        """
        self.change(recent=ticket, recent_at=self.now, handed=handed)

    def own(self, ticket: str) -> Own | None:
        """A complaint of the person's by its ticket."""
        return next((each for each in self.world.own if each.ticket == ticket), None)
