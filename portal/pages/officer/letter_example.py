"""A made-up complaint, as letters tell of it: with everything that may be told, and with nothing that need not be."""

from typing import Any, Final

from shared.domain.letters import VALUES
from shared.domain.tenants import Tenant

_ALWAYS: Final = frozenset(
    {
        *("government", "ticket", "filed_at", "at", "status", "portal", "link", "code", "title", "office", "by"),
        "failed_what",
    }
)
_YES: Final = ("answered", "may_reply", "may_rate", "may_reopen", "by_mail")


def example(home: Tenant, audience: str, year: int, *, bare: bool = False) -> dict[str, Any]:
    """What an audience's templates may say, of a complaint that was never filed.

    :param bare: without what not every letter has.
    """
    ticket = f"{home.sop.ticket_prefix}-{year}-000123"
    office = home.agencies[0].name if home.agencies else home.name
    path = "lacak" if audience == "reporter" else "berkas"
    texts = {
        "government": home.name,
        "ticket": ticket,
        "filed_at": f"Senin, 5 Oktober {year} pukul 08.45 WIB",
        "at": f"Selasa, 6 Oktober {year} pukul 10.15 WIB",
        "status": "in_progress",
        "agency": office,
        "category": "JALAN",
        "kecamatan": "Contoh",
        "portal": "https://aduan.example.go.id",
        "link": f"https://aduan.example.go.id/{home.id}/{path}/{ticket}",
        "why": "incomplete",
        "leave_until": f"Senin, 26 Oktober {year} pukul 15.30 WIB",
        "name": "Siti Contoh",
        "title": "Jalan berlubang",
        "code": "ABCDEFGHJK",
        "reason": "Mohon tuliskan patokan tempatnya.",
        "text": "Lubang sudah kami tambal pagi ini.\nTerima kasih.",
        "promised_at": f"Senin, 19 Oktober {year} pukul 15.30 WIB",
        "reply_until": f"Jumat, 16 Oktober {year} pukul 15.30 WIB",
        "held_by": "instansi lain",
        "held_since": f"Selasa, 6 Oktober {year} pukul 10.15 WIB",
        "leave_why": "menunggu instansi lain",
        "to": "instansi lain",
        "office": office,
        "desk": "Petugas",
        "activity": "Menindaklanjuti aduan",
        "due_at": f"Senin, 12 Oktober {year} pukul 15.30 WIB",
        "target": "case",
        "holder": "Petugas",
        "holder_office": office,
        "failed_what": "Jawaban",
        "failed_why": "no_address",
        "failed_by": "WhatsApp",
        "failed_after": "accepted",
        "by": "Petugas",
        "from_office": office,
    }
    whole = {**texts, **dict.fromkeys(_YES, True), "missing": ["alamat pelapor", "data pendukung"]}
    left = {**dict.fromkeys(_YES, False), "missing": [], "name": "", "reason": "", "text": ""}
    every = {name: whole[name] for name in VALUES[audience]}
    return every if not bare else {name: v if name in _ALWAYS else left.get(name) for name, v in every.items()}
