"""What somebody types into the search box, as the search of complaints knows it: words of the lists, or a month."""

from datetime import datetime

from portal.pages.figures import months
from portal.pages.officer.words import choice_words
from shared.base.names import canonical
from shared.domain.complaint.channels import known_channels
from shared.domain.tenants import Tenant


def meant(typed: str, home: Tenant, now: datetime, *, wide: bool) -> dict[str, str]:
    """A sub-district, a village, a category, a channel or an office, if it is called so; else the days of a month in
    which something was filed; nothing if it is nothing of these.

    What reporters wrote is sealed and found by no word.

    :param now: in the government's zone.
    :param wide: whether the reader may look for other offices than their own.
    """
    entries, wanted = home.entries, canonical(typed)
    if not wanted:
        return {}
    found = {
        "kecamatan": entries.kecamatan(typed),
        "desa": entries.desa(typed),
        "category": entries.category(typed),
        "channel": next((each for each in channels(home) if wanted in (each, canonical(choice_words(each)))), None),
        "agency": next((each.id for each in home.agencies if wide and wanted in (each.id, canonical(each.name))), None),
    }
    if word := next(((name, word) for name, word in found.items() if word), None):
        return dict([word])
    month = months.meant(typed, now)
    return dict(zip(("since", "until"), months.days_of(month), strict=True)) if month else {}


def channels(home: Tenant) -> list[str]:
    """The channels of every version of the procedure under which something may have come in."""
    return list(dict.fromkeys(channel for sop in home.sops.values() for channel in known_channels(sop)))
