"""Every single figure of a measurement, kept beside its table, so that anybody can reckon anew."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.platform.settings import PROJECT

FOLDER = PROJECT / ".bench"


def keep(name: str, figures: Any, folder: Path | None = None) -> Path:
    """Keep figures in a file of their own.

    :param name: of the benchmark.
    :param figures: JSON values.
    :param folder: in :data:`FOLDER` unless given.
    :returns: the file.
    """
    place = folder or FOLDER
    place.mkdir(parents=True, exist_ok=True)
    file = place / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps(figures), encoding="utf-8")
    return file
