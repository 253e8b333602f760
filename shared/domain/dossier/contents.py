"""What was written in a dossier: the private parts of its events, opened with its key."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from shared.base.blank import is_blank
from shared.base.names import canonical
from shared.base.times import to_iso
from shared.domain.complaint.dotted import value_at
from shared.domain.complaint.sides import AS_WRITTEN
from shared.domain.dossier.events import Added, CodeRenewed, ComplaintFiled, DataAnswered, DossierEvent, Supplemented
from shared.domain.sealing import DataKey

_PLACE: Final = "location"
_IN_WORDS: Final = "text"
_AS_SAID: Final = ("reporter", "title", "message", "attachments", "occurred_at", "external_id")
_NAMED: Final = (f"{_PLACE}.kecamatan", f"{_PLACE}.desa", "category")
"""Fields for which any words do: that the lists have no such entry is no fault of the reporter's."""
GIVING: Final = (ComplaintFiled, Supplemented, Added, DataAnswered)
"""The events in which a reporter gives something, or has it put right."""
CALLING: Final = (ComplaintFiled, Supplemented, Added)
"""Those of them by which a complaint is called something."""


def opened(event: DossierEvent, key: DataKey | None) -> dict[str, Any]:
    """The private fields of one event; empty where there are none or the key was destroyed.

    :raises Unsealable: if the sealed part was tampered with or belongs to another event.
    """
    if event.sealed is None or key is None:
        return {}
    return key.open(event.sealed, event.type)


def tracking_code_of(events: Sequence[DossierEvent], key: DataKey | None) -> str:
    """The tracking code that holds now: the latest that the reporter was given. Blank if it cannot be read."""
    given = [event for event in events if isinstance(event, ComplaintFiled | CodeRenewed)]
    return str(opened(given[-1], key).get("tracking_code") or "") if given else ""


def given_in(event: DossierEvent, key: DataKey | None) -> dict[str, Any]:
    """What the reporter gave in a filing, a supplement or an addition, in the shape of a complaint; else nothing.

    :returns: also ``as_written``: what could not be used, by dotted name.
    """
    if not isinstance(event, GIVING):
        return {}
    private = opened(event, key)
    if isinstance(event, Added):
        return {"message": private["message"]} if private else {}
    if isinstance(event, DataAnswered):
        return {"reporter": private["reporter"]} if private.get("reporter") else {}
    place = {**(private.get(_PLACE) or {}), "kecamatan": event.kecamatan, "desa": event.desa}
    given = {
        **{name: private.get(name) for name in _AS_SAID},
        _PLACE: {name: value for name, value in place.items() if not is_blank(value)},
        "category": event.category,
        "classification": event.classification,
        "privacy": event.privacy,
        "channel": event.channel if isinstance(event, ComplaintFiled) else None,
        AS_WRITTEN: private.get(AS_WRITTEN),
    }
    if isinstance(event, ComplaintFiled) and event.occurred_at != event.recorded_at:
        given["occurred_at"] = given["occurred_at"] or to_iso(event.occurred_at)
    return {name: value for name, value in given.items() if not is_blank(value)}


def complaint_of(events: Iterable[DossierEvent], key: DataKey | None) -> dict[str, Any]:
    """The complaint as it stands: what was filed, completed by what was supplemented.

    :returns: ``reporter``, ``title``, ``message``, ``location``, ``category``, ... as in the filing. ``message`` is
        the first; what was written later stands in ``additions``, each with its time (``at``).
    """
    complaint: dict[str, Any] = {}
    for event in events:
        more = given_in(event, key)
        if more:
            complaint = completed(complaint, more, to_iso(event.occurred_at))
    return complaint


def called(events: Iterable[DossierEvent], key: DataKey | None) -> dict[str, Any]:
    """Of :func:`complaint_of` no more than what a complaint is called by, where a list asks it of all its rows.

    :returns: the latest ``title`` and the first ``message``, as far as they were given.
    """
    said: dict[str, Any] = {}
    for event in events:
        if not isinstance(event, CALLING):
            continue
        private = opened(event, key)
        if not isinstance(event, Added) and not is_blank(private.get("title")):
            said["title"] = private["title"]
        if not is_blank(private.get("message")):
            said.setdefault("message", private["message"])
    return said


def completed(complaint: Mapping[str, Any], more: Mapping[str, Any], at: str) -> dict[str, Any]:
    """A complaint with what was given later.

    Lists grow. The reporter is completed field by field. A place is completed too, but given anew as a whole where it
    contradicts the earlier one: a village belongs to its sub-district, and both to their coordinates. The first message
    stays, later ones are added. Everything else: the latest holds.

    :param more: as :func:`given_in` gives it.
    :param at: when, as ISO 8601.
    """
    result = {**complaint, **more}
    written = {
        name: value for name, value in (complaint.get(AS_WRITTEN) or {}).items() if is_blank(value_at(more, name))
    } | (more.get(AS_WRITTEN) or {})
    if "reporter" in more:
        result["reporter"] = {**(complaint.get("reporter") or {}), **more["reporter"]}
    if "attachments" in more:
        result["attachments"] = [*(complaint.get("attachments") or []), *more["attachments"]]
    if "message" in more and "message" in complaint:
        result["message"] = complaint["message"]
        result["additions"] = [*(complaint.get("additions") or []), {"at": at, "message": more["message"]}]
    place, words = place_after(complaint, more)
    if place:
        result[_PLACE] = place
    else:
        result.pop(_PLACE, None)
    written = {name: value for name, value in written.items() if not name.startswith(f"{_PLACE}.")} | words
    result[AS_WRITTEN] = written
    if not written:
        del result[AS_WRITTEN]
    return result


def place_after(complaint: Mapping[str, Any], more: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The place of a complaint after more was given.

    :returns: what of it is known (entries of the lists, coordinates), and what stands as it was written, by dotted
        name.
    """
    before, later = _whole_place(complaint), _whole_place(more)
    anew = any(
        name in before and not _same(before[name][0], value)
        for name, (value, _) in later.items()
        if name != _IN_WORDS  # of one place there are many words
    )
    after = later if anew else {**before, **later}
    known = {name: value for name, (value, usable) in after.items() if usable}
    return known, {f"{_PLACE}.{name}": value for name, (value, usable) in after.items() if not usable}


def whole_of(events: Iterable[DossierEvent], key: DataKey | None, more: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that was ever given, for judging what is missing: what was given once counts as given.

    :param more: what is given now, as :func:`given_in` would give it.
    """
    whole: dict[str, Any] = {}
    for given in (*(given_in(event, key) for event in events), more):
        whole = merged(whole, with_names_as_written(given))
    return whole


def with_names_as_written(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, with names of places and categories as written where the lists have no such entry."""
    words = given.get(AS_WRITTEN) or {}
    result: dict[str, Any] = dict(given)
    for name in _NAMED:
        if is_blank(value_at(result, name)) and words.get(name):
            part, _, below = name.rpartition(".")
            result = merged(result, {part: {below: words[name]}} if part else {below: words[name]})
    return result


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the given fields of ``more`` laid over it, nested fields one by one."""
    result = dict(base)
    for name, value in more.items():
        if isinstance(value, Mapping):
            result[name] = merged(result.get(name) or {}, value)
        elif not is_blank(value):
            result[name] = value
    return result


def text_of(events: Iterable[DossierEvent], key: DataKey | None, version: int | None) -> str | None:
    """The text or response written in the event of that version; none if it has none."""
    for event in events:
        if event.originator_version == version:
            private = opened(event, key)
            text = private.get("text") or private.get("response")
            return str(text) if text else None
    return None


def _whole_place(given: Mapping[str, Any]) -> dict[str, tuple[Any, bool]]:
    """Each part of a place, and whether it can be used."""
    words = (given.get(AS_WRITTEN) or {}).items()
    place = {name.partition(".")[2]: (value, False) for name, value in words if name.startswith(f"{_PLACE}.")}
    return place | {name: (value, True) for name, value in (given.get(_PLACE) or {}).items()}


def _same(one: object, other: object) -> bool:
    return one == other or (isinstance(one, str) and isinstance(other, str) and canonical(one) == canonical(other))
