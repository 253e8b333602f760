"""The receipt that whoever has filed takes along: no file of the dossier, without a number or a signature."""

from datetime import datetime

from shared.domain.documents.forms import forms_of
from shared.domain.documents.sample import SAMPLE
from shared.domain.documents.setting import set_values
from shared.domain.documents.values import day, instant, link_to
from shared.domain.tenants import Tenant


def handed_receipt(
    tenant: Tenant, ticket: str, code: str, *, filed: datetime | None, fingerprint: str, portal: str, now: datetime
) -> bytes:
    """The receipt as PDF, by the government's own template; the code that it bears is the one that holds.

    :param filed: when the complaint came; none leaves it out.
    :param fingerprint: the hash of the event by which it was filed; blank leaves it out.
    :param portal: the address at which citizens reach the portal.
    :raises FileError: if a template is missing.
    :raises RuntimeError: if it cannot be set.
    """
    forms, link = forms_of(tenant), link_to(portal, tenant, ticket, code)
    values = {
        **dict.fromkeys(SAMPLE, ""),
        "government": tenant.name,
        "date": day(now, tenant),
        "signer": {"title": ""},
        "ticket": ticket,
        "code": code,
        "filed": instant(filed, tenant) if filed else "",
        "link": link.partition("#")[0],
        "fingerprint": fingerprint,
        "letterhead": list(forms.letterhead),
        "place": None,
    }
    return set_values(forms.templates("receipt"), values, link, str(forms.folders[-1]), now)
