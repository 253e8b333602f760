"""The words of an explanation, in Indonesian and English."""

from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from shared.domain.calendar.duration import SECONDS, Duration, Unit
from shared.domain.calendar.timeline import instant_of
from shared.wording.days import day_names

UNIT_NAMES: Final[dict[str, dict[Unit, str]]] = {
    "id": {"s": "detik", "min": "menit", "h": "jam", "d": "hari kalender", "wd": "hari kerja"},
    "en": {"s": "s", "min": "min", "h": "h", "d": "calendar days", "wd": "working days"},
}
SENTENCES: Final = {
    "id": {
        "start": "Standar {standard}, mulai {at}; kalender {calendar}",
        "start_closed": "Standar {standard}, mulai {at}, di luar jam buka; kalender {calendar}",
        "receipt": "{day}: hari penerimaan, tidak dihitung",
        "workday": "{day}: hari kerja ke-{total}, sampai {closes}",
        "window": "{day}, {opens}-{closes}: {counted}; jumlah {total}",
        "window_in": "{day}, {opens}-{closes} ({hours}): {counted}; jumlah {total}",
        "off": "{days}: bukan hari kerja",
        "holiday": "{day}: {kind} {name} ({decree}); tidak dihitung",
        "wall": "Sampai {until}: {counted}, terus berjalan juga di luar jam buka",
        "pause": "Ditangguhkan {since} s.d. {until}{reason}: {covered} tidak dihitung",
        "pause_open": "Ditangguhkan sejak {since}{reason}; sisa {left}",
        "added": "{day}, {opens}-{closes}: {counted} pengganti penangguhan",
        "added_wall": "Pengganti penangguhan: {counted}",
        "gap": "Hari libur tahun {year} belum tercatat: tenggat dapat berubah",
        "due": "Jatuh tempo {at}",
        "not_due": "Belum ada jatuh tempo: masih ditangguhkan",
    },
    "en": {
        "start": "Standard {standard}, from {at}; calendar {calendar}",
        "start_closed": "Standard {standard}, from {at}, outside opening hours; calendar {calendar}",
        "receipt": "{day}: day of receipt, not counted",
        "workday": "{day}: working day {total}, until {closes}",
        "window": "{day}, {opens}-{closes}: {counted}; total {total}",
        "window_in": "{day}, {opens}-{closes} ({hours}): {counted}; total {total}",
        "off": "{days}: no working day",
        "holiday": "{day}: {kind} {name} ({decree}); not counted",
        "wall": "Until {until}: {counted}, running outside opening hours too",
        "pause": "Paused {since} to {until}{reason}: {covered} not counted",
        "pause_open": "Paused since {since}{reason}; {left} left",
        "added": "{day}, {opens}-{closes}: {counted} in place of the pause",
        "added_wall": "In place of the pause: {counted}",
        "gap": "No holiday of {year} is recorded yet: the due time may change",
        "due": "Due {at}",
        "not_due": "Not due: still paused",
    },
}
_WALL_TIME: Final = {"id": " (waktu kalender)", "en": " (wall time)"}
_WORKING_TIME: Final = {"id": " kerja", "en": " of working time"}
_DAYS_KEPT: Final = 4000
"""Days in words: the clocks of all dossiers run through the same weeks."""


class Wording:
    """Formats instants and amounts for one language and zone.

    :param language: ``id`` or ``en``.
    :raises ValueError: for another language.
    """

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        if language not in SENTENCES:
            raise ValueError(f"an explanation is worded in id or en, not {language!r}")
        self.language = language
        self._zone = zone

    def say(self, sentence: str, **parts: str) -> str:
        """A sentence of the catalogue with its parts filled in."""
        return SENTENCES[self.language][sentence].format(**parts)

    def day(self, at: int) -> str:
        """The local day of an instant, e.g. ``Jumat 12-05-2023``."""
        return _day_words(self._local(at).date(), self.language)

    def year(self, at: int) -> str:
        """The local year of an instant."""
        return str(self._local(at).year)

    def days(self, start: int, end: int) -> str:
        """The local days of ``[start, end)``: one, or the first and the last."""
        first, last = self.day(start), self.day(end - 1)
        to = "s.d." if self.language == "id" else "to"
        return first if first == last else f"{first} {to} {last}"

    def clock(self, at: int, day_of: int | None = None) -> str:
        """The local clock time, e.g. ``15.30`` in Indonesian; midnight at the end of ``day_of``'s day is 24.00.

        :param day_of: an instant of the day meant; the instant's own day if left out.
        """
        local = self._local(at)
        colon = "." if self.language == "id" else ":"
        if day_of is not None and local.date() > self._local(day_of).date() and (local.hour, local.minute) == (0, 0):
            return f"24{colon}00"
        return f"{local.hour:02}{colon}{local.minute:02}" + (f"{colon}{local.second:02}" if local.second else "")

    def stamp(self, at: int) -> str:
        """Day, clock time and zone, e.g. ``Jumat 12-05-2023 15.30 WIB``."""
        return f"{self.day(at)} {self.clock(at)} {self._local(at).tzname()}"

    def amount(self, seconds: int, unit: Unit) -> str:
        """An amount of time in a standard's own unit, with the rest in smaller ones, e.g. ``75 menit``."""
        names = UNIT_NAMES[self.language]
        rest, parts = seconds, []
        for part in ("h", "min", "s"):
            if SECONDS[part] <= SECONDS.get(unit, 3600):
                count, rest = divmod(rest, SECONDS[part])
                if count:
                    parts.append(f"{count} {names[part]}")
        return " ".join(parts) or f"0 {names[unit if unit in SECONDS else 'min']}"

    def standard(self, duration: Duration) -> str:
        """A standard in words, e.g. ``135 menit kerja``."""
        kind = ""
        if duration.unit in SECONDS:
            kind = (_WALL_TIME if duration.time == "wall" else _WORKING_TIME)[self.language]
        return f"{duration.amount} {UNIT_NAMES[self.language][duration.unit]}{kind}"

    def _local(self, at: int) -> datetime:
        return instant_of(at).astimezone(self._zone)


@lru_cache(_DAYS_KEPT)
def _day_words(day: date, language: str) -> str:
    return f"{day_names(language)[day.weekday()]} {day:%d-%m-%Y}"
