"""The words of a letter for a channel: the whole, what fits an SMS, and the values of a template."""

from collections.abc import Sequence
from typing import Final

from services.notify.values import values_for_reporter
from shared.application.letter_texts import worded
from shared.application.letter_words import edited
from shared.application.runtime import Runtime
from shared.base.shortening import shortened
from shared.channels.carrier import PLAINEST, Words
from shared.domain.dossier.events import Answered, ComplaintFiled, DossierEvent, Returned
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant

_SUMMARY: Final = 300
_MAILS_OWN: Final = "\n--\n"
"""What stands below is about mail only: that one should not reply to it."""


def words_for(
    runtime: Runtime, tenant: Tenant, template: str, history: Sequence[DossierEvent], event: DossierEvent, key: DataKey
) -> Words:
    """A letter's words for a channel: the whole, what fits an SMS, and the values of a template.

    :param template: of the letter, among the government's messages.
    :param event: what it tells of.
    """
    settings = runtime.settings
    values = values_for_reporter(tenant, history, event, key, settings.public_address)
    edits = edited(runtime.database, tenant.id)
    text = worded(settings.tenants_dir, tenant.messages, "reporter", template, values, edits)
    said = str(values["text"] or values["reason"] or "")
    body = " ".join((said or text.body).split())
    summary = shortened(body, _SUMMARY)
    told = f"sudah tercatat. Kode lacak {values['code']}." if isinstance(event, ComplaintFiled) else _told(event)
    short = f"{values['ticket']}: {told}{f' {summary}' if said else ''} {values['link']}"
    return Words(
        text=text.body.partition(_MAILS_OWN)[0].rstrip(),
        short=short,
        template=_template(event),
        values={"ticket": str(values["ticket"]), "summary": summary, "reason": str(values["reason"] or summary)},
    )


def _template(event: DossierEvent) -> str:
    if isinstance(event, Answered):
        return "answered"
    return "returned" if _waits_for_reporter(event) else PLAINEST


def _told(event: DossierEvent) -> str:
    if isinstance(event, Answered):
        return "sudah dijawab."
    if isinstance(event, Returned) and event.why == "out_of_authority":
        return "di luar wewenang kami."
    return "perlu dilengkapi." if _waits_for_reporter(event) else "ada kabar."


def _waits_for_reporter(event: DossierEvent) -> bool:
    """Whether it came back to be completed: what returns to a desk asks nothing of its reporter."""
    return isinstance(event, Returned) and event.status == "returned"
