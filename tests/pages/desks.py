"""Officers at their desks: accounts made as the command line makes them, visits begun on the page."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from PIL import Image

from cli.installation import running
from shared.application.identity.membership import administrator, caller_for
from shared.application.identity.users import Users
from shared.domain.documents.forms import KINDS
from tests.journey.installation import Api
from tests.pages.visitor import Form, Page, Visitor


def _picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 48), "green").save(made, "JPEG")
    return made.getvalue()


PASSWORD: Final = "kata sandi yang panjang"

PICTURE: Final = _picture()
WHO: Final = {"name": "Siti Rahayu", "address": "RT 02/RW 01 Hanum", "identity": "3301012301800001"}
_WANTED: Final = ("dispose", "answer", "approve", "forward", "transfer")
MOST_STEPS: Final = 25


@dataclass
class Desks:
    """All officers of an installation.

    :param made: the accounts that there are.
    """

    api: Api
    made: set[str] = field(default_factory=set)

    def account(self, tenant: str, actor: str, agency: str | None = None) -> str:
        """An account's name; opened when it is first asked for."""
        name = "uji." + "-".join(filter(None, (actor, agency))).replace("_", "-")
        if f"{tenant}/{name}" not in self.made:
            assert self.api.data is not None
            with running(self.api.data) as runtime:
                who = administrator(name) if tenant == "*" else caller_for(runtime.tenants, tenant, actor, agency, name)
                Users(runtime.database, runtime.randomness).add(who, PASSWORD)
            self.made.add(f"{tenant}/{name}")
        return name

    def enter(self, tenant: str, actor: str, agency: str | None = None, language: str = "id") -> Visitor:
        """An officer who has just logged in on the page."""
        somebody = Visitor(self.api.address, language)
        page = somebody.get(f"/{tenant}/masuk")
        name = self.account(tenant, actor, agency)
        entered = somebody.send(page, "/masuk", username=name, password=PASSWORD)
        assert entered.address.endswith(f"/{tenant}/meja"), entered.text
        return somebody

    def administrator(self, tenant: str, who: str = "admin") -> Visitor:
        """An administrator of the installation, looking at one government.

        :param who: which of them.
        """
        somebody = Visitor(self.api.address)
        name = self.account("*", who)
        page = somebody.get(f"/{tenant}/masuk")
        somebody.send(page, "/masuk", username=name, password=PASSWORD, administrator="1")
        return somebody

    def holder(self, tenant: str, seen: dict[str, Any]) -> Visitor:
        """The officer who has a dossier, just logged in.

        :param seen: the dossier, as an administrator sees it.
        """
        return self.enter(tenant, seen["actor"], seen["agency"] if self._of_agency(tenant, seen) else None)

    def walk(self, tenant: str, dossier: str) -> list[str]:
        """Let the officers do one step after another by their pages, until the complaint is answered.

        :returns: the actions that were done.
        """
        done: list[str] = []
        for _ in range(MOST_STEPS):
            self.api.rest()
            seen = self.api.dossier(tenant, dossier)
            if seen["status"] != "in_progress" or seen["step"] is None:
                return done
            officer = self.holder(tenant, seen)
            page = officer.get(f"/{tenant}/berkas/{seen['ticket']}")
            if self._had_made(officer, page, seen):
                page = officer.get(f"/{tenant}/berkas/{seen['ticket']}")
            form = chosen(page)
            after = officer.post(form.action, filled(page, form))
            assert 200 == after.status, f"{tenant} {seen['step']} {form.values['action']}: {after.text}"
            done.append(form.values["action"])
        raise AssertionError(f"{tenant} comes to no end: {done}")

    def _of_agency(self, tenant: str, seen: dict[str, Any]) -> bool:
        sop = self.api.sops.setdefault(tenant, self.api.ok("GET", f"/sops/{tenant}"))
        return any(each["id"] == seen["actor"] and each["scope"] == "agency" for each in sop["actors"])

    def _had_made(self, officer: Visitor, page: Page, seen: dict[str, Any]) -> bool:
        """Have the documents made that the step's result consists of; says whether there were any."""
        kinds = {kind for allowed in seen["allowed"] for kind in allowed.get("needs_files", ())}
        token = page.form("/keluar").values["tanda"]
        for kind in kinds:
            given = {"document": kind} if kind in KINDS else {"kind": kind}
            files = None if kind in KINDS else {"file": ("bukti.jpg", PICTURE, "image/jpeg")}
            made = officer.post(page.form("/lampiran").action, {"tanda": token, **given}, files=files)
            assert 200 == made.status, made.text
        return bool(kinds)


def chosen(page: Page) -> Form:
    """The form that brings a dossier on."""
    forms = [each for each in page.forms if each.action.endswith("/tindakan")]
    return min(forms, key=lambda form: rank(form.values["action"]))


def form_of(page: Page, action: str) -> Form:
    """The form of an action."""
    found = [each for each in page.forms if each.values.get("action") == action]
    assert found, f"no form for {action}: {[each.values.get('action') for each in page.forms]}"
    return found[0]


def filled(page: Page, form: Form, **values: str) -> dict[str, str]:
    """A form with something in every field that is needed."""
    given = dict(form.values)
    prefix = f"d{form.values['number']}-"
    for element in page.elements:
        if not element.attributes.get("id", "").startswith(prefix):
            continue
        name = element.attributes.get("name")
        if name and not given.get(name):
            label = page.one("label", for_=element.attributes["id"]).text
            if "boleh kosong" not in label:
                given[name] = _something(page, element.attributes["id"], element.tag)
    return {**given, **values}


def _something(page: Page, ident: str, tag: str) -> str:
    if tag != "select":
        return "Lubang sudah ditutup."
    place = next(place for place, each in enumerate(page.elements) if each.attributes.get("id") == ident)
    options = [each.attributes["value"] for each in page.elements[place : place + 4] if each.tag == "option"]
    return next(value for value in options if value)


def rank(action: str) -> int:
    """Before which others an action is done, so that a dossier comes on."""
    return _WANTED.index(action) if action in _WANTED else len(_WANTED)


def filed(api: Api, tenant: str = "cilacap", **complaint: Any) -> dict[str, Any]:
    """A complaint of somebody who says who they are."""
    given = {"message": "Jalan utama desa berlubang cukup dalam", "title": "Jalan rusak", "reporter": WHO}
    return api.file(tenant, **{**given, **complaint})
