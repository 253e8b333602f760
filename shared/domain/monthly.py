"""What is drawn up every month: which month is due, and since when."""

from datetime import UTC, date, datetime, time, timedelta

from shared.domain.tenants import Tenant

MONTHLY = "month"


def draws_monthly(tenant: Tenant) -> bool:
    """Whether the government's SOP wants a register or recap every month."""
    return any(register.every == MONTHLY for register in tenant.sop.registers)


def latest_due(tenant: Tenant, now: datetime) -> tuple[str, datetime]:
    """The latest month that is due to be drawn up, and the instant since when it is.

    A month is due on the first working day after it, when the office opens.

    :returns: the month as ``2026-10``, and an instant not later than ``now``.
    """
    first = now.astimezone(tenant.zone).date().replace(day=1)
    due = _opening(tenant, first)
    if due > now:
        first = _before(first)
        due = _opening(tenant, first)
    return f"{_before(first):%Y-%m}", due


def _opening(tenant: Tenant, first: date) -> datetime:
    return tenant.calendar.next_open(datetime.combine(first, time(), tzinfo=tenant.zone)).astimezone(UTC)


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
