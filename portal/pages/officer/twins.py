"""Complaints that are likely one matter, side by side: to be merged, or told apart for good."""

from typing import Any, Final

from flask import Response, request, url_for

from portal.access import caller
from portal.api.officers import dossier_id, with_ids
from portal.correlation import request_id
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import KEY, Filled, deed_of, faults_of, sentence_of, typed, version_given
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import instant_at, now_at, page, pages
from portal.pages.officer import visits
from portal.pages.officer.done_meanwhile import done_meanwhile
from portal.pages.officer.words import field_label, mark_of, status_words
from portal.parts import parts
from shared.base.errors import Conflict, Invalid, Unavailable

APART: Final = "apart"
MERGE: Final = "merge"
_MOVED_ON: Final = "moved_on"
_TYPED: Final = ("reason", "one", "into")
_USUAL: Final = "Perkara yang sama sudah diadukan lebih dulu."
"""The reason that stands in the box at first: in the language in which the dossiers are kept."""

blueprint = pages("twins", __name__, "/<tenant>/papan/kembar", first=(visits.require_visit,))


@blueprint.route("")
def shown(tenant: str) -> Response:
    """Pairs, the latest filed first."""
    return _page(tenant, Filled())


@blueprint.route("", methods=["POST"])
def decide(tenant: str) -> Response:
    """Merge the one into the other, with a reason; or note that they are two.

    What is merged names the version that was looked at: of two who decide at once, the second reads what the first did.

    :raises NotFound: if what is asked for is none of the page's own.
    """
    form, deed = typed(_TYPED), deed_of((MERGE, APART))
    one, into = form.value("one"), form.value("into")
    try:
        if deed == APART:
            parts().gateway.tell_apart(tenant, [dossier_id(tenant, each) for each in (one, into)], caller())
            return _led_on("dua")
        reason = form.value("reason").strip()
        view = parts().gateway.act(
            tenant,
            dossier_id(tenant, one),
            action=MERGE,
            fields=with_ids(tenant, {"into": into, **({"reason": reason} if reason else {})}),
            # None of a service of the version before, while an upgrade goes on.
            version=version_given("version") if request.form.get("version") else None,
            caller=caller(),
            correlation_id=request_id(),
            key=request.form.get(KEY) or request_id(),
        )
    except Invalid as error:
        return _page(tenant, form.with_faults(faults_of(error)), status=422)
    except Conflict as error:
        told = _moved_on(tenant, one, error) if error.code == _MOVED_ON else sentence_of(error)
        return _page(tenant, form, status=409, banner=told)
    parts().freshness.wrote(tenant, view["position"])
    return _led_on("satu")


def _moved_on(tenant: str, ticket: str, refused: Conflict) -> str:
    """What people have done to a complaint after it was looked at; where that cannot be told, that it has changed."""
    home = parts().home(tenant)
    try:
        found = parts().gateway.latest(tenant, dossier_id(tenant, ticket), caller(), since=version_given("version"))
    except Unavailable:  # also of a service of the version before, which tells of the last event alone
        return sentence_of(refused)
    told = done_meanwhile(found["since"], home, now_at(home))
    if not told:
        return sentence_of(refused)
    return _("%(ticket)s sudah berubah: %(what)s. Lihat lagi sebelum digabungkan.", ticket=ticket, what=told)


def _led_on(what: str) -> Response:
    return Response(status=303, headers={"Location": url_for("twins.shown", kabar=what, sesudah=asked.one("sesudah"))})


def _page(tenant: str, form: Filled, status: int = 200, banner: str | None = None) -> Response:
    home = parts().home(tenant)
    parts().freshness.catch_up(tenant, "reporting")
    after = asked.one("sesudah")
    found = parts().gateway.twins(tenant, after, caller())
    now = now_at(home)

    def side(each: dict[str, Any]) -> dict[str, Any]:
        filed = saying.moment(instant_at(each["filed_at"], home), now)
        return {**each, "filed": filed, "mark": mark_of(each["privacy"]), "said": status_words(each["status"])}

    return page(
        "officer/twins.html",
        status,
        desk=True,
        pairs=[
            {**each, "newer": side(each["newer"]), "older": side(each["older"]), "common": _common(each)}
            for each in found["items"]
        ],
        after=after,
        more=found["next"],
        may_decide=found["may_decide"],
        form=form,
        banner=banner,
        done=_done(),
        labels={"reason": field_label("reason"), "one": _("Aduan"), "into": _("Digabungkan ke")},
        usual=_USUAL,
        scripts=("filing.js",),
    )


def _done() -> str | None:
    return asked.done({"satu": _("Sudah digabungkan."), "dua": _("Dicatat: bukan kembar. Tidak disarankan lagi.")})


def _common(pair: dict[str, Any]) -> list[str]:
    """What two complaints have in common."""
    return [
        _("kata mirip %(share)s", share=saying.share(pair["text"])),
        *([_("jarak %(n)s m", n=saying.number(pair["metres"]))] if pair["metres"] is not None else []),
        _("selisih %(n)s hari", n=saying.number(pair["days"])),
    ]
