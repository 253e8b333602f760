"""Automatic steps are taken even where the broker never delivered the event that led into them."""

from dataclasses import replace

from services.intake import filing
from services.intake.classifying import classify_dossier
from services.routing import commands
from services.routing.projection import InboxProjection
from shared.application.automation import automate
from shared.application.bootstrap import bootstrap
from shared.application.dossiers.codec import decode
from shared.base.caller import Caller
from shared.domain.complaint.schema import load_submission
from shared.domain.dossier.desk import Cause
from shared.platform.secret import new_secret
from shared.platform.settings import Settings
from shared.store.eventstore.reading import read_dossier
from shared.store.projection.runner import apply_batch

CAUSE = Cause(correlation_id="test")


def test_an_event_that_was_filled_in_is_acted_on(database_url: str) -> None:
    """Routing gets only the third event of a dossier; the second led into its step, and the step is taken."""
    settings = replace(Settings.from_environment({}), database_url=database_url, given_master_key=new_secret())
    runtime = bootstrap(settings)
    complaint = load_submission({"message": "Jalan di depan pasar berlubang dan tergenang"})
    receipt = filing.file(runtime, filing.Submission("cirebon", complaint, CAUSE))
    classify_dossier(runtime, receipt.id, "cirebon", CAUSE)
    desk = runtime.desk("cirebon")
    dossier = runtime.dossiers("notify").load(receipt.id)
    note = {"answer": 1, "by": "email", "reason": "no_address"}
    runtime.dossiers("notify").append(
        [desk.note(dossier, "DeliveryFailed", Caller.system("cirebon", "notify"), CAUSE, note)]
    )
    with runtime.database.autocommit() as cursor:
        *_, third = read_dossier(cursor, receipt.id)

    applied = apply_batch(runtime.database, InboxProjection(), decode, [third])
    automate(runtime, [third], applied, "dispose", commands.dispose_by_category)

    assert 2 == applied.filled
    assert "Dispositioned" in [event.type for event in runtime.dossiers("routing").history(receipt.id)]
    runtime.database.close()
