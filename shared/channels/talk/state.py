"""What is kept of a conversation between two messages. Personal data: it is sealed where it is stored."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

from shared.base.times import from_iso, to_iso

State = Literal["idle", "draft", "asking", "review", "filing", "choosing", "confirming"]

Language = Literal["id", "en"]

MOST_MESSAGES: Final = 40
"""Messages that one draft holds: whoever writes more is told, and the rest goes in afterwards."""


@dataclass(frozen=True)
class Piece:
    """One message of a draft.

    :param id: the provider's.
    :param media: the files that came with it, by our ids.
    :param lost: files that could not be fetched.
    """

    id: str
    at: datetime
    text: str = ""
    media: tuple[str, ...] = ()
    lost: int = 0


@dataclass(frozen=True)
class Draft:
    """A complaint that is being written.

    :param account: by which it comes.
    :param fields: what was answered, by the dotted name of the complaint's field.
    :param place: latitude and longitude, and words, if a pin came.
    :param forwarded: whether a part of it was somebody else's message.
    :param referred: whether its reporter came by an advertisement or a link.
    :param confirmed: whether the person said that it is to be filed.
    :param missing: fields that were asked for and not given.
    """

    account: str
    pieces: tuple[Piece, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    place: tuple[float, float, str] | None = None
    forwarded: bool = False
    confirmed: bool = False
    missing: tuple[str, ...] = ()
    referred: bool = False

    @property
    def id(self) -> str:
        """By which it is filed once, however often that is tried."""
        return f"{self.account}:{self.pieces[0].id}"

    @property
    def text(self) -> str:
        """Its words, a paragraph for each message."""
        return "\n".join(piece.text for piece in self.pieces if piece.text)

    @property
    def media(self) -> tuple[str, ...]:
        """Its files."""
        return tuple(file for piece in self.pieces for file in piece.media)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Draft":
        """The reverse of :meth:`to_dict`."""
        place = data["place"]
        return cls(
            **{
                **data,
                "pieces": tuple(_piece(each) for each in data["pieces"]),
                "place": (place[0], place[1], place[2]) if place else None,
                "missing": tuple(data["missing"]),
            }
        )


@dataclass(frozen=True)
class Brake:
    """What keeps two machines from talking to one another, and a person from being flooded.

    :param minute: since when ``in_minute`` counts what we said; likewise ``day``.
    :param same: a digest of the last text that came, ``times`` how often it came in a row since ``same_since``.
    :param dropped: how much was not said, ever.
    """

    minute: datetime | None = None
    in_minute: int = 0
    day: datetime | None = None
    in_day: int = 0
    same: str = ""
    times: int = 0
    same_since: datetime | None = None
    silent_until: datetime | None = None
    dropped: int = 0


@dataclass(frozen=True)
class Talk:
    """Where a conversation stands.

    :param field: what is being asked for.
    :param queue: what is asked for afterwards.
    :param tries: how often an answer to the field did not fit.
    :param open: the ids of what may be chosen now, in the order of their numbers.
    :param asked_at: when that was asked.
    :param held: a message that waits until it is known what it belongs to.
    :param about: the ticket that a confirmation is about.
    :param wake_at: when something happens if nobody writes.
    :param menu_at: when the menu was last shown.
    :param recent: the ticket that was filed or handed something last, at ``recent_at``: what follows at once is of it.
    :param language: in which the person is spoken to.
    :param handed: whether it was handed words, not filed.
    :param helped_at: when the numbers for an emergency were last told.
    :param puzzled_at: when it was last said that a message cannot be read.
    :param referred: whether the person came by an advertisement or a link, and has filed nothing since.
    """

    state: State = "idle"
    draft: Draft | None = None
    field: str = ""
    queue: tuple[str, ...] = ()
    tries: int = 0
    open: tuple[str, ...] = ()
    asked_at: datetime | None = None
    held: Piece | None = None
    about: str = ""
    wake_at: datetime | None = None
    menu_at: datetime | None = None
    brake: Brake = Brake()
    recent: str = ""
    recent_at: datetime | None = None
    handed: bool = False
    language: Language = "id"
    helped_at: datetime | None = None
    puzzled_at: datetime | None = None
    referred: bool = False

    def idle(self) -> "Talk":
        """Nothing under way."""
        return Talk(
            menu_at=self.menu_at,
            brake=self.brake,
            recent=self.recent,
            recent_at=self.recent_at,
            handed=self.handed,
            language=self.language,
            helped_at=self.helped_at,
            puzzled_at=self.puzzled_at,
            referred=self.referred,
        )

    def asking(self, ids: tuple[str, ...], now: datetime, **changes: Any) -> "Talk":
        """With a question open."""
        return replace(self, open=ids, asked_at=now, **changes)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Talk":
        """The reverse of :meth:`to_dict`."""
        brake = data["brake"]
        return cls(
            **{
                **data,
                "draft": Draft.from_dict(data["draft"]) if data["draft"] else None,
                "queue": tuple(data["queue"]),
                "open": tuple(data["open"]),
                "held": _piece(data["held"]) if data["held"] else None,
                **_instants(data, "asked_at", "wake_at", "menu_at", "recent_at", "helped_at", "puzzled_at"),
                "brake": Brake(**{**brake, **_instants(brake, "minute", "day", "same_since", "silent_until")}),
            }
        )


def _piece(data: Mapping[str, Any]) -> Piece:
    return Piece(**{**data, "at": from_iso(data["at"]), "media": tuple(data["media"])})


def _instants(data: Mapping[str, Any], *names: str) -> dict[str, datetime | None]:
    return {name: from_iso(data[name]) if data.get(name) else None for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return to_iso(value) if isinstance(value, datetime) else value
