"""How long what a conversation says gets: with values as long as they usually are."""

from typing import Final

from shared.channels import gsm
from shared.channels.talk.words import Phrases
from shared.channels.talk.world import Say

NOT_BY_SMS: Final = frozenset(
    {
        *("review", "letter_too_large", "letter_filed_incomplete", "letter_filed_incomplete_without_files"),
        *("prove_quiet", "prove_unquiet"),
    }
)
"""Said by mail alone, or where a person chooses who may know their name."""

_PORTAL: Final = "https://aduan.trenggalekkab.go.id/trenggalek"
_TICKET: Final = "TRG-2026-000045"
_STATUS: Final = "menunggu kelengkapan dari Anda"
_TAKES: Final = "foto, PDF " * 9
_LINES: Final = 5
_USUAL: Final = {
    "ticket": _TICKET,
    "code": "8MNP4RTWXY",
    "due": "12 Oktober 2026",
    "status": _STATUS,
    "text": "lampu jalan depan pasar Bendo mati sudah satu minggu lebih",
    "files": "3",
    "why": "Bidang itu tidak ada.",
    "list": "\n".join(f"TRG-2026-00004{place}: {_STATUS}" for place in range(_LINES)),
}


def by_sms(spoken: Phrases, government: str) -> dict[str, str]:
    """What each text says by SMS, by its key.

    :param government: its name.
    """
    common = {"government": government, "portal": _PORTAL, "link": f"{_PORTAL}/lacak/{_TICKET}", "takes": _TAKES}
    return {
        key: spoken.worded(Say(key, _USUAL), common, short=True, pressed=0).text
        for key in spoken.texts
        if key not in NOT_BY_SMS
    }


def too_long(said: str) -> bool:
    """Whether that is more than one SMS: each costs, and a question whose end comes alone is no question."""
    return gsm.parts(said) > 1
