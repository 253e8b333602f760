"""How one officer is reached, and when they are away: changed with a reason, every change kept."""

from datetime import date

from flask import Response, request, url_for
from marshmallow import ValidationError

from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, Reason, deed_of, faults_of, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.accounts import require_administrator
from portal.pages.officer.office_changes import history, signed
from portal.parts import parts
from shared.application.identity.offices import Offices, account_place
from shared.application.identity.people import People, ways_of
from shared.base.errors import Conflict, Invalid, NotFound
from shared.domain.sop.reading.contacts import contact_of
from shared.domain.tenants import Tenant
from shared.wording.coded_schema import Text, load_coded

blueprint = pages(
    "petugas", __name__, "/<tenant>/kelola/instansi/petugas", first=(visits.require_visit, require_administrator)
)

_DEEDS = ("capai", "pergi", "kembali")


class _Ways(Reason):
    email = Text(most=200, load_default=None)
    phone = Text(most=40, load_default=None)


@blueprint.route("/<username>")
def shown(tenant: str, username: str) -> Response:
    """How an officer is reached, when they are away, and every change of that.

    :raises NotFound: if there is no such account.
    """
    home = parts().home(tenant)
    return _officer(home, _account(home, username), Filled(_ways_now(home, username)))


@blueprint.route("/<username>", methods=["POST"])
def change(tenant: str, username: str) -> Response:
    """Change how an officer is reached, note that they are away, or that they are back.

    :raises NotFound: if there is no such account, or what is asked for is none of the page's own.
    """
    home = parts().home(tenant)
    _account(home, username)
    deed, offices = deed_of(_DEEDS), Offices(parts().runtime.database, tenant)
    reach = deed == "capai"
    form, reason = _sent(home, username, deed), "why" if reach else "reason"
    try:
        by = signed(form.value(reason), version_given("since"))
        if reach:
            ways = load_coded(_Ways(), {name: form.value(name) for name in ("email", "phone", "why")})
            offices.reach(username, ways["email"], _phone(ways["phone"]), by)
        elif deed == "kembali":
            offices.back(username, _day("from", request.form.get("from", "")), by)
        else:
            days = _day("from", form.value("from")), _day("to", form.value("to"))
            offices.away(username, days, _deputy(home, username, form.value("deputy")), by)
    except Invalid as error:
        return _officer(home, username, form.with_faults(faults_of(error, {"why": reason})), 422)
    except Conflict as error:
        return _officer(home, username, form, 409, sentence_of(error))
    return Response(status=303, headers={"Location": url_for("petugas.shown", username=username, kabar="disimpan")})


def _sent(home: Tenant, username: str, deed: str) -> Filled:
    """The page's forms after one of them was sent: what the others held is as it was."""
    if deed == "capai":
        return typed(("email", "phone", "why"))
    names = ("reason",) if deed == "kembali" else ("from", "to", "deputy", "reason")
    return Filled({**_ways_now(home, username), **typed(names).values})


def _ways_now(home: Tenant, username: str) -> dict[str, str]:
    email, phone = ways_of(parts().runtime.database, home.id, username)
    return {"email": email or "", "phone": phone or ""}


def _account(home: Tenant, username: str) -> str:
    """The name of an officer's account of the government.

    :raises NotFound: if there is none.
    """
    if not any(each.username == username and not each.admin for each in parts().users.all(home.id)):
        raise NotFound("no_such_page")
    return username


def _deputy(home: Tenant, username: str, chosen: str) -> str | None:
    """Who is to stand in; nobody if nobody was chosen.

    :raises Invalid: if that is somebody else than :func:`_deputies`.
    """
    if chosen and chosen not in _deputies(home, username):
        raise Invalid("invalid_fields", fields={"deputy": ["not_a_deputy"]})
    return chosen or None


def _deputies(home: Tenant, username: str) -> list[str]:
    """Who may stand in: open accounts of the same office."""
    every = [each for each in parts().users.all(home.id) if not each.admin]
    agency = next(each.agency for each in every if each.username == username)
    return [
        each.username for each in every if each.agency == agency and not each.disabled and each.username != username
    ]


def _phone(written: str | None) -> str | None:
    """A number as it was typed.

    :raises Invalid: if it is none.
    """
    if written is None:
        return None
    try:
        return contact_of({"phone": written}).phone
    except ValidationError:
        raise Invalid("invalid_fields", fields={"phone": ["not_a_number_to_call"]}) from None


def _day(name: str, written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Invalid("invalid_fields", fields={name: ["calendar_day"]}) from None


def _officer(home: Tenant, username: str, form: Filled, status: int = 200, banner: str | None = None) -> Response:
    people = People(parts().runtime.database)
    said = {"disimpan": _("Tersimpan.")}
    return page(
        "officer/office_account.html",
        status,
        desk=True,
        form=form,
        username=username,
        deputies=[(each, each) for each in _deputies(home, username)],
        absences=[
            (each, saying.full_day(each.first_day), saying.full_day(each.last_day))
            for each in people.absences(home.id, username, now_at(home).date())
        ],
        labels={
            "email": _("Surat-el"),
            "phone": _("Telepon"),
            "why": _("Mengapa diubah?"),
            "from": _("Hari pertama"),
            "to": _("Hari terakhir"),
            "deputy": _("Yang mewakili"),
            "reason": _("Sebab berhalangan"),
        },
        banner=banner,
        done=asked.done(said) if status == 200 else None,
        scripts=("filing.js",),
        **history(home, account_place(username), refused=status != 200),
    )
