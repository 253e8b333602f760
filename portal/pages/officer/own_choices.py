"""What each officer has chosen for their own work: how long lists are, where it goes on. Kept by their browser."""

from dataclasses import dataclass
from typing import Final

from flask import Response, request

_YEAR: Final = 365 * 86_400


@dataclass(frozen=True)
class OwnChoice:
    """One of them.

    :param name: of the field by which it is chosen, and of the cookie.
    :param choices: the words.
    :param usual: what holds for who has not chosen.
    """

    name: str
    choices: tuple[str, ...]
    usual: str

    def chosen(self) -> str:
        """What this browser has chosen, else what is usual."""
        kept = request.cookies.get(self.name)
        return kept if kept in self.choices else self.usual

    def keep(self, response: Response, choice: str) -> Response:
        """Remember a choice; what is none is passed over."""
        if choice in self.choices:
            response.set_cookie(
                self.name, choice, max_age=_YEAR, samesite="Lax", secure=request.is_secure, httponly=True
            )
        return response


ROWS: Final = OwnChoice("baris", ("25", "50", "100", "200"), "50")
"""How many rows a page of a list has."""
NEXT: Final = "berikutnya"
ONWARD: Final = OwnChoice("seterusnya", ("kotak", NEXT), "kotak")
"""Where an action leads on that has taken the dossier from its officer: back to the inbox, or to the next task."""


def per_page() -> int:
    """The rows of a page as a number."""
    return int(ROWS.chosen())
