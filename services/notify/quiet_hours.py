"""The hours in which nobody is written to who has not asked."""

from datetime import datetime, time, timedelta, tzinfo


def is_quiet(at: time, first: time, last: time) -> bool:
    """Whether a time of the day lies in the quiet hours, which may go over midnight."""
    return first <= at < last if first <= last else at >= first or at < last


def morning_after(quiet: tuple[time, time], now: datetime, zone: tzinfo) -> datetime | None:
    """When the quiet hours end; none if they are not now.

    :param quiet: from when to when, local time.
    """
    first, last = quiet
    local = now.astimezone(zone)
    if not is_quiet(local.time(), first, last):
        return None
    morning = datetime.combine(local.date(), last, zone)
    return morning if morning > local else morning + timedelta(days=1)
