"""The forms of a dossier: one for each action that is open to its reader, with the fields that the action takes.

Which actions there are and what they need is the procedure's to say (``allowed`` of the dossier); here is only how each
field is asked for. A field that nobody foresaw is asked for by the SOP's own name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from portal.pages.frame.words import field_words
from portal.pages.officer.action_words import action_words, seen_by_reporter
from portal.pages.officer.choices import Choices, FormPlace, choices, usual
from portal.pages.officer.words import choice_words, field_label
from shared.base.caller import Caller
from shared.domain.sop.model import Sop
from shared.domain.sop.vocabulary import END, SAME
from shared.domain.tenants import Tenant

Kind = Literal["area", "text", "select", "date", "hidden", "number"]

ANY_FIELD: Final = "complaint.*"
_SUPPLEMENT: Final = ("message",)
_AREAS: Final = ("note", "reason", "response", "text", "comment", "despite", "message")
_SKIPPED: Final = ("elements",)
"""What is asked in another way than on these forms."""
_MAIN: Final = ("Dispositioned", "Forwarded", "Answered", "Returned")


@dataclass(frozen=True)
class Field:
    """A field of a form.

    :param private: not seen by the reporter.
    """

    name: str
    label: str
    kind: Kind
    optional: bool
    choices: Choices = ()
    value: str = ""
    private: bool = False


@dataclass(frozen=True)
class Deed:
    """An action's form.

    :param number: among the dossier's forms: two actions may have one name.
    :param following: the step after it, with who holds it and how long; none where it goes on nowhere.
    :param seen: what the reporter will read.
    :param lacking: kinds of files that must be in the dossier before.
    :param main: whether it is one of the step's own ways out, and not something besides.
    """

    number: int
    action: str
    title: str
    fields: tuple[Field, ...]
    following: str | None
    seen: str | None
    lacking: tuple[str, ...]
    main: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(field.name for field in self.fields)

    @property
    def written(self) -> bool:
        """Whether anything is written on it, of which is said whether the reporter reads it."""
        return any(field.kind in ("area", "text") for field in self.fields)


def deeds(
    view: Mapping[str, Any], home: Tenant, caller: Caller, loads: Mapping[str, str] | None = None
) -> tuple[Deed, ...]:
    """The forms of a dossier for its reader, the step's own ways out first.

    :param view: the dossier, as the reader may see it.
    :param loads: what lies with each office, in words, where an office is to be chosen.
    """
    if caller.admin:
        return ()
    sop = home.sop_of(view["sop_version"])
    mine = [each for each in view["allowed"] if each["actor"] in (None, caller.actor) or _on_behalf(each, sop, caller)]
    made = [_deed(number, FormPlace(each, view, home, sop, loads or {})) for number, each in enumerate(mine)]
    return tuple(sorted(made, key=lambda deed: (not deed.main, deed.number)))


def _on_behalf(allowed: Mapping[str, Any], sop: Sop, caller: Caller) -> bool:
    """Whether the reader may record it on the reporter's word."""
    return "via" in (*allowed["needs"], *allowed["optional"]) and bool(
        sop.on_behalf and caller.actor in sop.on_behalf.by
    )


def _deed(number: int, place: FormPlace) -> Deed:
    allowed, sop = place.allowed, place.sop
    there = _results(place.view)
    lacking = tuple(kind for kind in allowed.get("needs_files", ()) if kind not in there)
    return Deed(
        number,
        allowed["action"],
        action_words(allowed, sop),
        tuple(_fields(place)),
        _following(allowed, sop),
        seen_by_reporter(allowed),
        tuple(choice_words(kind) for kind in lacking),
        allowed["event"] in _MAIN and allowed["to"] != SAME,
    )


def _results(view: Mapping[str, Any]) -> set[str]:
    """The kinds of files that are there since it was last reopened, or its disposition undone."""
    since = max((each["version"] for each in view["timeline"] if _begins_anew(each)), default=0)
    return {each["kind"] for each in view["files"] if each["version"] > since}


def _begins_anew(entry: Mapping[str, Any]) -> bool:
    back = entry["event"] == "Returned" and entry["why"] in ("wrong_agency", "out_of_authority")
    return back or entry["event"] in ("Reopened", "Recalled")


def _following(allowed: Mapping[str, Any], sop: Sop) -> str | None:
    if allowed["to"] in (None, SAME):
        return None
    if allowed["to"] == END:
        return _("Berkas selesai.")
    step = sop.step(allowed["to"])
    told = f"{step.activity} ({sop.actor(step.actor).title})"
    if step.within is None:
        return told
    return _("%(step)s, paling lama %(length)s", step=told, length=saying.standard(step.within))


def _fields(place: FormPlace) -> Iterator[Field]:
    for optional, names in ((False, place.allowed["needs"]), (True, place.allowed["optional"])):
        for name in names:
            if name == ANY_FIELD:
                yield from _of_the_complaint(place.view)
            elif name not in _SKIPPED and not (name == "despite" and not place.view["missing"]):
                asked = _field(name, place, optional=optional and name != "despite")
                if asked is not None:
                    yield asked


def _of_the_complaint(view: Mapping[str, Any]) -> Iterator[Field]:
    """What completes a complaint: what is missing first, then whatever else is said."""
    for name in dict.fromkeys([*view["missing"], *_SUPPLEMENT]):
        if name != "attachments":
            told = _("Keterangan tambahan") if name in _SUPPLEMENT else field_words(name).capitalize()
            yield Field(name, told, "area" if name in _AREAS else "text", optional=True)


def _field(name: str, place: FormPlace, *, optional: bool) -> Field | None:
    label = field_label(name)
    if name == "text" and place.allowed["event"] in ("Replied", "Reopened"):
        label = _("Kata pelapor")
    if name in _AREAS:
        return Field(name, label, "area", optional, private=name in ("note", "response"))
    if name == "until":
        return Field(name, label, "date", optional)
    found = choices(name, place)
    if found is None:
        return Field(name, label, "text", optional)
    if not found:
        return None if optional else Field(name, label, "text", optional)
    if len(found) == 1 and name in ("asked", "part", "of"):
        return Field(name, label, "hidden", optional, value=found[0][0])
    return Field(name, label, "select", optional, found, value=usual(name, place))
