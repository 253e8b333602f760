"""How one desk of an office is reached: changed with a reason, every change kept."""

import re
from dataclasses import dataclass
from typing import Final

from flask import Response, url_for
from marshmallow import ValidationError

from portal.pages.frame.forms import Filled, deed_of, faults_of, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.office_changes import history, signed, written
from portal.parts import parts
from shared.application.identity.offices import Offices
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain import reached
from shared.domain.contacts import Contact
from shared.domain.sop.reading.agencies import AgencyBook, load_agencies
from shared.domain.sop.reading.contacts import contact_of
from shared.domain.tenants import Tenant
from shared.wording.coded_schema import Text
from shared.wording.codes import field_message

OWN: Final = "pemerintah"
"""Stands for the government itself in addresses."""
MAILBOX: Final = "kotak-surat"
UNIT: Final = "bagian."
_MOST_CONTACTS: Final = 20
_DEEDS: Final = ("simpan", "berkas")
_PARTS: Final = re.compile(r"[;,]")

blueprint = pages("dinas", __name__, "/<tenant>/kelola/instansi", first=(visits.require_visit, require_administrator))


@dataclass(frozen=True)
class _Desk:
    """A place whose contacts may be changed.

    :param place: see :mod:`shared.domain.reached`.
    :param now: its contacts as they count.
    :param in_file: as the file has them.
    """

    office: str
    title: str
    place: str
    now: tuple[Contact, ...]
    in_file: tuple[Contact, ...]


@blueprint.route("/<office>/<desk>")
def desk(tenant: str, office: str, desk: str) -> Response:
    """How a desk is reached, and every change of that.

    :raises NotFound: if there is no such desk.
    """
    home = parts().home(tenant)
    found = _desk(home, office, desk)
    return _shown(home, found, Filled({"contacts": written(found.now)}))


@blueprint.route("/<office>/<desk>", methods=["POST"])
def change(tenant: str, office: str, desk: str) -> Response:
    """Change how a desk is reached, or let its file count again.

    :raises NotFound: if there is no such desk, or what is asked for is none of the page's own.
    """
    home = parts().home(tenant)
    found, form, deed = _desk(home, office, desk), typed(("contacts", "why")), deed_of(_DEEDS)
    try:
        contacts = None if deed == "berkas" else _contacts(form.value("contacts"), found)
        offices = Offices(parts().runtime.database, tenant)
        offices.contacts(found.place, contacts, signed(form.value("why"), version_given("since")))
    except Invalid as error:
        return _shown(home, found, form.with_faults(faults_of(error)), 422)
    except Conflict as error:
        return _shown(home, found, form, 409, sentence_of(error))
    return Response(status=303, headers={"Location": url_for("instansi.shown", kabar="disimpan")})


def _desk(home: Tenant, office: str, desk: str) -> _Desk:
    if office == OWN:
        return _own_desk(home, desk)
    if not home.has_agency(office):
        raise NotFound("no_such_page")
    agency = home.agency(office)
    file = next((each for each in _in_file(home).agencies if each.id == office), agency)  # edited since the start
    if desk == MAILBOX:
        mailboxes = [(Contact(email=each.email),) if each.email else () for each in (agency, file)]
        return _Desk(agency.name, _("Kotak surat dinas"), reached.mailbox_place(office), *mailboxes)
    if desk.startswith(UNIT):
        units = [each.people.unit(desk.removeprefix(UNIT)) for each in (agency, file)]
        if units[0] is None or units[1] is None:
            raise NotFound("no_such_page")
        place = reached.unit_place(office, units[0].id)
        return _Desk(agency.name, _("Kepala %(part)s", part=units[0].name), place, units[0].head, units[1].head)
    title = _title(home, desk, "agency")
    now, in_file = (each.people.contacts.get(desk, ()) for each in (agency, file))
    return _Desk(agency.name, title, reached.office_place(office, desk), now, in_file)


def _own_desk(home: Tenant, desk: str) -> _Desk:
    title = _title(home, desk, "tenant")
    desks = [each.desks.get(desk) for each in (home, _in_file(home))]
    now, in_file = (each.contacts if each is not None else () for each in desks)
    return _Desk(home.name, title, reached.desk_place(desk), now, in_file)


def _title(home: Tenant, actor: str, scope: str) -> str:
    sops = [home.sop, *(home.sops[version] for version in sorted(home.sops, reverse=True))]
    sop = next((each for each in sops if each.has_actor(actor) and each.actor(actor).scope == scope), None)
    if sop is None:
        raise NotFound("no_such_page")
    return sop.actor(actor).title


def _in_file(home: Tenant) -> AgencyBook:
    return load_agencies(home.directory / "agencies.yaml")


def _contacts(text: str, desk: _Desk) -> tuple[Contact, ...]:
    """Contacts as they were typed, one on each line.

    :raises Invalid: naming the line.
    """
    found: list[Contact] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_contact(line))
        except ValidationError:
            raise Invalid("invalid_fields", fields={"contacts": [field_message("contact_line", line=number)]}) from None
    one_mailbox = desk.place.startswith(reached.mailbox_place(""))
    if one_mailbox and (len(found) > 1 or any(each.phone or each.name for each in found)):
        raise Invalid("invalid_fields", fields={"contacts": ["one_mailbox"]})
    if len(found) > _MOST_CONTACTS:
        raise Invalid("invalid_fields", fields={"contacts": [field_message("too_many_contacts", most=_MOST_CONTACTS)]})
    return tuple(dict.fromkeys(found))


def _contact(line: str) -> Contact:
    """An address, a number or a name in any order, apart by semicolons.

    :raises ValidationError: if it is none of them, or twice the same.
    """
    given: dict[str, str] = {}
    for part in (each.strip() for each in _PARTS.split(Text(most=300).deserialize(line) or "")):
        if not part:
            continue
        kind = "email" if "@" in part else "phone" if any(each.isdigit() for each in part) else "name"
        if kind in given:
            raise ValidationError(kind)
        given[kind] = part
    return contact_of(given)


def _shown(home: Tenant, found: _Desk, form: Filled, status: int = 200, banner: str | None = None) -> Response:
    return page(
        "officer/office_desk.html",
        status,
        desk=True,
        form=form,
        found=found,
        in_file=written(found.in_file),
        labels={"contacts": _("Dicapai lewat"), "why": _("Mengapa diubah?")},
        banner=banner,
        scripts=("filing.js",),
        **history(home, found.place, refused=status != 200),
    )
