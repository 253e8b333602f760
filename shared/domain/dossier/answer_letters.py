"""Letters on which an office sets an answer: what they say, and which of them are the reporter's to read."""

from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.dossier.contents import text_of
from shared.domain.dossier.dossier import Dossier, fold, undoes_disposition
from shared.domain.dossier.events import Answered, DossierEvent, FileAdded, Reopened
from shared.domain.sealing import DataKey

ANSWER_LETTER: Final = "answer_letter"


def answer_of(dossier: Dossier, events: Sequence[DossierEvent], key: DataKey) -> str | None:
    """The answer that a letter conveys: as it was given, else as it is drafted; none if nobody has written one.

    Of a complaint that was reopened, the draft of the answer that is to come.
    """
    return text_of(events, key, dossier.draft) or text_of(events, key, dossier.answered)


def words_on(paper: FileAdded, events: Sequence[DossierEvent], key: DataKey) -> str | None:
    """What stood to be conveyed when a letter was added.

    :param events: the dossier's whole history.
    """
    before = events[: paper.originator_version - 1]
    dossier = fold(before)
    return None if dossier is None else answer_of(dossier, before, key)


def given_letters(events: Sequence[DossierEvent], key: DataKey | None) -> Iterator[FileAdded]:
    """The letters that the reporter may have: of an answer that was given.

    What the system set must bear the very words of an answer that was given: a draft that nobody authorised is none.
    What an office has written itself is taken at its word.

    :param key: none of what was erased: then there is nothing to be read.
    """
    if key is None:
        return
    said = {(text_of(events, key, each.originator_version) or "").strip() for each in events if _is_final(each)}
    for paper in events:
        if not isinstance(paper, FileAdded) or paper.kind != ANSWER_LETTER or not _was_given(paper, events):
            continue
        if paper.number is None or (words_on(paper, events, key) or "").strip() in said:
            yield paper


def _was_given(paper: FileAdded, events: Sequence[DossierEvent]) -> bool:
    """Whether an answer was given to which a letter belongs: before it, or since, by who had it then."""
    earlier = reversed(events[: paper.originator_version - 1])
    last = next((event for event in earlier if _is_final(event) or isinstance(event, Reopened)), None)
    if last is not None and _is_final(last):
        return True
    later = (event for event in events[paper.originator_version :] if _is_final(event) or undoes_disposition(event))
    following = next(later, None)
    return following is not None and _is_final(following)


def _is_final(event: DossierEvent) -> bool:
    return isinstance(event, Answered) and event.kind == "final"
