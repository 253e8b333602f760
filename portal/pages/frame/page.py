"""Blueprints of pages."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request

from portal.access import require_tenant
from portal.pages.frame import csrf, own_writes
from portal.pages.frame.failures import answer_with_pages
from portal.pages.frame.forms import check_said_once
from portal.pages.frame.rendering import finished, fresh_key, instant_at, listed, now_at, page

__all__ = ["fresh_key", "instant_at", "listed", "now_at", "page", "pages"]

Room = Callable[[], int]


def pages(
    name: str, module: str, url_prefix: str, *, first: tuple[Callable[[], Any], ...] = (), room: Room | None = None
) -> Blueprint:
    """A blueprint of pages of one government: every form checked, every answer with its headers.

    :param first: what is asked before a form is looked at, e.g. who sends it.
    :param room: how many bytes a form may have, where it is more than usual.
    """
    made = Blueprint(name, module, url_prefix=url_prefix)
    if room is not None:  # before anything can refuse the request: what was typed is read also then, to be kept
        made.url_value_preprocessor(lambda _endpoint, _values: _make_room(room))
    made.before_request(require_tenant)
    made.before_request(own_writes.tell)
    for each in first:
        made.before_request(each)
    made.before_request(_check_form)
    made.after_request(finished)
    answer_with_pages(made)
    return made


def _check_form() -> None:
    if request.method == "POST":
        csrf.check()
        check_said_once()


def _make_room(room: Room) -> None:
    request.max_content_length = room()
