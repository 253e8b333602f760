"""Builds nothing: tells what ``test_pinned.py``'s invented package needs, as a builder of packages is asked for it."""

from pathlib import Path
from typing import Any, Final

_EXTRAS: Final = ("dev", "oidc", "s3", "tracing")
_WANTED: Final = ("brick", "mortar; extra == 'dev'", "slate; extra == 's3'")


def get_requires_for_build_editable(settings: Any = None) -> list[str]:
    """Nothing more."""
    del settings
    return []


def prepare_metadata_for_build_wheel(folder: str, settings: Any = None) -> str:
    """Write down what the package needs; the name of where it stands."""
    del settings
    about = Path(folder, "house-1.dist-info")
    about.mkdir()
    extras = "".join(f"Provides-Extra: {each}\n" for each in _EXTRAS)
    wanted = "".join(f"Requires-Dist: {each}\n" for each in _WANTED)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: house\nVersion: 1\n{extras}{wanted}")
    return about.name
