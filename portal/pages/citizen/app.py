"""The citizen's pages as an app on a telephone: its name and icons, its worker, and filing without a network.

The worker keeps one page and its files, and nothing that says something of somebody. What was filed without a network
waits on the telephone, and goes to the API as the channel ``app`` under an external id of its own: once, however often
it is sent.
"""

import hashlib
import json
from typing import Final

from flask import Response, render_template, url_for

from portal.pages.citizen import photos
from portal.pages.citizen.filing import FIELDS, place_choices
from portal.pages.frame.assets import assets
from portal.pages.frame.colour import of_pages
from portal.pages.frame.forms import Filled
from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from portal.pages.frame.page import page, pages
from portal.pages.frame.words import field_words
from portal.parts import parts
from shared.domain.colour import GROUND

_SCRIPTS: Final = ("filing.js", "antre.js", "app.js", "luring.js")
_KEPT: Final = ("aduan.css", "aduan.svg", "forget.js", "foto.js", "tulisan.js", *_SCRIPTS)
_ICONS: Final = (
    ("ikon-192.png", "192x192", "any"),
    ("ikon-512.png", "512x512", "any"),
    ("ikon-penuh-512.png", "512x512", "maskable"),
)
_MINUTE: Final = "public, max-age=60"

blueprint = pages("aplikasi", __name__, "/<tenant>")


@blueprint.route("/aplikasi.webmanifest")
def manifest(tenant: str) -> Response:
    """What a telephone needs to install it."""
    home = parts().home(tenant)
    start = url_for("citizen.start", tenant=tenant)
    icons = [
        {"src": assets().address(name), "sizes": size, "type": "image/png", "purpose": purpose}
        for name, size, purpose in _ICONS
    ]
    told = {
        "id": start,
        "name": f"{_('Layanan Aduan')} {home.name}",
        "short_name": _("Aduan"),
        "lang": language(),
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": of_pages(home).own,
        "icons": icons,
        "shortcuts": [
            {"name": _("Sampaikan aduan"), "url": url_for("filing.form", tenant=tenant)},
            {"name": _("Lacak aduan"), "url": url_for("tracking.find", tenant=tenant)},
        ],
    }
    body = json.dumps(told, ensure_ascii=False)
    return Response(body, content_type="application/manifest+json", headers={"Cache-Control": _MINUTE})


@blueprint.route("/pekerja.js")
def worker(tenant: str) -> Response:
    """The service worker. It changes with the files that it keeps and with the page, and then begins anew."""
    shell = _offline(tenant).get_data()
    kept = [assets().address(name) for name in _KEPT]
    colour = parts().home(tenant).colour
    if colour is not None:
        kept.append(url_for("colour.sheet", tenant=tenant, digits=colour.own[1:]))
    digest = hashlib.sha256("\n".join(kept).encode() + shell).hexdigest()[:12]
    start = url_for("citizen.start", tenant=tenant)
    script = render_template(
        "citizen/worker.js",
        tenant=tenant,
        kept=kept,
        version=digest,
        shell=url_for("aplikasi.offline", tenant=tenant, bahasa=language()),
        pages=[
            start,
            start.rstrip("/"),
            url_for("filing.form", tenant=tenant),
            url_for("aplikasi.offline", tenant=tenant),
        ],
        queue=assets().address("antre.js"),
    )
    return Response(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@blueprint.route("/luring")
def offline(tenant: str) -> Response:
    """Filing without a network; the same for everybody, so that a telephone may keep it."""
    response = _offline(tenant)
    response.headers["Cache-Control"] = _MINUTE
    return response


def _offline(tenant: str) -> Response:
    home = parts().home(tenant)
    form = Filled({"privacy": "open"})
    return page(
        "citizen/offline.html",
        form=form,
        **place_choices(form, home),
        categories=sorted(home.entries.categories.values()),
        requires=home.sop.requires,
        required=[field_words(name) for name in home.sop.requires],
        labels={name: field_words(name) for name in (*FIELDS, "photos")},
        **photos.told(parts().runtime.settings),
        simulated=None,
        scripts=_SCRIPTS,
    )
