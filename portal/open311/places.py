"""Which government a request is for, and what its services are."""

import hmac
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, Protocol

from flask import Flask, current_app

from portal.hooks import EXTENSION
from portal.open311.faults import Fault, bad, forbidden, not_found
from portal.pages.frame.promise import service_promise
from portal.parts import EXTENSION as PARTS
from portal.parts import HOMES
from shared.base.errors import Unavailable
from shared.channels.area import is_near
from shared.channels.installed import Channels
from shared.channels.kinds.open311 import API_KEYS, KIND
from shared.channels.secrets import SecretMissing, Secrets
from shared.domain.all_tenants import Tenants
from shared.domain.tenants import Tenant

GENERAL: Final = "aduan"
"""The service of what fits no other, and the only one where there are no categories."""
_ATTRIBUTES: Final = {
    "reporter.name": ("name", "string", "Nama lengkap pelapor", "Cukup bila first_name dan last_name diisi"),
    "reporter.address": ("address", "string", "Alamat pelapor", "RT/RW, desa, kecamatan; tidak ditampilkan"),
    "reporter.identity": ("identity", "string", "NIK pelapor", "16 angka; hanya untuk verifikasi"),
    "title": ("title", "string", "Judul aduan", "Singkat, 3 sampai 200 huruf"),
}
NEAR_KM: Final = 25
"""So far outside a government's area a point may lie: boxes are rough, and people stand beside what they mean."""
_KEYWORDS: Final = 12
_SLUG: Final = re.compile(r"[^a-z0-9]+")


class DatabaseHome(Protocol):
    """What answers for the governments of one database, see :mod:`portal.elsewhere`."""

    app: Flask
    fit: bool


@dataclass(frozen=True)
class Jurisdiction:
    """A government that answers here.

    :param options: of its channel.
    :param home: where its complaints lie; none where all lie in one database.
    """

    id: str
    tenant: Tenant
    options: Mapping[str, Any]
    keys: Secrets
    home: DatabaseHome | None = None

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """Within, :func:`portal.parts.parts` are those of its own database: its services, its accounts, its clock.

        :raises Unavailable: if that has not been reached since the start.
        """
        if self.home is None:
            yield
            return
        if not self.home.fit:
            raise Unavailable("database_unavailable")
        with self.home.app.app_context():
            yield

    @cached_property
    def categories(self) -> dict[str, str]:
        """The names of its categories, by the codes of their services."""
        names = dict.fromkeys(each for agency in self.tenant.agencies for each in agency.categories)
        known = (name for each in names if (name := self.tenant.entries.category(each)))
        return {code: name for name in known if (code := _SLUG.sub("-", name.lower()).strip("-")) and code != GENERAL}

    def is_near(self, lat: float, lon: float) -> bool:
        """Whether a point lies in this government's area or not far from it; without an area, in Indonesia."""
        return is_near(self.options["area"], lat, lon, NEAR_KM)

    def services(self) -> list[dict[str, Any]]:
        """Its services, the general one last."""
        named = [self._service(code, name, name) for code, name in self.categories.items()]
        return [*named, self._service(GENERAL, "Aduan lain" if named else "Aduan", "")]

    def code_of(self, category: str | None) -> str:
        """The service of a category."""
        return self._codes.get(category or "", GENERAL)

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {name: code for code, name in self.categories.items()}

    def name_of(self, code: str) -> str:
        """What a service is called.

        :raises Fault: if there is no such service.
        """
        if code not in self._names:
            raise not_found("open311_no_service")
        return self._names[code]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {each["service_code"]: str(each["service_name"]) for each in self.services()}

    def attributes(self) -> list[dict[str, Any]]:
        """What the procedure requires beyond what the standard's own parameters carry."""
        wanted = [_ATTRIBUTES[name] for name in self.tenant.sop.requires if name in _ATTRIBUTES]
        return [
            {
                "variable": True,
                "code": code,
                "datatype": kind,
                "required": True,
                "datatype_description": hint,
                "order": place,
                "description": description,
                "values": [],
            }
            for place, (code, kind, description, hint) in enumerate(wanted, 1)
        ]

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        """The first words by which complaints are classified, by the categories for which they speak."""
        words: dict[str, list[str]] = {}
        for rule in self.tenant.sop.classification.rules:
            known = self.tenant.entries.category(rule.category)
            if known:
                words.setdefault(known, []).extend(rule.words)
        return {name: list(dict.fromkeys(each))[:_KEYWORDS] for name, each in words.items()}

    @property
    def promise(self) -> str | None:
        """What is promised of a whole case, in a sentence."""
        return service_promise(self.tenant.sop)

    def program(self, key: str) -> str:
        """The name of the program that bears a key.

        :raises Fault: if none does.
        """
        found = ""
        asked = sha256(key.encode("utf-8", "replace")).digest()
        try:
            lines = (self.keys.find(API_KEYS) or "").splitlines()
        except SecretMissing:
            lines = []
        for line in lines:
            name, _, known = line.strip().partition(" ")
            if known and hmac.compare_digest(sha256(known.strip().encode()).digest(), asked):
                found = name
        if not key or not found:
            raise forbidden("open311_wrong_key")
        return found

    def _service(self, code: str, name: str, category: str) -> dict[str, Any]:
        office = self.tenant.agency_for(category) if category else None
        return {
            "service_code": code,
            "service_name": name.capitalize() if name.isupper() else name,
            "description": f"Aduan kepada {self.tenant.name}: {name.lower()}" if category else self.tenant.name,
            "metadata": bool(self.attributes()),
            "type": "realtime",
            "keywords": ", ".join(self._words.get(category) or [name.lower().replace(" dan ", ", ")])
            if category
            else None,
            "group": office.name if office else None,
        }


def jurisdictions() -> dict[str, Jurisdiction]:
    """All that answer here, by their id, whatever database their complaints lie in."""
    found: dict[str, Jurisdiction] = {}
    homes: tuple[DatabaseHome, ...] = current_app.extensions.get(HOMES, ())
    for home in homes or (None,):
        app = current_app if home is None else home.app
        for each in _of(app.extensions[PARTS].runtime.tenants, app.extensions[EXTENSION], home):
            found.setdefault(each.id, each)
    return found


def _of(tenants: Tenants, channels: Channels, home: DatabaseHome | None) -> Iterator[Jurisdiction]:
    for tenant in tenants.all():
        book = channels.book(tenant.id)
        for spec in book.channels:
            channel = channels.find(tenant.id, spec.id)
            if spec.kind == KIND and channel is not None and channel.keys is not None:
                options = {**spec.options, "area": spec.options["area"] or book.area}
                yield Jurisdiction(str(spec.options["jurisdiction"]), tenant, options, channel.keys, home)


def meant(given: str) -> Jurisdiction:
    """The government that a request names; where there is but one it need not be named.

    :raises Fault: if none is named and there are several; if there is no such one.
    """
    known = jurisdictions()
    if given:
        if given.lower() not in known:
            raise not_found("open311_no_jurisdiction")
        return known[given.lower()]
    if len(known) > 1:
        raise Fault([bad("open311_jurisdiction_needed", {"known": ", ".join(sorted(known))})])
    if not known:
        raise not_found("open311_no_jurisdiction")
    return next(iter(known.values()))


def changed_at(known: Mapping[str, Jurisdiction]) -> str:
    """When the lists of services last changed: by the files that they come from, and by the versions of procedures that
    were approved beside them, from when they count.
    """
    tenants = [each.tenant for each in known.values()]
    files = [file.stat().st_mtime for tenant in tenants for file in tenant.directory.glob("*.yaml")]
    approved = [
        each.counts_from.timestamp()
        for tenant in tenants
        for each in tenant.approved
        if each.version <= tenant.sop.version
    ]
    latest = max([*files, *approved], default=0.0)
    return datetime.fromtimestamp(int(latest), UTC).isoformat().replace("+00:00", "Z")
