"""An office with everything but the broker: complaints are filed and acted on, notify is told of it, and sends."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from services.intake.classifying import classify_dossier
from services.intake.filing import Submission, file
from services.intake.receipts import Receipt
from services.intake.reporter import act as reporter_act
from services.intake.reporter import track
from services.notify import bounces, ledger, planning, sending
from services.notify.outbox import Outbox, PostedLetter
from services.notify.post import Post
from services.notify.refused import LetterRefused
from services.routing.commands import act, dispose_by_category
from shared.application.bootstrap import bootstrap
from shared.application.runtime import Runtime
from shared.base.caller import Caller
from shared.base.clock import SimulatedClock
from shared.base.randomness import SeededRandomness
from shared.domain.complaint.schema import load_submission
from shared.domain.dossier.desk import Cause
from shared.domain.dossier.events import AnswerDelivered, DeliveryFailed, DossierEvent
from shared.domain.sop import engine
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from shared.store.eventstore.reading import RecordedEvent, read_dossier
from tests.fixtures.log import settled_after
from tests.fixtures.usual import usual

START = "2026-10-05T08:00:00+07:00"
CAUSE = Cause(correlation_id="test")
NAME = "Siti Rahayuningsih"
ADDRESS = "Jalan Kenanga Nomor 17"
EMAIL = "siti.rahayu@warga.example"
MESSAGE = "Jembatan gantung di Dusun Karangsari rusak parah dan membahayakan anak sekolah."
PRIVATE = (NAME, ADDRESS, EMAIL, MESSAGE, "jembatan dua hari", "Siti", "siti.rahayu")
"""What must be found in no table and no log line."""


def complaint(*, email: str | None = EMAIL, address: str | None = ADDRESS, **more: Any) -> dict[str, Any]:
    """A complaint as it comes in."""
    reporter = {"name": NAME, "address": address, "email": email}
    return load_submission({"reporter": reporter, "title": "Jembatan rusak", "message": MESSAGE, **more})


class LetterOffice:
    """One installation in one process.

    :param directory: the data directory, with the outbox.
    """

    def __init__(self, database_url: str, directory: Path, **settings: Any) -> None:
        self.clock = SimulatedClock(datetime.fromisoformat(START))
        given = Settings(
            database_url=database_url,
            broker_url="memory://",
            given_master_key=new_secret(SeededRandomness("master")),
            data_dir=directory,
            embedded=False,
        )
        self.runtime: Runtime = bootstrap(replace(given, **settings), clock=self.clock)
        self.seen = 0

    def close(self) -> None:
        """Let go of the database."""
        self.runtime.database.close()

    def file(self, tenant: str = "cilacap", **fields: Any) -> Receipt:
        """File a complaint."""
        return file(self.runtime, Submission(tenant, complaint(**fields), CAUSE))

    def act(self, receipt: Receipt, name: str, **fields: Any) -> None:
        """Do an officer's action as the one who may."""
        dossier = self.runtime.dossiers("routing").load(receipt.id)
        sop = self.runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version)
        action = engine.find_action(sop, dossier.step, name)
        caller = Caller(dossier.tenant, engine.holder_of(sop, dossier.step or "", action), dossier.agency, "officer")
        fields = {**usual(sop, dossier, caller.actor, name), **fields}
        act(self.runtime, caller, dossier.tenant, receipt.id, name, fields, CAUSE)

    def reporter(self, receipt: Receipt, name: str, **fields: Any) -> None:
        """Do a reporter's action."""
        tenant = self.runtime.dossiers("intake").load(receipt.id).tenant
        reporter_act(self.runtime, tenant, receipt.ticket, receipt.tracking_code, name, fields, CAUSE)

    def automate(self, receipt: Receipt) -> None:
        """What the SOP gives to the system, until a person is due."""
        for _ in range(5):
            dossier = self.runtime.dossiers("routing").load(receipt.id)
            sop = self.runtime.tenants.get(dossier.tenant).sop_of(dossier.sop_version)
            automatic = sop.step(dossier.step or "").automatic
            if automatic == "classify":
                classify_dossier(self.runtime, receipt.id, dossier.tenant, CAUSE)
            elif automatic == "dispose":
                dispose_by_category(self.runtime, receipt.id, dossier.tenant, CAUSE)

    def answered(self, **fields: Any) -> Receipt:
        """A complaint of Cilacap's that has come as far as its answer."""
        receipt = self.file(**fields)
        self.act(receipt, "dispose", agency="dpupr")
        for _ in range(4):
            self.act(receipt, "forward")
        self.act(receipt, "answer", text="Kami perbaiki jembatan dua hari lagi.")
        return receipt

    def later(self, **timespan: float) -> None:
        """Let time pass."""
        self.clock.move_to(self.clock.now() + timedelta(**timespan))

    def news(self) -> list[RecordedEvent]:
        """What was appended since this was last asked."""
        with self.runtime.database.autocommit() as cursor:
            events = settled_after(cursor, self.seen)
        self.seen = events[-1].position if events else self.seen
        return events

    def told(self) -> None:
        """Notify hears of what happened."""
        planning.apply(self.runtime, self.news())

    @property
    def outstanding(self) -> bool:
        """Whether a message is due and not done with."""
        with self.runtime.database.autocommit() as cursor:
            return ledger.anything_due(cursor, self.clock.now())

    def send_all(self, post: Post | None = None) -> None:
        """Notify hears of everything, sends everything that is due, and hears of what it did itself."""
        events = self.news()
        while events or self.outstanding:
            planning.apply(self.runtime, events)
            sending.tick(self.runtime, post)
            events = self.news()

    def settle_what_is_free(self) -> None:
        """As an instance that lives would: what another has claimed is left to it."""
        while sending.tick(self.runtime):
            self.told()

    def leases_run_out(self) -> None:
        """What five minutes of the database's clock would bring."""
        self.rows(
            "UPDATE notify.messages SET leased_until = now() - interval '1 s' WHERE lease IS NOT NULL RETURNING 1"
        )

    def history(self, receipt: Receipt) -> list[DossierEvent]:
        """All that happened to a dossier."""
        return self.runtime.dossiers("notify").history(receipt.id)

    def types(self, receipt: Receipt) -> list[str]:
        """The types of its events."""
        return [event.type for event in self.history(receipt)]

    def recorded(self, receipt: Receipt) -> list[RecordedEvent]:
        """A dossier's events as the broker would bring them."""
        with self.runtime.database.autocommit() as cursor:
            return read_dossier(cursor, receipt.id)

    def letters(self) -> list[PostedLetter]:
        """What lies in the outbox."""
        return Outbox(self.runtime.settings.data_dir / "outbox").letters()

    def bounce(self, receipt: Receipt, version: int) -> None:
        """A letter to the reporter comes back."""
        admin = Caller("*", "admin", user="admin", admin=True)
        tenant = self.runtime.dossiers("notify").load(receipt.id).tenant
        bounces.bounced(self.runtime, admin, tenant, receipt.id, version)

    def open_by_code(self, receipt: Receipt) -> dict[str, Any]:
        """The reporter opens their complaint with the code."""
        tenant = self.runtime.dossiers("intake").load(receipt.id).tenant
        return track(self.runtime, tenant, receipt.ticket, receipt.tracking_code)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Any question to the database."""
        with self.runtime.database.autocommit() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def messages(self, dossier: UUID) -> list[tuple[str, str, str | None, str | None, str | None]]:
        """Recipient, template, outcome, way and reason of a dossier's messages."""
        return self.rows(
            "SELECT recipient, template, outcome, way, reason FROM notify.messages WHERE dossier = %s "
            "ORDER BY version, recipient, template",
            str(dossier),
        )


def failures(office: LetterOffice, receipt: Receipt, about: str = "Answered") -> list[tuple[str, str]]:
    """The ways and reasons of what could not be brought to the reporter, of one type of event."""
    failed = [event for event in office.history(receipt) if isinstance(event, DeliveryFailed)]
    return [(event.by, event.reason) for event in failed if event.about == about]


def deliveries(office: LetterOffice, receipt: Receipt) -> list[tuple[int, str]]:
    """The answers that arrived, and how."""
    return [(event.answer, event.by) for event in office.history(receipt) if isinstance(event, AnswerDelivered)]


class Refusing:
    """A way out that takes nothing."""

    repeatable = False

    def __init__(self, refused: LetterRefused) -> None:
        self._refused = refused

    def session(self) -> Self:
        """Itself."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def send(self, *_: object) -> None:
        """Never."""
        raise self._refused
