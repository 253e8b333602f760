"""Who may open which page: every endpoint of every page has a row here, or nothing starts.

The rows say which door a page has; what of it a visitor may then see or do, the services decide again.
"""

from collections.abc import Mapping
from typing import Final, Literal

from flask import Flask

from portal.pages.citizen.own.door import require_citizen
from portal.pages.officer import visits

Door = Literal["everybody", "holder", "citizen", "officer", "administrator", "center"]
"""Anybody; whoever holds the code of the complaint; who is in their own account; officers; who administers."""

ACCESS: Final[Mapping[str, Door]] = {
    "static.static": "everybody",
    "citizen.start": "everybody",
    "filing.form": "everybody",
    "filing.file": "everybody",
    "receipt.shown": "holder",
    "receipt.saved": "holder",
    "receipt.paper": "holder",
    "tracking.find": "everybody",
    "tracking.of": "everybody",
    "tracking.enter": "everybody",
    "tracking.enter_at": "everybody",
    "tracking.opened": "holder",
    "tracking.news": "holder",
    "tracking.leave": "everybody",
    "acting.form": "holder",
    "acting.act": "holder",
    "acting.file": "holder",
    "acting.own_data": "holder",
    "public.procedure": "everybody",
    "public.drawing": "everybody",
    "public.your_data": "everybody",
    "public.accessibility": "everybody",
    "kinerja.latest": "everybody",
    "kinerja.shown": "everybody",
    "data.shown": "everybody",
    "data.recap": "everybody",
    "data.published": "everybody",
    "komponen.shown": "everybody",
    "umum.shown": "everybody",
    "umum.one": "everybody",
    "umum.feed": "everybody",
    "entering.form": "everybody",
    "entering.enter": "everybody",
    "entering.leave": "everybody",
    "masuk_oidc.depart": "everybody",
    "masuk_oidc.arrive": "everybody",
    "inbox.shown": "officer",
    "dossier.shown": "officer",
    "dossier.printed": "officer",
    "kertas.kept": "officer",
    "dossier.act": "officer",
    "dossier.resume": "officer",
    "dossier.attach": "officer",
    "dossier.fetch": "officer",
    "dossier.note": "officer",
    "publishing.shown": "officer",
    "publishing.one": "officer",
    "publishing.decide": "officer",
    "publishing.resume": "officer",
    "live.inbox": "officer",
    "live.dossier": "officer",
    "live.session": "officer",
    "live.hints": "officer",
    "live.inbox_stream": "officer",
    "live.dossier_stream": "officer",
    "bulk.shown": "officer",
    "bulk.done": "officer",
    "account.still": "officer",
    "kalender.shown": "officer",
    "audit.find": "administrator",
    "audit.shown": "administrator",
    "hapus.shown": "administrator",
    "hapus.ask": "administrator",
    "hapus.decide": "administrator",
    "hapus.protocol": "administrator",
    "hapus.printed": "administrator",
    "peragaan.move": "everybody",
    "peragaan.write": "everybody",
    "pusat.shown": "administrator",
    "disisihkan.shown": "administrator",
    "disisihkan.decide": "administrator",
    "account.away": "officer",
    "everything.shown": "officer",
    "board.shown": "officer",
    "watched.tasks": "officer",
    "watched.returned": "officer",
    "twins.shown": "officer",
    "twins.decide": "officer",
    "recap.present": "officer",
    "recap.shown": "officer",
    "recap.file": "officer",
    "books.register": "officer",
    "registering.form": "officer",
    "registering.file": "officer",
    "registering.resume": "officer",
    "sops_kept.shown": "officer",
    "account.shown": "officer",
    "account.change": "officer",
    "accounts.shown": "administrator",
    "accounts.change": "administrator",
    "aplikasi.manifest": "everybody",
    "colour.sheet": "everybody",
    "aplikasi.worker": "everybody",
    "aplikasi.offline": "everybody",
    "andai.form": "administrator",
    "andai.tried": "administrator",
    "readers.shown": "holder",
    "warga_masuk.form": "everybody",
    "warga_masuk.ask": "everybody",
    "warga_masuk.code": "everybody",
    "warga_masuk.enter": "everybody",
    "warga.shown": "citizen",
    "warga.open_one": "citizen",
    "warga.link": "citizen",
    "warga.unlink": "citizen",
    "warga.identity": "citizen",
    "warga.identify": "citizen",
    "warga.desk_number": "citizen",
    "warga.erasing": "citizen",
    "warga.erase": "citizen",
    "warga.leave": "citizen",
    "cocok.form": "officer",
    "cocok.look": "officer",
    "pembacaan.shown": "administrator",
    "kata.shown": "administrator",
    "kata.restore": "administrator",
    "kata.one": "administrator",
    "kata.decide": "administrator",
    "instansi.shown": "administrator",
    "surat.shown": "administrator",
    "surat.one": "administrator",
    "surat.decide": "administrator",
    "dinas.desk": "administrator",
    "dinas.change": "administrator",
    "petugas.shown": "administrator",
    "petugas.change": "administrator",
    "usulan.form": "administrator",
    "usulan.keep": "administrator",
    "usulan.one": "administrator",
    "usulan.decided": "administrator",
    "sops_kept.drawing": "officer",
    "versi.form": "administrator",
    "versi.keep": "administrator",
    "versi.one": "administrator",
    "versi.decided": "administrator",
    "versi.drawing": "administrator",
    "versi.text": "administrator",
}


def check(app: Flask, blueprints: Mapping[str, object]) -> None:
    """Every page has its row, every row its page, and every page for officers asks who is there.

    :param blueprints: of pages, by name.
    :raises LookupError: naming what does not fit.
    """
    there = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in {*blueprints, "static"}
    }
    astray = there ^ set(ACCESS)
    if astray:
        raise LookupError(f"pages and the table of who may open them differ: {', '.join(sorted(astray))}")
    for endpoint, door in ACCESS.items():
        name = endpoint.partition(".")[0]
        first = app.before_request_funcs.get(name, [])
        if (require_citizen in first) is not (door == "citizen"):
            raise LookupError(f"{endpoint} is for {door}: what it asks first does not fit")
        asks = any(each in first for each in (visits.require_visit, visits.require_quiet_visit, visits.require_center))
        if asks is not (door in ("officer", "administrator")):
            raise LookupError(f"{endpoint} is for {door}, and {'asks' if asks else 'does not ask'} who is there")
