"""What is enclosed with a letter: with an answer the paper on which an office has set it, where there is one."""

import logging
from collections.abc import Sequence
from typing import Final

from shared.application.files.handing import content, handed
from shared.application.runtime import Runtime
from shared.base.errors import NotFound
from shared.channels.carrier import Enclosure
from shared.domain.dossier.answer_letters import ANSWER_LETTER, words_on
from shared.domain.dossier.contents import text_of
from shared.domain.dossier.dossier import fold
from shared.domain.dossier.events import Answered, DossierEvent, FileAdded
from shared.domain.dossier.filed_files import files_that_count
from shared.domain.sealing import DataKey, Unsealable

log = logging.getLogger(__name__)

_MOST_BYTES: Final = 5 * 1024 * 1024
"""A mail grows by a third on its way, and many servers take ten megabytes."""


def enclosed(
    runtime: Runtime, event: DossierEvent, events: Sequence[DossierEvent], key: DataKey
) -> tuple[Enclosure, ...]:
    """The letter of the answer as PDF, the last that was made of this one; nothing where none was.

    :param event: what the letter tells of.
    :param events: the dossier's whole history.
    :raises OSError: if the store of files is away: the letter waits for it.
    """
    paper = _paper_of(event, events, key)
    if paper is None or not runtime.has_files:
        return ()
    dossier = fold(events)
    if dossier is None:
        return ()
    try:
        told = handed(dossier, [paper], key, str(paper.file))
        return (Enclosure(told["name"], told["media_type"], b"".join(content(runtime.files, told))),)
    except (NotFound, Unsealable) as gone:
        # It is told on its page; the words go all the same.
        log.warning("a letter goes without its paper", extra={"file": str(paper.file), "why": type(gone).__name__})
        return ()


def _paper_of(event: DossierEvent, events: Sequence[DossierEvent], key: DataKey) -> FileAdded | None:
    """The last paper that says what the answer says: its words may have been changed since an earlier one was set."""
    if not isinstance(event, Answered):
        return None
    given = text_of(events, key, event.originator_version)
    for paper in reversed(files_that_count(events)):
        if paper.kind == ANSWER_LETTER and paper.size <= _MOST_BYTES and words_on(paper, events, key) == given:
            return paper
    return None
