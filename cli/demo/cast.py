"""Who appears in the demo: invented reporters, real places, and what they write."""

import csv
import random
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from cli.demo.story import Plot, Reachability, Role

_TEXTS = Path(__file__).with_name("texts.yaml")
_FIRST = [
    "Siti",
    "Agus",
    "Sri",
    "Budi",
    "Dewi",
    "Eko",
    "Wahyu",
    "Rini",
    "Slamet",
    "Nur",
    "Tri",
    "Endang",
    "Joko",
    "Yuli",
    "Hendra",
    "Lestari",
    "Bambang",
    "Ratna",
    "Dedi",
    "Wati",
    "Suparman",
    "Kartini",
    "Imam",
    "Fitri",
    "Rohman",
    "Indah",
    "Sutrisno",
    "Maya",
    "Yanto",
    "Aminah",
]
_LAST = [
    "Rahayu",
    "Santoso",
    "Wijaya",
    "Lestari",
    "Prasetyo",
    "Handayani",
    "Nugroho",
    "Susanti",
    "Hidayat",
    "Utami",
    "Setiawan",
    "Wulandari",
    "Kurniawan",
    "Hartono",
    "Saputra",
    "Permatasari",
    "Firmansyah",
    "Anggraini",
    "Mulyono",
    "Suryani",
]


@dataclass(frozen=True)
class Grievance:
    """Something to complain of.

    :param kind: complaint, question, information or suggestion.
    """

    title: str
    message: str
    category: str
    kind: str


_SPAM = Grievance(
    "Pinjaman cepat cair",
    "Pinjaman cepat cair tanpa agunan, bunga ringan, hubungi kami sekarang juga dan dapatkan hadiahnya!",
    "TOPIK LAINNYA",
    "information",
)


@dataclass(frozen=True)
class Village:
    """A village of the tenant's."""

    kecamatan: str
    desa: str
    lat: float
    lon: float


class Cast:
    """Draws reporters, places and texts; the same seed draws the same.

    :param tenants_dir: where the reference data lie.
    :param tenant: whose places.
    :param source: where the chances come from.
    """

    def __init__(self, tenants_dir: Path, tenant: str, source: random.Random) -> None:
        self._reference = tenants_dir / "_reference"
        self._tenant = tenant
        self._random = source
        self._unused: list[Grievance] = []

    @cached_property
    def places(self) -> list[Village]:
        """All villages of the tenant."""
        with (self._reference / "wilayah.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["kabupaten"] == self._tenant]
        return [Village(row["kecamatan"], row["desa"], float(row["lat"]), float(row["lon"])) for row in rows]

    @cached_property
    def texts(self) -> list[Grievance]:
        """Everything that can be complained of."""
        return [
            Grievance(text["title"], text["message"], group["category"], text.get("kind", "complaint"))
            for group in yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
            for text in group["texts"]
        ]

    def text(self) -> Grievance:
        """The next text: each is told once before any is told again."""
        if not self._unused:
            self._unused = self._random.sample(self.texts, len(self.texts))
        return self._unused.pop()

    def complaint(self, channel: str, role: Role, like: dict[str, Any] | None = None) -> dict[str, Any]:
        """A complete complaint, as its channel would send it.

        :param role: says how its reporter can be reached.
        :param like: another one, about the same thing.
        """
        number = role.number
        place = self._random.choice(self.places)
        text = _SPAM if role.plot is Plot.SPAM else self.text()
        name = f"{self._random.choice(_FIRST)} {self._random.choice(_LAST)}"
        reporter = {
            "name": name,
            "address": f"RT {self._random.randint(1, 9):02}/RW {self._random.randint(1, 6):02} {place.desa}",
            "identity": f"33{self._random.randint(0, 10**14 - 1):014}",
        }
        telephone = f"0812{self._random.randint(0, 99_999_999):08}"
        if role.reach in (Reachability.EMAIL, Reachability.WHATSAPP, Reachability.SMS, Reachability.TELEPHONE):
            reporter["phone"] = telephone
        if role.reach is Reachability.EMAIL:
            reporter["email"] = f"{name.lower().replace(' ', '.')}{number}@warga.example"
        filled = {"desa": place.desa, "kecamatan": place.kecamatan}
        told = {
            "title": text.title,
            "message": text.message.format(**filled),
            "location": {**filled, "lat": place.lat, "lon": place.lon},
            "category": text.category,
            "classification": text.kind,
        }
        if like is not None:
            told = {name: like[name] for name in told} | {"message": f"Saya juga melihatnya. {like['message']}"}
        privacy = self._random.choices(["open", "anonymous", "secret"], [80, 15, 5])[0]
        return {
            "reporter": reporter,
            **told,
            "attachments": [f"foto-{number}.jpg"],
            "privacy": privacy if role.plot is Plot.CHANCE else "open",
            "channel": channel,
            "external_id": f"demo-{number}",
        }
