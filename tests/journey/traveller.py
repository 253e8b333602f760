"""A complaint on its way through a government's procedure, and everybody who might meddle with it at each desk."""

import re
from dataclasses import dataclass
from typing import Any, Self

from eventlet import GreenPool

from tests.files.making import document
from tests.journey.installation import Api, officer

REPORTER = "reporter"
EMAIL = "siti@warga.example"
UNDELIVERABLE = "sit\u00ed@warga.example"
"""Looks like an address, and no mail server would take it."""
ROADS = "PEKERJAAN UMUM DAN PENATAAN RUANG"
REPORTER_ACTIONS: dict[str, dict[str, Any]] = {
    "supplement": {"title": "Jalan rusak"},
    "reply": {"text": "Terima kasih"},
    "rate": {"score": 4},
    "withdraw": {"reason": "Sudah selesai"},
    "reopen": {"reason": "Belum selesai"},
}
NOTED = {"NoticeDelivered", "CodeRenewed"}
"""What officers may note at any time, and moves nothing; the actions of that name:"""
TELLING = {"deliver", "renew_code"}
COORDINATOR = "coordinator"
OF_THE_COORDINATOR = {"recall", "reject", "merge", "withdraw"}
"""What is the coordinator's in all five procedures, though not in every step."""
AT_ONCE = 6
"""So many attempts are on their way at a time."""

_LETTER = re.compile(r"\d{8}T\d{6}Z-(?P<ticket>[A-Z]+-\d+-\d+)-(?P<version>\d+)-(?P<rest>.+)\.eml")


@dataclass
class Traveller:
    """One complaint.

    :param elsewhere: an agency of the government that never has it.
    """

    api: Api
    tenant: str
    receipt: dict[str, Any]
    elsewhere: str

    @classmethod
    def file(cls, api: Api, tenant: str, elsewhere: str, **fields: Any) -> Self:
        """File a complaint, and wait until the system has done its part."""
        complaint = {
            "reporter": {"name": "Siti Rahayu", "email": EMAIL},
            "title": "Jalan berlubang",
            "message": "Jalan di depan pasar berlubang, mohon diperbaiki.",
            "category": ROADS,
            **fields,
        }
        given = {name: value for name, value in complaint.items() if value is not None}
        traveller = cls(api, tenant, api.file(tenant, **given), elsewhere)
        api.rest()
        return traveller

    @property
    def id(self) -> str:
        """The dossier."""
        found: str = self.receipt["id"]
        return found

    @property
    def view(self) -> dict[str, Any]:
        """The dossier, as an administrator reads it."""
        return self.api.dossier(self.tenant, self.id)

    def place(self) -> tuple[str, str | None, str | None, str | None]:
        """Status, step, actor, and the agency responsible."""
        view = self.view
        return view["status"], view["step"], view["actor"], view["agency"]

    def officer(self, actor: str, agency: str | None = None) -> dict[str, Any]:
        """Who holds that role: in the agency named, else in the one responsible for the dossier."""
        if _scopes(self.api, self.tenant)[actor] != "agency":
            return officer(self.tenant, actor)
        return officer(self.tenant, actor, agency or self.view["agency"] or self.elsewhere)

    def act(self, actor: str, action: str, **fields: Any) -> Self:
        """What an officer does, and what the system does after it."""
        who = self.officer(actor)
        if action in _needing_files(self.api, self.tenant):
            self.attach(who, action)
        answer = self.api.act(who, self.id, action, **fields)
        assert answer.ok, f"{actor} {action}: {answer.status_code} {answer.text}"
        self.api.rest()
        return self

    def attach(self, who: dict[str, Any], action: str) -> Self:
        """The files without which an action is refused."""
        for offered in self.view["allowed"]:
            for kind in offered["needs_files"] if offered["action"] == action else ():
                files = {"file": (f"{kind}.pdf", document())}
                path = f"/{self.tenant}/dossiers/{self.id}/files"
                self.api.ok("POST", path, who, files=files, data={"kind": kind})
        return self

    def status(self, who: dict[str, Any], action: str, **fields: Any) -> int:
        """The HTTP status of an officer's attempt."""
        return self.api.act(who, self.id, action, **fields).status_code

    def problems(self, actor: str, action: str, **fields: Any) -> list[str]:
        """The fields that are wrong in an action otherwise allowed."""
        answer = self.api.act(self.officer(actor), self.id, action, **fields)
        assert 422 == answer.status_code, answer.text
        return sorted(answer.json()["errors"])

    def say(self, action: str, **fields: Any) -> Self:
        """What the reporter does, and what the system does after it."""
        answer = self.api.reporter(self.tenant, self.receipt, action, **(fields or REPORTER_ACTIONS[action]))
        assert answer.ok, f"{REPORTER} {action}: {answer.status_code} {answer.text}"
        self.api.rest()
        return self

    def offers(self, **offered: set[str]) -> Self:
        """Exactly these actions can be done here, each by exactly that actor and for the agency responsible.

        Every other officer gets 403 for them, an officer of another agency too, and so does an officer who tries what
        only somebody else may do; what nobody may do here is a conflict.
        """
        view = self.view
        offered = {**offered, COORDINATOR: offered.get(COORDINATOR, set()) | self._of_the_coordinator(view, offered)}
        here = {action for actions in offered.values() for action in actions}
        if view["step"] is not None:
            here |= {action["name"] for action in _sop(self.api, self.tenant)["anytime"]}
        moving = {each["action"] for each in view["allowed"] if each["event"] not in NOTED}
        assert offered.get(view["actor"], set()) == moving
        assert offered.get(REPORTER, set()) == {each["action"] for each in self.track()["allowed"]}
        attempts = [
            (who, action, expected)
            for who in self._officers(view["agency"])
            for action in _actions(self.api, self.tenant)
            if action not in TELLING and (expected := _expected(who, action, offered, here, view["agency"]))
        ]
        given = GreenPool(AT_ONCE).imap(lambda attempt: self.status(attempt[0], attempt[1]), attempts)
        wrong = [
            (who["actor"], who["agency"], action, expected, got)
            for (who, action, expected), got in zip(attempts, given, strict=True)
            if got != expected
        ]
        assert not wrong, f"at {view['step']} (actor, agency, action, expected, answered): {wrong}"
        for name, fields in REPORTER_ACTIONS.items():
            if name not in offered.get(REPORTER, set()):
                assert 409 == self.api.reporter(self.tenant, self.receipt, name, **fields).status_code, name
        return self

    def _of_the_coordinator(self, view: dict[str, Any], offered: dict[str, set[str]]) -> set[str]:
        """What the coordinator may do of any complaint: what its reporter may, and what leads out of a wrong turn."""
        if view["step"] is None:
            return set()
        held_by_agency = _scopes(self.api, self.tenant)[view["actor"]] == "agency"
        turns = {"reject", "merge"} if view["status"] in {"in_progress", "returned"} else set()
        turns |= {"recall"} if view["status"] == "in_progress" and held_by_agency else set()
        return turns | offered.get(REPORTER, set())

    def track(self) -> dict[str, Any]:
        """What the reporter sees."""
        return self.api.track(self.tenant, self.receipt)

    def answers(self) -> list[tuple[str, str]]:
        """Kind and text of the answers that the reporter can read."""
        return [(each["kind"], each["text"]) for each in self.track()["timeline"] if each["event"] == "Answered"]

    def events(self, *left_out: str) -> list[str]:
        """The types of all that happened."""
        return [entry["event"] for entry in self.view["timeline"] if entry["event"] not in left_out]

    def clock(self, target: str, step: str | None = None, number: int = -1) -> dict[str, Any]:
        """One of its clocks, the latest unless said otherwise."""
        found = [each for each in self.view["clocks"] if each["target"] == target and step in (None, each["step"])]
        clock: dict[str, Any] = found[number]
        return clock

    def letters(self) -> list[tuple[str, str]]:
        """Recipient and text of every letter about it, in the order of the events."""
        assert self.api.data is not None
        self.api.rest()
        matches = [_LETTER.fullmatch(path.name) for path in (self.api.data / "outbox").glob("*.eml")]
        mine = [match for match in matches if match and match["ticket"] == self.receipt["ticket"]]
        found = sorted((int(match["version"]), match["rest"]) for match in mine)
        return [_recipient_and_text(rest) for _, rest in found]

    def told(self, text: str) -> list[str]:
        """To whom letters of that text were written."""
        return [recipient for recipient, each in self.letters() if each == text]

    def letter(self, recipient: str, text: str) -> str:
        """The latest such letter, as it lies in the outbox, in one line."""
        assert self.api.data is not None
        self.api.rest()
        pattern = f"*-{self.receipt['ticket']}-*-{recipient}-{text}.eml"
        return " ".join(max((self.api.data / "outbox").glob(pattern)).read_text(encoding="utf-8").split())

    def _officers(self, agency: str | None) -> list[dict[str, Any]]:
        """Every officer who could try: of the agency responsible, and of one that it does not concern."""
        scopes = _scopes(self.api, self.tenant)
        own = [officer(self.tenant, actor) for actor, scope in scopes.items() if scope == "tenant"]
        agencies = [each for each in (agency, self.elsewhere) if each]
        return own + [officer(self.tenant, a, each) for a, s in scopes.items() if s == "agency" for each in agencies]


def _expected(
    who: dict[str, Any], action: str, offered: dict[str, set[str]], here: set[str], agency: str | None
) -> int | None:
    """The HTTP status of an attempt; none if it is allowed, or teaches nothing more."""
    if who["agency"] is not None and agency is not None and who["agency"] != agency:
        return 403 if action in here else None
    if action in offered.get(who["actor"], set()):
        return None
    if who["actor"] == COORDINATOR and action in OF_THE_COORDINATOR:
        return 409  # theirs, at another time
    return 403 if action in here else 409


def _sop(api: Api, tenant: str) -> dict[str, Any]:
    """The procedure as the API shows it, asked for once."""
    if tenant not in api.sops:
        api.sops[tenant] = api.ok("GET", f"/sops/{tenant}")
    return api.sops[tenant]


def _scopes(api: Api, tenant: str) -> dict[str, str]:
    return {actor["id"]: actor["scope"] for actor in _sop(api, tenant)["actors"]}


def _actions(api: Api, tenant: str) -> list[str]:
    sop = _sop(api, tenant)
    named = [action["name"] for step in sop["steps"] for action in step["actions"]]
    return sorted({*named, *(action["name"] for action in sop["anytime"])})


def _needing_files(api: Api, tenant: str) -> set[str]:
    steps = _sop(api, tenant)["steps"]
    return {action["name"] for step in steps for action in step["actions"] if action["needs_files"]}


def _recipient_and_text(rest: str) -> tuple[str, str]:
    recipient, _, text = rest.rpartition("-")
    return recipient, text
