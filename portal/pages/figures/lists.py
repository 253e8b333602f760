"""The list of complaints behind a figure, for officers."""

from urllib.parse import urlencode

from portal.pages.figures import months
from portal.pages.frame.addresses import address


def list_of(month: str, **which: str | None) -> str:
    """The address of the list of what was filed in a month.

    :param which: the list's own filters, e.g. ``category``, or ``counted`` for what a recap counts; none for all.
    """
    since, until = months.days_of(month)
    whole = address("everything.shown", since=since, until=until)
    further = {name: value for name, value in which.items() if value is not None}
    return f"{whole}&{urlencode(further)}" if further else whole
