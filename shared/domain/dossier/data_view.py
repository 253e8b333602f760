"""What a reporter asked about their own data, and what they were told, for them and for the desk that answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.domain.dossier.contents import opened
from shared.domain.dossier.data_events import DataAnswered, DataAsked
from shared.domain.dossier.events import DossierEvent
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant


def data_requests(
    events: Sequence[DossierEvent], tenant: Tenant, key: DataKey | None, now: datetime
) -> list[dict[str, Any]]:
    """Every request with its clock and its answer, the oldest first.

    :returns: of each ``version``, ``kind``, ``state`` (``waiting``, ``late``, ``done`` or ``refused``), ``asked_at``,
        ``due_at``, ``answered_at``, and in words ``asked`` and ``answer``.
    """
    answers = {each.asked: each for each in events if isinstance(each, DataAnswered)}
    return [
        _told(each, answers.get(each.originator_version), tenant, key, now)
        for each in events
        if isinstance(each, DataAsked)
    ]


def _told(
    asked: DataAsked, answer: DataAnswered | None, tenant: Tenant, key: DataKey | None, now: datetime
) -> dict[str, Any]:
    late = asked.data.due_at is not None and now > asked.data.due_at
    return {
        "version": asked.originator_version,
        "kind": asked.kind,
        "state": answer.outcome if answer is not None else "late" if late else "waiting",
        "asked_at": tenant.local(asked.occurred_at),
        "due_at": tenant.local(asked.data.due_at),
        "answered_at": tenant.local(answer.occurred_at) if answer is not None else None,
        "asked": opened(asked, key).get("text") or "",
        "answer": (opened(answer, key).get("text") or "") if answer is not None else "",
    }
