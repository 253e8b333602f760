"""How long a government keeps what was written in a complaint after it has ended: ``retention.yaml``, by classes.

The file stands beside the procedure, and is the government's own decision (in Indonesia by its schedule of archives,
*jadwal retensi arsip*). Where there is none, nothing is ever over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import Schema, fields, post_load, validate

from shared.base.names import canonical
from shared.domain.sop.vocabulary import CLASSES
from shared.wording.yaml_lines import load_yaml
from shared.wording.yaml_schema import load_with

RETENTION: Final = "retention.yaml"
_MOST_YEARS: Final = 100


@dataclass(frozen=True)
class RetentionClass:
    """A row of the table.

    :param id: its name, as the register tells it.
    :param years: from the day on which a complaint has ended.
    :param classifications: of which complaints; of all if there is none.
    :param categories: of which, as people write them; of all if there is none.
    """

    id: str
    years: int
    classifications: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def holds(self, classification: str | None, category: str | None) -> bool:
        """Whether a complaint is of this class."""
        known = {canonical(each) for each in self.categories}
        return (not self.classifications or classification in self.classifications) and (
            not known or canonical(category or "") in known
        )

    def over_at(self, ended_at: datetime, zone: ZoneInfo) -> datetime:
        """From when on it need not be kept: the same day, so many years later, as the government's clocks have it."""
        local = ended_at.astimezone(zone)
        year = local.year + self.years
        try:
            return local.replace(year=year)
        except ValueError:  # the 29th of February
            return local.replace(year=year, month=3, day=1)


@dataclass(frozen=True)
class RetentionTable:
    """What ``retention.yaml`` says: the first class that holds a complaint is its class."""

    classes: tuple[RetentionClass, ...]

    def class_of(self, classification: str | None, category: str | None) -> RetentionClass:
        """The class of a complaint; the last one takes all."""
        return next(each for each in self.classes if each.holds(classification, category))


class _ClassSchema(Schema):
    id = fields.String(required=True, validate=validate.Regexp(r"[a-z][a-z0-9_-]{0,40}\Z"))
    years = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, _MOST_YEARS), metadata={"remedy": "write whole years"}
    )
    classifications = fields.List(fields.String(validate=validate.OneOf(CLASSES)), load_default=())
    categories = fields.List(fields.String(validate=validate.Length(1, 200)), load_default=())

    @post_load
    def _made(self, data: Mapping[str, Any], **_: Any) -> RetentionClass:
        return RetentionClass(data["id"], data["years"], tuple(data["classifications"]), tuple(data["categories"]))


class _TableSchema(Schema):
    classes = fields.List(fields.Nested(_ClassSchema), required=True, validate=validate.Length(1, 1000))


def load_retention(path: Path) -> RetentionTable | None:
    """The table of a government; none if it has no such file.

    :raises FileError: naming the line at fault and the remedy.
    """
    if not path.exists():
        return None
    document = load_yaml(path)
    classes = tuple(load_with(document, _TableSchema())["classes"])
    last = len(classes) - 1
    if classes[last].classifications or classes[last].categories:
        raise document.error(
            ("classes", last),
            "the last class must take every complaint that is in none before it",
            "end with a class that has neither classifications nor categories",
        )
    named = [each.id for each in classes]
    for place, each in enumerate(classes):
        if each.id in named[:place]:
            raise document.error(("classes", place, "id"), f"{each.id} stands there twice", "give each another id")
    return RetentionTable(classes)
