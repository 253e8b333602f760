"""Times, lengths and numbers in people's words. Instants are told in the government's zone, with its name."""

from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from portal.pages.frame.language import gettext as _
from portal.pages.frame.language import language
from shared.domain.calendar.duration import SECONDS, Duration
from shared.wording.labels import month_name

_ZONES: Final = {
    "WIB": ("Asia/Jakarta", "Asia/Pontianak"),
    "WITA": ("Asia/Makassar", "Asia/Ujung_Pandang"),
    "WIT": ("Asia/Jayapura",),
}
_KEPT: Final = 4000
"""Days and numbers, as they are told, that are kept: a page tells the same few over and over."""
_SOON: Final = 6
"""Coming days of which the weekday alone says which is meant. Of days that are over it says nothing: it would be read
as the next of its name."""


def zone_name(zone: ZoneInfo) -> str:
    """What people call the zone, e.g. ``WIB``."""
    known = next((name for name, keys in _ZONES.items() if zone.key in keys), None)
    return known or zone.key.rpartition("/")[2].replace("_", " ")


def clock(instant: datetime) -> str:
    """``09.26``, in English ``09:26``. The instant is in the zone in which it is told."""
    return f"{instant.hour:02}{'.' if language() == 'id' else ':'}{instant.minute:02}"


def time_of_day(seconds: int) -> str:
    """Seconds after midnight likewise; a day ends at ``24.00``."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02}{'.' if language() == 'id' else ':'}{rest // 60:02}"


def weekday(day: date) -> str:
    """``Senin``."""
    return _dated(day, "EEEE", language())


def long_day(day: date, now: datetime) -> str:
    """``Senin, 12 Oktober``; with its year if that is not the present one."""
    return _dated(day, "EEEE, d MMMM" if day.year == now.year else "EEEE, d MMMM y", language())


def full_day(day: date) -> str:
    """``Senin, 5 Oktober 2026``."""
    return _dated(day, "EEEE, d MMMM y", language())


def day_of(name: str) -> str:
    """``2026-10-05`` as ``5 Oktober 2026``."""
    return _dated(date.fromisoformat(name), "d MMMM y", language())


def short_day(day: date) -> str:
    """``Sen 12 Okt``."""
    return _dated(day, "EEE d MMM", language())


def month(name: str) -> str:
    """``2026-10`` as ``Oktober 2026``."""
    return month_name(name, language())


def moment(instant: datetime, now: datetime) -> str:
    """``Senin, 12 Oktober, pukul 08.45 WIB``; of the present day ``hari ini, Senin, pukul 10.15 WIB``.

    :param instant: in the government's zone.
    :param now: in the same.
    """
    zone = zone_name(instant.tzinfo) if isinstance(instant.tzinfo, ZoneInfo) else ""
    told = {"clock": clock(instant), "zone": zone}
    if instant.date() == now.date():
        return _("hari ini, %(day)s, pukul %(clock)s %(zone)s", day=weekday(instant.date()), **told)
    return _("%(day)s, pukul %(clock)s %(zone)s", day=long_day(instant.date(), now), **told)


def brief(instant: datetime, now: datetime) -> str:
    """``08.46`` of today, ``Senin 07.34`` of the coming days, ``Kam 22 Okt 07.34`` of others, with their year if need
    be.

    :param instant: in the government's zone.
    :param now: in the same.
    """
    day = instant.date()
    if day == now.date():
        return clock(instant)
    if 0 < (day - now.date()).days <= _SOON:
        return f"{weekday(day)} {clock(instant)}"
    return f"{short_day(day)}{'' if day.year == now.year else f' {day.year}'} {clock(instant)}"


def length(seconds: int) -> str:
    """``1 jam 3 menit``: in its two greatest units, without days, which nobody can add up in working time."""
    return _long(seconds, language())


@lru_cache(_KEPT)
def _long(seconds: int, _spoken: str) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, odd = divmod(rest, 60)
    units = ((hours, _("jam"), _("jam (lebih dari satu)")), (minutes, _("menit"), _("menit (lebih dari satu)")))
    told = [_counted(amount, one, many) for amount, one, many in units if amount]
    return " ".join(told) or _counted(odd, _("detik"), _("detik (lebih dari satu)"))


def lateness(seconds: int) -> str:
    """By how much something is late: in whole minutes, of which one that has begun counts."""
    return length(max(60, -(-seconds // 60) * 60))


def days(amount: int, *, working: bool) -> str:
    """``3 hari kerja`` or ``34 hari``."""
    if working:
        return _counted(amount, _("hari kerja"), _("hari kerja (lebih dari satu)"))
    return _counted(amount, _("hari"), _("hari (lebih dari satu)"))


def standard(duration: Duration) -> str:
    """A time standard: ``2 jam 15 menit kerja``, ``3 hari kerja``, ``34 hari kalender``, ``15 detik``."""
    if duration.unit == "wd":
        return days(duration.amount, working=True)
    if duration.unit == "d":
        return _("%(days)s kalender", days=days(duration.amount, working=False))
    told = length(duration.amount * SECONDS[duration.unit])
    if duration.time == "working" and duration.unit != "s":
        return _("%(length)s kerja", length=told)
    return told


def number(value: float) -> str:
    """``1.234,5``, in English ``1,234.5``."""
    return _numbered(value, language())


def share(value: float) -> str:
    """``87,9 %``, of a share between 0 and 1; in English ``87.9%``."""
    return _shared(value, language())


@lru_cache(_KEPT)
def _dated(day: date, pattern: str, spoken: str) -> str:
    return format_date(day, pattern, locale=spoken)


@lru_cache(_KEPT)
def _numbered(value: float, spoken: str) -> str:
    return format_decimal(value, locale=spoken)


@lru_cache(_KEPT)
def _shared(value: float, spoken: str) -> str:
    told = format_percent(value, "#,##0.#%", locale=spoken)
    return told.replace("%", "\N{NO-BREAK SPACE}%") if spoken == "id" else told


def _counted(amount: int, one: str, many: str) -> str:
    """The amount with its unit. Indonesian has one word for both; its sentence says in brackets which is meant."""
    return f"{amount} {(one if amount == 1 else many).partition(' (')[0]}"
