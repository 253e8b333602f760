"""How a page is made: what templates may use, and the headers and cookies of its answer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import psycopg2
from flask import Flask, Response, current_app, g, has_request_context, make_response, render_template, request

from portal.elsewhere import AWAY
from portal.pages.frame import addresses, asked, csrf, government, language, own_writes, policy, saying, templates
from portal.pages.frame.assets import EXTENSION, assets, load_assets
from portal.pages.frame.assets import blueprint as static_files
from portal.pages.frame.caching import cache_control
from portal.pages.frame.demonstrated import laid_in_demo
from portal.pages.frame.forms import Filled
from portal.pages.frame.given_links import given_links
from portal.pages.frame.links import desk_links, key_words, visit_left
from portal.pages.frame.packing import packed
from portal.pages.frame.words import field_words, identity_words, score_words
from portal.parts import parts
from shared.base.errors import Unavailable
from shared.base.randomness import new_uuid
from shared.domain.tenants import Tenant
from shared.wording.catalogue import catalogue

RESERVED: Final = frozenset({"api", "static", "healthz", "readyz", "metrics", "pusat", "peragaan", "masuk", "keluar"})
"""First parts of addresses that no government may be called by."""


def install(app: Flask) -> None:
    """Let the application make pages.

    :raises LookupError: if a government is called as an address of ours begins.
    """
    taken = RESERVED.intersection(app.extensions["aduan"].runtime.tenants.ids())
    if taken:
        raise LookupError(f"no government may be called {', '.join(sorted(taken))}: addresses of our own begin so")
    app.url_map.converters[government.NAME] = government.converter(app.extensions["aduan"].runtime.tenants)
    app.extensions[EXTENSION] = load_assets()
    templates.install(app)
    addresses.install(app)
    app.jinja_env.filters["pair"] = _pair
    app.jinja_env.filters["enumerated"] = _enumerated
    app.jinja_env.filters["field_words"] = field_words
    app.jinja_env.filters["identity_words"] = identity_words
    app.jinja_env.filters["given_links"] = given_links
    app.jinja_env.globals["empty"] = Filled()
    app.jinja_env.globals["desk_links"] = desk_links
    app.jinja_env.globals["score_words"] = score_words
    app.jinja_env.globals["visit_left"] = visit_left
    app.jinja_env.globals["key_words"] = key_words
    app.jinja_env.globals["finding_words"] = _finding_words
    app.register_blueprint(static_files)
    app.url_defaults(_with_tenant)


def finished(response: Response) -> Response:
    """A page's headers and cookies."""
    for_everybody, simulated = bool(g.get("listed")), parts().simulation is not None
    response = policy.guarded(own_writes.keep(csrf.keep(language.keep_choice(response))), listed=for_everybody)
    response.headers.setdefault("Cache-Control", cache_control(response, listed=for_everybody, simulated=simulated))
    return packed(response)


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page.

    :param template: below ``portal/templates``.
    :param values: what the template is told besides what all are.
    """
    filled = render_template(templates.template(current_app, template), **{**_shared(), **values})
    return make_response(filled, status)


def listed() -> None:
    """The present page is for everybody: search engines may list it."""
    g.listed = True


def home() -> Tenant | None:
    """The government in the address, if there is one that we know.

    As its files have it, while what came to count beside them cannot be looked up: also the page that says so, and
    keeps what was typed, stands in a government's frame.
    """
    named = government.named()
    if named is None:
        return None
    if not request.environ.get(AWAY):
        try:
            return parts().home(named)
        except (Unavailable, psycopg2.Error):
            request.environ[AWAY] = True  # looked for once: each look may take seconds
    return parts().runtime.tenants.in_file(named)


def instant_at(told: str, government: Tenant) -> datetime:
    """An instant that a service told, in the government's zone."""
    return datetime.fromisoformat(told).astimezone(government.zone)


def now_at(government: Tenant) -> datetime:
    """The present instant in a government's zone."""
    return parts().runtime.clock.now().astimezone(government.zone)


def fresh_key() -> str:
    """For a form that is carried out once, however often it is sent."""
    return str(new_uuid(parts().runtime.randomness))


def _finding_words(code: str) -> str | None:
    """What a check of a procedure has found, in the reader's language; none where only its own words tell it."""
    return catalogue().finding(code, language.language())


def _pair(value: str) -> tuple[str, str]:
    return value, value


def _enumerated(values: Iterable[str | None]) -> str:
    """Those that there are, with commas between."""
    return ", ".join(filter(None, values))


def _shared() -> dict[str, Any]:
    there = home()
    asked.note_language()
    return {
        "language": language.language(),
        "home": there,
        "asset": assets().address,
        "form": Filled(),
        "form_token": csrf.token,
        "fresh_key": fresh_key,
        "saying": saying,
        "here": request.path,
        "here_in": asked.here_in,
        "left_out": asked.left_out,
        "scripts": (),
        "desk": False,
        "officer": g.get("caller"),
        "simulated": _simulated(there),
        "in_demo": laid_in_demo() is not None,
    }


def _simulated(government: Tenant | None) -> str | None:
    """What a simulated clock shows, for the bar above the page."""
    if parts().simulation is None or government is None:
        return None
    moment = now_at(government)
    return f"{saying.full_day(moment.date())}, {saying.clock(moment)} {saying.zone_name(government.zone)}"


def _with_tenant(endpoint: str, values: dict[str, Any]) -> None:
    """A page's links stay within the government of its address."""
    here = government.named() if has_request_context() else None
    if here is not None and "tenant" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "tenant"):
        values["tenant"] = here
