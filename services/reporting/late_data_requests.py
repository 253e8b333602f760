"""How many requests of people about their own data are late: figures for whoever watches."""

from typing import Final

from services.reporting.data_requests import ERASURE
from shared.application.identity.erasures import ERASED_WITHIN
from shared.application.runtime import Runtime
from shared.domain.dossier.data_events import DATA_KINDS
from shared.platform import metrics

_LATE: Final = f"""
    SELECT tenant, kind, count(*) FROM reporting.data_requests
     WHERE answered_at IS NULL AND due_at < %(now)s GROUP BY tenant, kind
     UNION ALL
    SELECT tenant, '{ERASURE}', count(*) FROM identity.erasures
     WHERE done_at IS NULL AND reason = 'asked' AND asked_at < %(now)s - %(within)s GROUP BY tenant
"""  # noqa: S608 - a constant of ours


def measure(runtime: Runtime) -> None:
    """Keep the figures on requests that are neither answered nor carried out, and are past their 3 x 24 hours.

    :raises Unavailable: if the database is away.
    """
    with runtime.database.autocommit() as cursor:
        cursor.execute(_LATE, {"now": runtime.clock.now(), "within": ERASED_WITHIN})
        late = {(tenant, kind): count for tenant, kind, count in cursor.fetchall()}
    for tenant in runtime.tenants.ids():
        for kind in (*DATA_KINDS, ERASURE):
            metrics.DATA_REQUESTS_LATE.labels(tenant, kind).set(late.get((tenant, kind), 0))
