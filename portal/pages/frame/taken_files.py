"""Which files a form takes, as its page offers and says it."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.pages.frame import saying
from portal.pages.frame.language import gettext as _
from shared.domain.files.types import OFFICE, TAKEN, MediaType

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class TakenFiles:
    """What a page says of the files that its form takes.

    :param accept: for the browser, which then offers only these (HTML, the attribute ``accept``).
    :param words: each sort with how large one may be, e.g. ``foto (JPEG, PNG, WebP), PDF, Word atau Excel sampai
        10 MB``.
    :param recordings: whether sound or film is among them.
    """

    accept: str
    words: str
    recordings: bool


def taken_files(limits: Mapping[str, int]) -> TakenFiles:
    """What a form takes.

    :param limits: bytes that a file may have by its :data:`~shared.domain.files.types.Sort`; pictures and documents
        have the same.
    """
    most = {sort: saying.number(round(bytes_ / _MEGABYTE, 1)) for sort, bytes_ in limits.items()}
    words = [_("foto (JPEG, PNG, WebP), PDF, Word (.docx) atau Excel (.xlsx) sampai %(most)s MB", most=most["picture"])]
    if "audio" in limits:
        words.append(_("rekaman suara sampai %(most)s MB", most=most["audio"]))
    if "video" in limits:
        words.append(_("video sampai %(most)s MB", most=most["video"]))
    offered = [name for each in TAKEN if each.sort in limits for name in _names(each)]
    return TakenFiles(",".join(offered), ", ".join(words), bool({"audio", "video"} & {*limits}))


def _names(kind: MediaType) -> tuple[str, ...]:
    """By its extension where browsers do not agree on its name, as of recordings, or that is long."""
    if kind.is_recording:
        return kind.name, kind.extension
    return (kind.extension,) if kind in OFFICE else (kind.name,)
