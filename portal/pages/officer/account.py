"""An officer's own account: who they are here, where they are logged in, a new password."""

from datetime import date

from flask import Response, request, url_for

from portal.access import caller
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled, faults_of, typed
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.own_choices import ONWARD, ROWS
from portal.parts import parts
from shared.application.identity.errors import Unauthenticated
from shared.application.identity.people import People
from shared.base.errors import Invalid

blueprint = pages("account", __name__, "/<tenant>/akun", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """The account."""
    return _page(tenant, Filled())


@blueprint.route("", methods=["POST"])
def change(tenant: str) -> Response:
    """Keep how one works here; end every visit; or take a new password, which ends them too and begins one."""
    if request.form.get("akhiri"):
        visits.sessions().end_all(visits.visit().account)
        return Response(status=303, headers={"Location": url_for("entering.form", tenant=tenant)})
    for each in (ROWS, ONWARD):
        if each.name in request.form:
            kept = Response(status=303, headers={"Location": url_for("account.shown", tenant=tenant, kabar=each.name)})
            return each.keep(kept, request.form[each.name])
    who, new = caller(), request.form.get("new", "")
    users = parts().users
    if new != request.form.get("again", ""):
        return _page(tenant, Filled(faults={"again": _("Tulis kata sandi baru yang sama dua kali")}), 422)
    try:
        users.log_in(who.tenant, who.user, request.form.get("old", ""), address=request.remote_addr or "")
    except Unauthenticated:
        return _page(tenant, Filled(faults={"old": _("Kata sandi yang sekarang tidak cocok")}), 422)
    try:
        users.set_password(who.tenant, who.user, new)
    except Invalid as error:
        return _page(tenant, Filled(faults=faults_of(error, {"password": "new"})), 422)
    entered = users.log_in(who.tenant, who.user, new, address=request.remote_addr or "")
    response = Response(status=303, headers={"Location": url_for("account.shown", tenant=tenant, kabar="sandi")})
    visits.keep(response, visits.sessions().begin(entered))
    return response


@blueprint.route("/berhalangan", methods=["POST"])
def away(tenant: str) -> Response:
    """Note days of absence and who stands in, or take such days back."""
    home, who = parts().home(tenant), caller()
    people = People(parts().runtime.database)
    form = typed(("from", "to", "deputy", "back"))
    if form.value("back"):
        people.back(who.tenant, who.user, _day(form.value("back")) or now_at(home).date())
        return Response(status=303, headers={"Location": url_for("account.shown", tenant=tenant, kabar="kembali")})
    first, last = _day(form.value("from")), _day(form.value("to"))
    if first is None or last is None:
        missing = {name: _("Isi harinya") for name, day in (("from", first), ("to", last)) if day is None}
        return _page(tenant, form.with_faults(missing), 422)
    if form.value("deputy") and form.value("deputy") not in _colleagues(tenant):
        return _page(tenant, form.with_faults({"deputy": _("Pilih rekan seperan")}), 422)
    try:
        people.absent(who.tenant, who.user, first, last, form.value("deputy") or None)
    except Invalid as error:
        return _page(tenant, form.with_faults(faults_of(error)), 422)
    done = "berhalangan" if form.value("deputy") else "tanpa-wakil"
    return Response(status=303, headers={"Location": url_for("account.shown", tenant=tenant, kabar=done)})


@blueprint.route("/masih")
def still(tenant: str) -> Response:
    """Somebody is still there: the visit goes on."""
    del tenant
    return Response(status=204)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _colleagues(tenant: str) -> list[str]:
    """Who may stand in: the others of the same role and office."""
    who = caller()
    if who.admin:
        return []
    same = [each for each in parts().users.all(tenant) if (each.actor, each.agency) == (who.actor, who.agency)]
    return [each.username for each in same if each.username != who.user and not each.disabled]


def _page(tenant: str, form: Filled, status: int = 200) -> Response:
    home = parts().home(tenant)
    who = caller()
    role = home.sop.actor(who.actor).title if not who.admin else _("Pengelola instalasi")
    return page(
        "officer/account.html",
        status,
        desk=True,
        form=form,
        role=role,
        office=home.agency_name(who.agency) or home.name,
        colleagues=[(each, each) for each in _colleagues(tenant)],
        absences=[
            (each, saying.full_day(each.first_day), saying.full_day(each.last_day))
            for each in People(parts().runtime.database).absences(who.tenant, who.user, now_at(home).date())
        ],
        said=_said(),
        rows=ROWS,
        onward=ONWARD,
        onward_words={"kotak": _("kembali ke kotak masuk"), "berikutnya": _("ke tugas berikutnya")},
        open_visits=visits.sessions().of(visits.visit().account),
        labels={
            "old": _("Kata sandi sekarang"),
            "new": _("Kata sandi baru"),
            "again": _("Kata sandi baru, sekali lagi"),
            "from": _("Hari pertama"),
            "to": _("Hari terakhir"),
            "deputy": _("Yang mewakili"),
        },
    )


def _said() -> str | None:
    words = {
        "sandi": _("Kata sandi sudah diganti."),
        "baris": _("Banyaknya baris sudah diganti."),
        "seterusnya": _("Tersimpan."),
        "berhalangan": _("Tercatat. Selama itu surat tugas pergi kepada yang mewakili."),
        "tanpa-wakil": _(
            "Tercatat. Tidak ada yang mewakili: selama itu surat tugas hanya pergi ke alamat meja, bila ada."
        ),
        "kembali": _("Dibatalkan. Surat tugas kembali kepada Anda."),
    }
    return asked.done(words)
