"""What an SOP says beside its steps."""

from dataclasses import dataclass

from shared.domain.classifying.model import Model
from shared.domain.dossier.event_name import EventName
from shared.domain.sop.vocabulary import AnswerKind, ComplaintClass, ReturnWhy


@dataclass(frozen=True, kw_only=True)
class NamedChannel:
    """A way in which complaints come in.

    :param id: its name in submissions.
    :param title: what people call it.
    :param address: its number or address, as printed.
    """

    id: str
    title: str
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class KnownGap:
    """Where the source is silent, cut off or contradicts itself, and how we read it until its owner says otherwise.

    :param where: the step or field that it is about.
    :param source: what the source says, or fails to say.
    :param reading: what we make of it.
    :param confirmed: whether the government has confirmed the reading.
    """

    where: str
    source: str
    reading: str
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class NotifyRule:
    """Who is told of an event.

    :param on: the event's type.
    :param tell: actors, ``reporter``, ``agency`` (the one responsible) or ``holder`` (whoever must act next).
    :param step: only for events in this step.
    :param to_step: only for events that lead into this step.
    :param kind: only for answers of this kind.
    :param why: only for returns for this cause.
    :param template: the message to send, where it is not the event's own.
    :param source: where it comes from, for an addition that the SOP's own document does not state, e.g. ``practice``.
    :param confirmed: whether the government has confirmed the addition.
    """

    on: EventName
    tell: tuple[str, ...]
    step: str | None = None
    to_step: str | None = None
    kind: AnswerKind | None = None
    why: ReturnWhy | None = None
    template: str | None = None
    source: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class KeywordRule:
    """Words that give a complaint away.

    :param words: words or phrases, matched whole, in any case, with any affix.
    :param hints: words that count half, and decide nothing alone.
    :param classification: the class they speak for.
    :param category: the category they speak for.
    :param office: the office they speak for that owns no category: such a complaint goes to a person.
    """

    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    classification: ComplaintClass | None = None
    category: str | None = None
    office: str | None = None


@dataclass(frozen=True, kw_only=True)
class Classification:
    """How complaints are classified without a person.

    :param rules: all of them count, see :mod:`shared.domain.classifying`. Those of ``rules_from`` come last.
    :param rules_from: a file of rules that several SOPs share, relative to the SOP's own.
    :param default_classification: where no rule speaks.
    :param default_category: where no rule speaks; none leaves it to a person.
    :param model: what was learned beside the words; named by the file of ``rules_from``.
    """

    rules: tuple[KeywordRule, ...] = ()
    rules_from: str | None = None
    default_classification: ComplaintClass | None = None
    default_category: str | None = None
    model: Model | None = None


@dataclass(frozen=True, kw_only=True)
class Register:
    """A record that the SOP wants kept.

    :param id: its name.
    :param title: what the source calls it.
    :param form: ``electronic`` or ``manual`` (printable).
    :param every: how often it is drawn up, e.g. ``month``; none for one kept running.
    """

    id: str
    title: str
    form: str
    every: str | None = None
