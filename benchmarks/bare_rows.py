"""What the bare sides write: the rows that our services write for a filed complaint, made without any of our code.

No schema, no sealing, no calendar, no SOP: due times are a sum, and who is told is always the reporter.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from benchmarks.complaints import TENANT

EVENT = """
    INSERT INTO eventstore.events (position, txid, dossier, version, type, state, prev_hash, hash)
    VALUES (nextval('eventstore.position'), pg_current_xact_id(), %s, %s, %s, %s, '', '')
"""
ROWS: dict[str, tuple[str, ...]] = {
    "routing": (
        "INSERT INTO routing.dossiers (dossier, ticket, filed) VALUES (%(dossier)s, %(ticket)s, %(complaint)s)",
        """
        INSERT INTO routing.inbox (dossier, task, task_version, tenant, step, actor, status, since, due_at, judged,
                                   state)
        VALUES (%(dossier)s, 'step', 1, %(tenant)s, 'check', 'coordinator', %(status)s, %(occurred_at)s,
                %(step_due_at)s, true, 'running')
        """,
    ),
    "sla": (
        "INSERT INTO sla.tickets (dossier, ticket) VALUES (%(dossier)s, %(ticket)s)",
        """
        INSERT INTO sla.clocks (dossier, id, tenant, ticket, target, step, actor, within, started_at, promised_due_at,
                                due_at, warn_at, sop_version, calendar_version, state, breach_noted, escalated, fire_at)
        VALUES (%(dossier)s, 'step:1', %(tenant)s, %(ticket)s, 'step', 'check', 'coordinator', '15 min',
                %(occurred_at)s, %(step_due_at)s, %(step_due_at)s, %(step_warn_at)s, 1, '1', 'running', false, 0,
                %(step_warn_at)s),
               (%(dossier)s, 'case:1', %(tenant)s, %(ticket)s, 'case', 'check', 'coordinator', '135 min',
                %(occurred_at)s, %(case_due_at)s, %(case_due_at)s, %(case_warn_at)s, 1, '1', 'running', false, 0,
                %(case_warn_at)s)
        """,
    ),
    "notify": (
        """
        INSERT INTO notify.notices (dossier, version, tenant, sop_version, event, step, to_step, status, holder, desk,
                                    recorded_at)
        VALUES (%(dossier)s, 1, %(tenant)s, 1, 'ComplaintFiled', 'complain', 'check', %(status)s, 'coordinator',
                'coordinator', %(recorded_at)s)
        """,
        """
        INSERT INTO notify.messages (dossier, version, recipient, template, tenant, queued_at, next_attempt_at)
        VALUES (%(dossier)s, 1, 'reporter', 'complaint_filed', %(tenant)s, %(recorded_at)s, %(recorded_at)s)
        """,
    ),
    "reporting": (
        """
        INSERT INTO reporting.cases (dossier, tenant, ticket, sop_version, channel, privacy, category, kecamatan, desa,
                                     status, filed_at, case_due_at, delivery_failures, interims, dispositions,
                                     returned_incomplete, returned_wrong_agency, returned_out_of_authority,
                                     returned_rework, supplements, transfers, replies, reopened)
        VALUES (%(dossier)s, %(tenant)s, %(ticket)s, 1, %(channel)s, 'open', %(category)s, %(kecamatan)s, %(desa)s,
                %(status)s, %(occurred_at)s, %(case_due_at)s, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        """,
        """
        INSERT INTO reporting.holdings (dossier, version, step, actor, since, due_at, breached, imposed, charged_actor)
        VALUES (%(dossier)s, 1, 'check', 'coordinator', %(occurred_at)s, %(step_due_at)s, false, false, 'coordinator')
        """,
    ),
}
"""By service the statements for one event."""


def event_of(submission: Mapping[str, Any]) -> tuple[str, bytes]:
    """The dossier and the event that a submission becomes."""
    now = datetime.now(UTC)
    due = {f"{name}_due_at": (now + timedelta(minutes=within)).isoformat() for name, within in _WITHIN.items()}
    warn = {f"{name}_warn_at": (now + timedelta(minutes=within * 0.8)).isoformat() for name, within in _WITHIN.items()}
    dossier = str(uuid4())
    event = {
        "dossier": dossier,
        "tenant": TENANT,
        "actor": "reporter",
        "user": "whatsapp",
        "recorded_at": now.isoformat(),
        "occurred_at": now.isoformat(),
        "correlation_id": str(uuid4()),
        "status": "in_progress",
        "ticket": f"CLP-2026-{dossier[:8]}",
        "channel": "whatsapp",
        "category": submission["category"],
        **submission["location"],
        **due,
        **warn,
        "complaint": json.dumps({name: submission[name] for name in ("title", "message", "reporter", "external_id")}),
    }
    return dossier, json.dumps(event).encode()


def row_of(body: bytes) -> Mapping[str, Any]:
    """The values for the statements."""
    return json.loads(body)


_WITHIN = {"step": 15, "case": 135}
