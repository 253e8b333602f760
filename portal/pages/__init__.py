"""Pages for people: complete HTML documents, made on the server. Scripts only make them nicer."""

from typing import Final

from flask import Flask

from portal.pages import access_table, center, components, demo, put_aside
from portal.pages.citizen import acting, filing, readers, receipt, start, tracking
from portal.pages.citizen import app as app_pages
from portal.pages.citizen.own import account as own_account
from portal.pages.citizen.own import entering as own_entering
from portal.pages.figures import books, everybody, recap
from portal.pages.frame import colour, failures, rendering
from portal.pages.officer import (
    account,
    accounts,
    agencies,
    almanac,
    answer_words,
    auditing,
    board,
    bulk,
    decrees,
    dossier,
    entering,
    entering_by_provider,
    erasing,
    everything,
    identities,
    inbox,
    letter_words,
    live,
    office_account,
    office_desk,
    paper,
    publishing,
    readings,
    registering,
    sop_drafts,
    sops,
    twins,
    watched,
    what_if,
)
from portal.pages.public import data, procedure, published

_PAGES: Final = (
    *(paper, start, filing, receipt, tracking, acting, readers, procedure, everybody, published, data),
    *(entering, inbox, dossier, everything, board, recap, books, registering, publishing, sops, account, accounts),
    *(readings, identities, own_entering, own_account, live, bulk, almanac, auditing, erasing, center, components),
    app_pages,
    colour,
    what_if,
    answer_words,
    letter_words,
    watched,
    twins,
    put_aside,
    demo,
    agencies,
    decrees,
    office_account,
    sop_drafts,
    office_desk,
    entering_by_provider,
)


def install(app: Flask) -> None:
    """Let an application show pages.

    :raises LookupError: if it is not said who may open one of them.
    """
    rendering.install(app)
    for each in _PAGES:
        app.register_blueprint(each.blueprint)
    failures.register(app)
    access_table.check(app, {each.blueprint.name: each for each in _PAGES})
