"""What only a demo's first page has: ready log-ins, a clock that can be moved, and telephones beside it.

No other installation shows any of this, or does what its forms ask for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, request
from marshmallow import ValidationError

from portal.pages.frame import csrf, saying
from portal.pages.frame.demonstrated import laid_in_demo
from portal.pages.frame.failures import answer_with_pages
from portal.pages.frame.forms import check_said_once, deed_of
from portal.pages.frame.language import gettext as _
from portal.pages.frame.rendering import finished
from portal.parts import MovableClock, parts
from portal.telephones import Said, Telephone
from shared.application.identity.shown_doors import DemoAccount
from shared.base.errors import NotFound
from shared.wording.coded_schema import Written, invalid_of

_MOST_SIGNS: Final = 1000
_STEPS: Final = {
    "PT15M": timedelta(minutes=15),
    "PT1H": timedelta(hours=1),
    "P1D": timedelta(days=1),
    "P7D": timedelta(days=7),
}
_TYPING: Final = timedelta(seconds=1)
"""How long a message takes to be written: of SMS, the same words of the same second are one."""
_TEXT: Final = Written(most=_MOST_SIGNS, lines=True, required=True)

blueprint = Blueprint("peragaan", __name__, url_prefix="/peragaan")
blueprint.after_request(finished)
answer_with_pages(blueprint)


@dataclass(frozen=True)
class Handset:
    """A telephone as the page shows it.

    :param government: to which it writes.
    :param channel: by which, in the words of its procedure.
    """

    telephone: Telephone
    government: str
    channel: str
    said: Sequence[Said]


@dataclass(frozen=True)
class Demo:
    """What the first page shows besides the governments.

    :param password: of all accounts.
    :param doors: the accounts, by government.
    :param clock: what the simulated clock shows, in words.
    :param steps: by how much it can be moved: each length, and its words.
    :param most_signs: of a message from a telephone.
    """

    password: str
    doors: Mapping[str, Sequence[DemoAccount]]
    clock: str
    steps: Sequence[tuple[str, str]]
    handsets: Sequence[Handset]
    most_signs: int = _MOST_SIGNS


def demo() -> Demo | None:
    """What there is to show; none in an installation that is no demo."""
    simulation, laid = parts().simulation, laid_in_demo()
    if simulation is None or laid is None:
        return None
    password, doors = laid
    return Demo(
        password,
        {id_: list(each) for id_, each in groupby(doors, lambda door: door.tenant)},
        _shown(simulation),
        [("PT15M", _("15 menit")), ("PT1H", _("1 jam")), ("P1D", _("1 hari")), ("P7D", _("1 minggu"))],
        [_handset(each) for each in _telephones()],
    )


@blueprint.before_request
def admit() -> None:
    """Before anything is looked at: is this a demo, and the form one of its own?

    :raises NotFound: if it is none.
    """
    _simulation()
    csrf.check()
    check_said_once()


@blueprint.route("/jam", methods=["POST"])
def move() -> Response:
    """Move the clock by what the pressed button says; the page comes back when all that is due has happened."""
    simulation = _simulation()
    step = _STEPS[deed_of(_STEPS)]
    with parts().moving:
        _settle(simulation, simulation.now() + step)
    return _back("jam")


@blueprint.route("/telepon", methods=["POST"])
def write() -> Response:
    """Send a message from a telephone; the page comes back with what was answered.

    :raises NotFound: if there is no such telephone.
    :raises Invalid: if nothing is said, or more than a message holds.
    """
    simulation, telephones = _simulation(), parts().telephones
    chosen = next((each for each in _telephones() if each.name == request.form.get("telepon")), None)
    if telephones is None or chosen is None:
        raise NotFound("no_such_page")
    try:
        text = _TEXT.deserialize(request.form.get("text", ""))
    except ValidationError as error:
        raise invalid_of(ValidationError({"text": error.messages})) from None
    with parts().moving:
        _settle(simulation, simulation.now() + _TYPING)
        telephones.write(chosen, text, simulation.now())
        _settle(simulation, simulation.now())
    return _back(f"kata-{chosen.name}")


def _simulation() -> MovableClock:
    """The clock of a demo.

    :raises NotFound: ``no_such_page`` anywhere else.
    """
    found = parts().simulation
    if found is None or laid_in_demo() is None:
        raise NotFound("no_such_page")
    return found


def _settle(simulation: MovableClock, instant: datetime) -> None:
    """Move the clock; what arrives then is told of, and what that brings about waited for."""
    telephones = parts().telephones
    simulation.advance_to(instant)
    while telephones is not None and telephones.report():
        simulation.advance_to(simulation.now())


def _telephones() -> Sequence[Telephone]:
    telephones = parts().telephones
    return telephones.all() if telephones is not None else ()


def _handset(telephone: Telephone) -> Handset:
    home, telephones = parts().runtime.tenants.get(telephone.tenant), parts().telephones
    channel = next(each.title for each in home.sop.channels if each.id == telephone.way)
    return Handset(telephone, home.name, channel, telephones.said(telephone) if telephones is not None else ())


def _shown(simulation: MovableClock) -> str:
    """What the clock shows where the first government is."""
    home = parts().every.all()[0]
    now = simulation.now().astimezone(home.zone)
    return f"{saying.full_day(now.date())}, {saying.clock(now)} {saying.zone_name(home.zone)}"


def _back(place: str) -> Response:
    """To where the form stands on the first page; what is folded around it opens by itself."""
    return Response(status=303, headers={"Location": f"/#{place}"})
