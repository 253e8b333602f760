"""The list of complaints behind a figure, for officers."""

from typing import Any

from flask import url_for

from portal.pages.figures import months


def list_of(month: str, **which: Any) -> str:
    """The address of the list of what was filed in a month.

    :param which: the list's own filters, e.g. ``category``, or ``counted`` for what a recap counts; none for all.
    """
    since, until = months.days_of(month)
    return url_for("everything.shown", since=since, until=until, **which)
