"""``/open311``: complaints filed and followed by programs, as Open311 GeoReport v2 has it."""

from portal.open311.routes import blueprint

__all__ = ["blueprint"]
