"""Letters that went shortened, by a template: whoever writes again may read them, and is sent them first of all."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from services.notify.channel_words import words_for
from services.notify.commands import SERVICE
from services.notify.talking import talk
from shared.application.runtime import Runtime
from shared.channels.names import names_of
from shared.domain.dossier.events import ComplaintFiled
from shared.platform.database.named import named_rows

_AT_ONCE: Final = 3
"""So many are sent in full; the tickets of any more are named."""
_NAMESPACE: Final = UUID("6f3f2f0c-54f5-5f0a-8b7e-9a1d0c1b7f42")
_MORE: Final = "Masih ada kabar untuk / There is news of: {tickets}\n{link}"


def send_in_full(runtime: Runtime, tenant: str, person: UUID, *, channel: str, account: str, to: str) -> None:
    """Have a person sent what was shortened, the oldest first. Repeating it changes nothing.

    :param person: who has just written, so that free words may be sent.
    :param to: their address.
    """
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "SELECT key, dossier, version, template FROM notify.carried "
            "WHERE tenant = %s AND person = ANY(%s::uuid[]) AND channel = %s AND shortened ORDER BY handed_at, key",
            (tenant, [str(name) for name in names_of(cursor, tenant, person)], channel),
        )
        went = list(named_rows(cursor))
    if not went:
        return
    # One that went twice, since the first template was refused by a later word, is still one letter.
    owed = [*{_letter_of(row): row for row in reversed(went)}.values()][::-1]
    by: dict[str, Any] = {"channel": channel, "account": account, "to": to, "choices": []}
    said = {_letter_of(row): uuid5(_NAMESPACE, str(row["key"])) for row in owed[:_AT_ONCE]}
    more = uuid5(_NAMESPACE, f"more {owed[-1]['key']}")
    _note(runtime, {row["key"]: said.get(_letter_of(row), more) for row in went})
    for row in owed[:_AT_ONCE]:
        words = _in_full(runtime, tenant, row)
        if words is not None:
            talk(runtime, tenant, person, said[_letter_of(row)], **by, **words)
    rest = _tickets(runtime, [row["dossier"] for row in owed[_AT_ONCE:]])
    if rest:
        text = _MORE.format(tickets=", ".join(rest), link=f"{runtime.settings.public_address}/{tenant}")
        talk(runtime, tenant, person, more, **by, text=text, about="")
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "UPDATE notify.carried SET shortened = false WHERE key = ANY(%s::uuid[])",
            ([str(row["key"]) for row in went],),
        )


def _letter_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["dossier"], row["version"], row["template"]


def _note(runtime: Runtime, replies: Mapping[UUID, UUID]) -> None:
    """By which reply each is told, before that can fail: see :mod:`services.notify.followed`."""
    with runtime.database.autocommit() as cursor:
        cursor.execute(
            "UPDATE notify.carried c SET in_full = replies.reply "
            "FROM unnest(%s::uuid[], %s::uuid[]) AS replies (key, reply) WHERE c.key = replies.key",
            ([str(key) for key in replies], [str(reply) for reply in replies.values()]),
        )


def _in_full(runtime: Runtime, tenant: str, row: dict[str, Any]) -> dict[str, Any] | None:
    """What is said, and which letter's paper goes with it; none once it was erased."""
    history = runtime.dossiers(SERVICE).history(row["dossier"])
    key = runtime.vault.key_of(row["dossier"])
    filed = history[0] if history else None
    if key is None or not isinstance(filed, ComplaintFiled):
        return None
    event = history[row["version"] - 1]
    words = words_for(runtime, runtime.tenants.get(tenant), row["template"], history, event, key)
    return {"text": words.text, "about": filed.ticket, "encloses": [str(row["dossier"]), row["version"]]}


def _tickets(runtime: Runtime, dossiers: list[UUID]) -> list[str]:
    histories = runtime.dossiers(SERVICE).open_all(list(dict.fromkeys(dossiers)), [ComplaintFiled]) if dossiers else {}
    return [event.ticket for each in histories.values() for event in each if isinstance(event, ComplaintFiled)]
