"""What may have become of a clock."""

from typing import Final, Literal

ClockState = Literal["running", "paused", "satisfied", "breached", "cancelled"]

RUNNING: Final = "running"
PAUSED: Final = "paused"
SATISFIED: Final = "satisfied"
BREACHED: Final = "breached"
CANCELLED: Final = "cancelled"
