"""A government's area, roughly: a box on the map, and how far from it something may still be its affair."""

from math import cos, radians
from typing import Any, Final

from marshmallow import ValidationError, fields

INDONESIA: Final = (-11.5, 94.5, 6.5, 141.5)
"""South, west, north and east, in degrees: where a government names no area."""
_KM_A_DEGREE: Final = 111.32

Box = tuple[float, float, float, float]


def is_near(box: Box | None, lat: float, lon: float, km: float) -> bool:
    """Whether a point lies in a box, or not farther outside than that.

    :param box: south, west, north and east in degrees; none stands for Indonesia.
    """
    south, west, north, east = box or INDONESIA
    by_lat = km / _KM_A_DEGREE
    by_lon = by_lat / cos(radians(min(abs(lat), 80.0)))
    return south - by_lat <= lat <= north + by_lat and west - by_lon <= lon <= east + by_lon


class Area(fields.Field[Box]):
    """A box on the map: south, west, north and east in degrees."""

    def __init__(self, **options: Any) -> None:
        remedy = "write south, west, north and east in degrees, e.g. [-7.8, 108.5, -7.1, 109.4]"
        super().__init__(metadata={"remedy": remedy}, **options)

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002
        data: Any,  # noqa: ARG002
        **_options: Any,
    ) -> Box:
        given = value if isinstance(value, list) else []
        if len(given) != 4 or any(isinstance(each, bool) or not isinstance(each, int | float) for each in given):
            raise ValidationError("not four numbers")
        south, west, north, east = (float(each) for each in given)
        if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
            raise ValidationError("not south, west, north and east of an area")
        return south, west, north, east
