"""Every part of the pages in all its states, in demos and tests only: what is looked at here looks so everywhere."""

from typing import Any, Final

from flask import Blueprint, Response

from portal.pages.citizen.way import Stop
from portal.pages.figures.bars import Bar
from portal.pages.figures.columns import ColumnFigure, FigureColumn
from portal.pages.frame.failures import answer_with_pages
from portal.pages.frame.forms import Filled
from portal.pages.frame.language import gettext as _
from portal.pages.frame.page import page
from portal.pages.frame.rendering import finished
from portal.pages.frame.time_left import TimeLeft
from portal.pages.officer.strip import StripMark
from portal.pages.officer.words import status_words
from portal.parts import parts
from shared.base.errors import NotFound

_ICONS: Final = ("late", "soon", "calm", "still", "none", "lock", "tick", "back", "file", "bell", "down")

blueprint = Blueprint("komponen", __name__, url_prefix="/pusat/komponen")
blueprint.after_request(finished)
answer_with_pages(blueprint)


@blueprint.route("")
def shown() -> Response:
    """All of them.

    :raises NotFound: where the clock is real: this is no page for anybody's work.
    """
    if parts().simulation is None:
        raise NotFound("no_such_page")
    return page(
        "components.html",
        icons=_ICONS,
        chips=_chips(),
        right=Filled({"text": _("Kotak masuk"), "area": _("Kotak masuk"), "select": "one", "choice": "one"}),
        wrong=Filled({"wrong_text": ""}, dict.fromkeys(_NAMES, _("Isi harinya"))),
        labels=dict.fromkeys(_NAMES, _("Nama akun")),
        options=[("one", _("Terbuka")), ("two", _("Anonim"))],
        choices=[("one", _("Terbuka"), _("semua")), ("two", _("Anonim"), None)],
        item=_item(),
        way={"stops": _stops()},
        strip=[StripMark(stop.state, stop.title) for stop in _stops()],
        drawn=_days(),
        bars_shown=[
            Bar(_("Terbuka"), "", 100, "12", "good", 85),
            Bar(_("Anonim"), "", 40, "5", "weak", 85),
            Bar(_("Rahasia"), "", 0, _("kurang dari 5"), "few"),
        ],
        status_words=status_words,
    )


_NAMES: Final = ("wrong_text", "wrong_area", "wrong_select")


def _chips() -> list[TimeLeft]:
    return [
        TimeLeft("late", _("Terlambat kurang dari 1 menit"), ""),
        TimeLeft("soon", _("%(length)s lagi", length="13 menit"), ""),
        TimeLeft("calm", _("%(length)s lagi", length="3 jam"), ""),
        TimeLeft("still", _("Waktunya berhenti"), ""),
        TimeLeft("none", _("Tanpa batas waktu"), ""),
    ]


def _stops() -> list[Stop]:
    left = TimeLeft("soon", _("%(length)s lagi", length="13 menit"), "")
    titles = [_("Langkah %(number)s", number=number) for number in (1, 2, 3)]
    return [
        Stop("done", titles[0], "", (), (_("Dikembalikan"),)),
        Stop("now", titles[1], "", (), left=left),
        Stop("later", titles[2], "", ()),
    ]


def _days() -> ColumnFigure:
    columns = (
        FigureColumn("1", ("4", "2"), 80, 40),
        FigureColumn("2", ("0", "0"), 0, 0, shaded=True),
        FigureColumn("3", (_("kurang dari 5"), "1"), None, 20),
    )
    return ColumnFigure(_("Hari"), (_("Angka"), _("sudah dijawab")), columns, "", 2)


def _item() -> dict[str, Any]:
    return {
        "ticket": "CLP-2026-000001",
        "summary": _("Aduan yang terbit"),
        "public_answer": _("Jawaban untuk umum"),
        "category": None,
        "kecamatan": "Kroya",
        "desa": "Kroya",
        "agency_name": None,
        "status": "answered",
        "filed_on": "2026-10-05",
        "answered_on": "2026-10-07",
        "days": 2,
    }
