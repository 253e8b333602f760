"""A form of a dossier that was sent and not carried out, or is to be looked at again: nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from flask import request

from portal.pages.frame import asked
from portal.pages.frame.forms import Filled
from portal.pages.frame.language import gettext as _
from portal.pages.officer.beginnings import Beginning, field_of
from portal.pages.officer.deeds import Deed
from portal.pages.officer.done_meanwhile import done_meanwhile
from shared.domain.tenants import Tenant

NOTE: Final = "leave_note"
"""What a note is called by the API."""

_A_CODE: Final = 20
"""Characters: what is shorter is a choice and no text."""


@dataclass(frozen=True)
class Tried:
    """A form that was sent and not carried out, or is to be looked at again.

    :param number: which of the dossier's forms.
    :param banner: what is said above the page.
    :param since: the version that it was written on, where that has passed.
    """

    number: int | None = None
    action: str = ""
    filled: Filled = field(default_factory=Filled)
    banner: str | None = None
    status: int = 200
    code: str | None = None
    since: int | None = None


def changed(view: Mapping[str, Any], tried: Tried, home: Tenant, now: datetime) -> str:
    """What others have done to a dossier while somebody wrote."""
    later = (each for each in view["timeline"] if each["version"] > (tried.since or 0))
    told = done_meanwhile(later, home, now)
    if not told:
        return _("Berkas ini sudah berubah. Tulisan Anda masih ada di bawah.") + f" {tried.banner or ''}"
    return _("Berkas ini sudah berubah: %(what)s. Tulisan Anda masih ada di bawah.", what=told)


def begun_with(tried: Tried, forms: tuple[Deed, ...], begun: tuple[Beginning, ...]) -> Tried:
    """A form with the beginning of an answer in it, if the address asks for one and nothing was typed."""
    if request.method != "GET" or tried.action:
        return tried
    number = asked.choice("untuk", [str(deed.number) for deed in forms])
    template = asked.choice("templat", [each.id for each in begun])
    deed = next((each for each in forms if str(each.number) == number), None)
    chosen = next((each for each in begun if each.id == template), None)
    name = field_of(deed) if deed else None
    if deed is None or chosen is None or name is None:
        return tried
    return replace(tried, number=deed.number, action=deed.action, filled=Filled({name: chosen.text}))


def note_form(tried: Tried, opened: int | None) -> Filled:
    """The form for a note; with what was written for an action that is not open any more."""
    if tried.action == NOTE:
        return tried.filled
    texts = [text for text in tried.filled.values.values() if len(text) > _A_CODE]
    return Filled({"note": "\n\n".join(texts)}) if tried.status == 409 and opened is None and texts else Filled()


def opened_in(forms: tuple[Deed, ...], tried: Tried) -> int | None:
    """Which form stands open: the one that came back, or the only one."""
    same = [deed.number for deed in forms if deed.action == tried.action]
    if tried.action:
        return tried.number if tried.number in same else (same[0] if same else None)
    main = [deed.number for deed in forms if deed.main]
    return main[0] if len(main) == 1 else None
