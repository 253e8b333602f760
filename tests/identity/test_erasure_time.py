"""What a reporter asks for is to be done within 72 hours; what is erased for other reasons has no such time."""

from datetime import UTC, datetime

import pytest

from shared.application.identity.erasures import Asked

AT = datetime(2026, 10, 2, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "due"), [("asked", datetime(2026, 10, 5, 15, 30, tzinfo=UTC)), ("retention", None), ("order", None)]
)
def test_the_time_is_hours_by_the_wall_clock(reason: str, due: datetime | None) -> None:
    """Also over a weekend."""
    assert due == Asked("cilacap", "CLP-2026-000001", reason, "rina", AT).due_at  # type: ignore[arg-type] # a case
