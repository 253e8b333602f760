"""Single complaints as everybody may read them: summaries that one officer wrote and another published."""

from typing import Any, Final

from flask import Response, url_for

from portal.pages.figures import bars, months
from portal.pages.frame import asked, saying
from portal.pages.frame.forms import Filled
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import listed, now_at, page, pages
from portal.pages.officer.words import status_words
from portal.pages.public.feed import atom
from portal.parts import parts
from shared.base.errors import NotFound
from shared.domain.complaint.spelling import ticket_of
from shared.domain.dossier.beside import PUBLIC

_PAGE: Final = 20
_MONTHS: Final = 12
_LONGEST: Final = 100
_STATE: Final = "keadaan"
_FILTERS: Final = {"kecamatan": "kecamatan", "kategori": "category", "bulan": "month", _STATE: "status"}
_OF_THE_FEED: Final = ("kecamatan", "kategori")

blueprint = pages("umum", __name__, "/<tenant>/umum")


@blueprint.route("")
def shown(tenant: str) -> Response:
    """The latest published first; by sub-district, category, month of filing, and where the complaint stands."""
    home = parts().home(tenant)
    state = asked.choice(_STATE, PUBLIC)
    filled = Filled({name: value for name in _FILTERS if (value := state if name == _STATE else asked.one(name))})
    kept: dict[str, Any] = dict(filled.values)
    wanted: dict[str, Any] = {_FILTERS[name]: value for name, value in filled.values.items()}
    if "month" in wanted:
        months.month_of(wanted["month"])
    parts().freshness.catch_up(tenant, "reporting")
    found = parts().gateway.published(tenant, wanted, after=asked.one("sesudah"), limit=_PAGE)
    listed()
    unset = _("(belum ditentukan)")
    return page(
        "public/published.html",
        form=filled,
        items=found["items"],
        loosened=_loosened(kept),
        feed=url_for("umum.feed", **{name: kept[name] for name in _OF_THE_FEED if name in kept}),
        more=url_for("umum.shown", sesudah=found["next"], **kept) if found["next"] else None,
        by_kecamatan=bars.counts(found["by_kecamatan"], unset),
        by_category=bars.counts(found["by_category"], unset),
        kecamatans=sorted(home.entries.kecamatans.values()),
        categories=sorted(home.entries.categories.values()),
        months=_months(months.present(now_at(home))),
        states=[(each, status_words(each).capitalize()) for each in PUBLIC],
        status_words=status_words,
    )


@blueprint.route("/umpan.atom")
def feed(tenant: str) -> Response:
    """The latest published, for programs that look for news (Atom, RFC 4287); by place and category."""
    home = parts().home(tenant)
    filled = {name: value for name in _OF_THE_FEED if (value := asked.one(name))}
    parts().freshness.catch_up(tenant, "reporting")
    wanted = {_FILTERS[name]: value for name, value in filled.items()}
    found = parts().gateway.published(tenant, wanted, after=None, limit=_PAGE)
    told = atom(home, found["items"], filled, now_at(home))
    response = Response(told, content_type="application/atom+xml; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@blueprint.route("/<ticket>")
def one(tenant: str, ticket: str) -> Response:
    """One of them.

    :raises NotFound: alike for what is not public, secret, or not there.
    """
    home = parts().home(tenant)
    number = ticket_of(ticket[:_LONGEST], home.ticket_prefixes)
    if not number:
        raise NotFound("not_public")
    parts().freshness.catch_up(tenant, "reporting")
    item = parts().gateway.published_one(tenant, number)
    listed()
    return page("public/published_one.html", item=item, status_words=status_words)


def _loosened(kept: dict[str, Any]) -> list[tuple[str, str]]:
    """What the list was narrowed by, in words, each with the address of the list without it."""
    words = {"bulan": saying.month, _STATE: status_words}
    return [
        (
            words[name](value) if name in words else value,
            url_for("umum.shown", **{other: each for other, each in kept.items() if other != name}),
        )
        for name, value in kept.items()
    ]


def _months(latest: str) -> list[tuple[str, str]]:
    """The last months, the latest first."""
    found = [latest]
    while len(found) < _MONTHS:
        found.append(months.before(found[-1]))
    return [(each, saying.month(each)) for each in found]
