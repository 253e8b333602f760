"""Mails that answer a letter of ours: to which complaint they belong, and whether their sender is its reporter."""

import hmac
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address

from services.notify.bounces import whole_id
from services.notify.commands import SERVICE
from services.notify.letters import address_hash
from services.notify.rules import THE_REPORTER
from shared.application.runtime import Runtime
from shared.domain.dossier.contents import tracking_code_of
from shared.domain.dossier.events import ComplaintFiled
from shared.platform.purposes import Lasting

_MOST = 50


def answered(runtime: Runtime, tenant: str, letters: Sequence[str], address: str) -> dict[str, str]:
    """The complaint whose letter was answered.

    :param letters: Message-IDs that a mail names as what it answers, the likeliest first.
    :param address: the mail's sender: only the letter that went there opens anything.
    :returns: ``dossier``, ``ticket`` and tracking ``code``; nothing, alike for an unknown letter, another's and what
        was erased.
    """
    try:
        given = address_hash(runtime.key(Lasting.ADDRESSES_OF_LETTERS), [Address(addr_spec=address)])
    except (HeaderParseError, ValueError, IndexError):
        return {}
    with runtime.database.autocommit() as cursor:
        for letter in letters[:_MOST]:
            cursor.execute(
                "SELECT dossier, address_hash FROM notify.messages "
                "WHERE message_id = %s AND tenant = %s AND recipient = %s",
                (f"<{whole_id(runtime, letter)}>", tenant, THE_REPORTER),
            )
            row = cursor.fetchone()
            if row is not None and hmac.compare_digest(str(row[1] or ""), given):
                break
        else:
            return {}
    _, events = runtime.dossiers(SERVICE).open(row[0], tenant)
    code = tracking_code_of(events, runtime.vault.key_of(row[0]))
    filed = events[0]
    if not code or not isinstance(filed, ComplaintFiled):
        return {}
    return {"dossier": str(row[0]), "ticket": filed.ticket, "code": code}
