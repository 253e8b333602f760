"""What somebody says of themselves wherever a text can be given, and what became of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from tests.journey.installation import Api
from tests.privacy.installation import Installation

NAME = "Ratnawulan Prawirasoemantri"
REPORTER = {
    "name": NAME,
    "address": "Gang Kenari 77 belakang warung Cikondang",
    "phone": "081398765432",
    "email": "ratnawulan@rahasia.example",
    "identity": "3301987654320001",
}
PLACE = {
    "kecamatan": "Dayeuhluhur",
    "desa": "Hanum",
    "lat": -7.212345,
    "lon": 108.654321,
    "text": f"Samping rumah {NAME}",
}
WORDS = (
    "ratnawulan",
    "prawirasoemantri",
    "kenari 77",
    "081398765432",
    "rahasia.example",
    "3301987654320001",
    "7.212345",
    "108.654321",
)
"""What must be found nowhere. Each text that anybody writes holds the first of them."""
OWN_WORDS: tuple[dict[str, Any], ...] = (
    {"location": {"kecamatan": f"dekat rumah {NAME}", "desa": NAME}},
    {"category": f"tetangga {NAME}"},
    {"classification": NAME},
    {"occurred_at": f"kemarin, kata {NAME}"},
    {"reporter": {"email": f"{NAME}@@", "phone": "081398765432 " * 20}},
    {"location": {"lat": -7.212345e9, "lon": 108.654321}},
    {"title": NAME * 100},
)
"""What cannot be used for what its field is for, and is no reason to refuse a complaint."""
AMQP_ID = "ratnawulan-wa-0001"
PASSWORD = "kata sandi ratnawulan"
COMPLAINTS = 4
STEPS = 14


@dataclass
class Talk:
    """What was said, and what was answered.

    :param answers: every answer of the HTTP API.
    :param replies: every answer to a channel adapter.
    :param taken: how many of the adapters' messages are complaints.
    :param codes: tracking codes that were handed out.
    :param events: the types of the events that came of it.
    :param tried: the types of the events that somebody's action was to bring about.
    """

    installation: Installation
    answers: list[requests.Response] = field(default_factory=list)
    replies: list[bytes] = field(default_factory=list)
    taken: int = 0
    codes: list[str] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)

    @property
    def api(self) -> Api:
        """The API."""
        return self.installation.api

    def call(self, *arguments: Any, **more: Any) -> requests.Response:
        """A request, remembered."""
        answer = self.api.call(*arguments, **more)
        self.answers.append(answer)
        return answer


def complaint(number: int = 0) -> dict[str, Any]:
    """A complaint with everything in it."""
    return {
        "reporter": REPORTER,
        "title": f"Tiang listrik di rumah {NAME}",
        "message": f"Nama saya {NAME}. Tiang listrik di depan rumah saya doyong sekali.",
        "location": PLACE,
        "attachments": ["foto-rumah-ratnawulan.jpg"],
        "external_id": f"{AMQP_ID}-{uuid4()}",
        "channel": "whatsapp",
        "privacy": ("open", "anonymous", "secret")[number % 3],
    }


def said(where: str) -> str:
    """A text that names somebody."""
    return f"{where}: sudah dibicarakan dengan Ibu {NAME}"
