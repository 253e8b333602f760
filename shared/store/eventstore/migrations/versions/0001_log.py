"""The log of events, the relay's position in it, and the rights on both."""

from pathlib import Path

from shared.platform.migrations import sql

revision = "0001"
down_revision = None

upgrade = sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
