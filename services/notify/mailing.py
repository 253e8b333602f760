"""The letters of a batch on their way into the mail: none after an erasure, none more once the way out is shut."""

import logging
from dataclasses import replace
from typing import Final
from uuid import UUID

from services.notify.alarms import channel_has_trouble
from services.notify.commands import EMAIL
from services.notify.ledger import Message
from services.notify.letter import Letter
from services.notify.letters import ERASED, NoLetter, file_name
from services.notify.outbox import Outbox
from services.notify.post import OpenPost, post_for
from services.notify.refused import LetterRefused
from services.notify.smtp import POLICY
from shared.application.runtime import Runtime

log = logging.getLogger(__name__)


_OF_ITS_SIZE: Final = ("content_refused", "sender_refused")
"""What a server says of a letter that is too large: after it, or of the size that is told before it."""


class Mailing:
    """What of a batch was mailed.

    :param repeatable: whether sending twice does no harm. Then dossiers that were erased are looked for once, for all
        of the batch; else before each letter.
    """

    def __init__(self, runtime: Runtime, *, repeatable: bool) -> None:
        self._runtime = runtime
        self._repeatable = repeatable
        self._shut: LetterRefused | None = None
        self._written: dict[UUID, str] = {}

    def send(self, message: Message, letter: Letter, ticket: str, session: OpenPost) -> None:
        """Hand a letter over; what is refused with what goes with it, perhaps as too large, is tried once without.

        :raises LetterRefused: if it is not taken.
        :raises NoLetter: ``erased``.
        """
        if self._shut is not None:
            raise self._shut
        if not self._repeatable:  # else all are looked after together, before they are written
            self._check_not_erased(message)
        try:
            self._written[message.dossier] = ticket
            session.send(letter, file_name(message, ticket))
        except LetterRefused as refused:
            if letter.files and refused.permanent and refused.reason in _OF_ITS_SIZE:
                log.warning("a letter goes without what was enclosed", extra={"reason": refused.reason})
                self.send(message, replace(letter, files=()), ticket, session)
                return
            self._shut = refused if refused.everywhere else None
            if refused.reason == POLICY:
                log.error("the mail server refuses our letters by its policy", extra={"tenant": message.tenant})  # noqa: TRY400 - its code suffices
                channel_has_trouble(self._runtime, message.tenant, EMAIL, POLICY)
            raise

    def erased_meanwhile(self) -> list[str]:
        """The tickets of those whose letters were worded, and whose key has gone since."""
        if not self._repeatable or not self._written:
            return []
        erased = self._runtime.vault.keyless(None, self._written)
        for dossier in erased:
            log.info("letters of an erased dossier are taken back", extra={"dossier": str(dossier)})
        return [self._written[dossier] for dossier in erased]

    def take_back_of_erased(self) -> None:
        """Letters that were laid into the outbox while their dossier was being erased."""
        post = post_for(self._runtime.settings)
        for ticket in self.erased_meanwhile():
            if isinstance(post, Outbox):
                post.remove(ticket)
        self._written.clear()

    def _check_not_erased(self, message: Message) -> None:
        """Nothing is written after an erasure: the key may have gone since the batch was read.

        :raises NoLetter: ``erased``.
        """
        if self._runtime.vault.keyless(None, [message.dossier]):
            raise NoLetter(ERASED)
