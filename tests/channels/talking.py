"""A person at a telephone, and the conversation that answers them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.channels.carrier import Words
from shared.channels.talk.state import Draft, Talk
from shared.channels.talk.step import step
from shared.channels.talk.words import phrases
from shared.channels.talk.world import Act, Effect, Filed, Item, Own, PersonsMessage, Say, Submit, Woken, World
from shared.platform.settings import PROJECT

START = datetime.fromisoformat("2026-10-05T08:00:00+07:00")
CILACAP = ("reporter.name", "reporter.address", "message")
TRENGGALEK = ("attachments", "reporter.name", "reporter.identity", "title", "message", "category")
COMPLAINT = "Jalan utama Desa Hanum berlubang dalam, sudah dua motor jatuh"
TENANTS = PROJECT / "tenants"
COMMON = {"government": "Cilacap", "portal": "https://aduan.example", "link": "https://aduan.example/l"}

WAITING = Own("CLP-2026-000123", "Jalan Hanum", "menunggu kelengkapan dari Anda", ("supplement", "withdraw"))
OTHER = Own("CLP-2026-000130", "Air bersih", "menunggu kelengkapan dari Anda", ("supplement",))
AT_WORK = Own("CLP-2026-000140", "Lampu jalan", "sedang ditangani", ("withdraw", "add"))
ENDED = Own("CLP-2026-000160", "Parit", "selesai", (), open=False)
MERGED = Own("CLP-2026-000170", "Jembatan", "digabungkan", ("rate",), open=False)
ANSWERED = Own("CLP-2026-000150", "Sampah", "sudah dijawab", ("rate", "reply"))


class Telephone:
    """One person, one conversation.

    :param world: what the conversation is told.
    :param short: whether by SMS.
    """

    def __init__(self, required: tuple[str, ...] = CILACAP, *, short: bool = False, **world: Any) -> None:
        self.short = short
        self.world = World(
            account="1065",
            required=required,
            pressed=0 if short else 10,
            asks_privacy=not short,
            files=not short,
            prefixes=("CLP", "TRG"),
            **world,
        )
        self.now = START
        self.talk = Talk()
        self.effects: list[Effect] = []
        self.every: list[Effect] = []
        self.sent = 0

    def writes(self, text: str = "", **more: Any) -> list[Words]:
        """One message; what is answered."""
        return self.happens(self.message(text, **more))

    def message(self, text: str = "", **more: Any) -> PersonsMessage:
        """A message, not sent yet."""
        self.sent += 1
        return PersonsMessage(f"m{self.sent}", more.pop("kind", "text"), self.now, text, **more)

    def presses(self, title: str) -> list[Words]:
        """Press what bears a title."""
        [offered] = [each for each in self.words() if each.choices]
        [id_] = [choice.id for choice in offered.choices if choice.title == title]
        return self.happens(self.message("", kind="choice", choice=id_))

    def happens(self, *items: Item) -> list[Words]:
        """One step; what is said."""
        self.talk, self.effects = step(self.talk, items, self.world, self.now)
        self.talk = Talk.from_dict(self.talk.to_dict())  # as between any two steps
        self.every += self.effects
        return self.words()

    def waits(self, **span: float) -> list[Words]:
        """Nobody writes for a while."""
        self.now += timedelta(**span)
        return self.happens(Woken())

    def owns(self, *own: Own, quoted: Mapping[str, str] | None = None) -> None:
        """Have complaints."""
        self.world = replace(self.world, own=own, quoted=quoted or {})

    def words(self) -> list[Words]:
        """What was said last."""
        said = [effect for effect in self.effects if isinstance(effect, Say)]
        spoken = phrases(TENANTS, PROJECT / "nowhere", self.talk.language)
        return [spoken.worded(each, COMMON, short=self.short, pressed=self.world.pressed) for each in said]

    @property
    def submitted(self) -> list[Draft]:
        """What was to be filed, ever."""
        return [effect.draft for effect in self.every if isinstance(effect, Submit)]

    @property
    def acts(self) -> list[Act]:
        """What was to be done with complaints, ever."""
        return [effect for effect in self.every if isinstance(effect, Act)]

    def receipt(self, ticket: str = "CLP-2026-000123") -> list[Words]:
        """The draft has been filed."""
        return self.happens(Filed(ticket, "7KQ2M9XRTB", "12 Oktober 2026"))


def texts(words: list[Words]) -> str:
    """All that was said."""
    return "\n".join(each.text for each in words)
