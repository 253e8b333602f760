"""Telling a government's operator that a channel's account takes nothing, that what comes by it is refused, or of what
else is wrong with it: by mail, since the channel cannot.
"""

import logging
from email.headerregistry import Address
from typing import Final
from uuid import uuid5

from services.notify.letter import Letter
from services.notify.letters import letter_id, sent_by
from services.notify.outbox import OpenOutbox
from services.notify.post import post_for
from services.notify.refused import LetterRefused
from shared.application.letter_texts import worded
from shared.application.runtime import Runtime
from shared.base.randomness import new_uuid
from shared.channels.installed import channels_of
from shared.wording.days import date_text

log = logging.getLogger(__name__)

_AUDIENCE: Final = "operator"
_LONGEST: Final = 250
_ACCOUNT_ILL: Final = "account_ill"
_REFUSED: Final = "deliveries_refused"
_TROUBLE: Final = "channel_trouble"
_IN: Final = "in"
"""In the place of an account: its way in."""
_DUE: Final = """
    INSERT INTO notify.alarms AS alarms (tenant, channel, account, told_at) VALUES (%s, %s, %s, clock_timestamp())
    ON CONFLICT (tenant, channel, account) DO UPDATE SET told_at = clock_timestamp()
        WHERE alarms.told_at < clock_timestamp() - interval '1 day'
"""

_NOT_TOLD: Final = "DELETE FROM notify.alarms WHERE tenant = %s AND channel = %s AND account = %s"


def account_is_ill(runtime: Runtime, operator: str, tenant: str, channel: str, account: str, code: str) -> bool:
    """Tell the operator, at most once a day for each account; whether a letter went out.

    :param operator: their address; blank where the government names nobody.
    :param code: what the provider said.
    """
    return _tell(runtime, operator, _ACCOUNT_ILL, tenant, channel, account, code)


def deliveries_are_refused(runtime: Runtime, tenant: str, channel: str, why: str) -> bool:
    """Tell the operator that deliveries do not prove whose they are, at most once a day; whether a letter went out.

    :param why: as a code.
    :raises NotFound: no such government.
    """
    operator = channels_of(runtime).book(tenant).operator
    return _tell(runtime, operator, _REFUSED, tenant, channel, _IN, why)


def channel_has_trouble(runtime: Runtime, tenant: str, channel: str, what: str) -> bool:
    """Tell the operator of trouble with a channel's account, each at most once a day; whether a letter went out.

    :param what: in the provider's words, or as ``aduan channel check`` says it.
    :raises NotFound: no such government.
    """
    operator = channels_of(runtime).book(tenant).operator
    return _tell(runtime, operator, _TROUBLE, tenant, channel, f"{_TROUBLE} {what}"[:_LONGEST], what)


def _tell(runtime: Runtime, operator: str, text: str, tenant: str, channel: str, account: str, code: str) -> bool:
    if not operator:
        return False
    with runtime.database.autocommit() as cursor:
        cursor.execute(_DUE, (tenant, channel, account))
        if cursor.rowcount != 1:
            return False
    sent = False
    try:
        letter = _letter(runtime, operator, text, tenant, channel, account, code)
        with post_for(runtime.settings).session() as session:
            session.send(letter, f"alarm-{tenant}-{channel}-{letter.id[1:9]}")
            if isinstance(session, OpenOutbox):
                session.flush()
        sent = True
    except (LetterRefused, OSError):
        log.exception("an operator could not be told of a channel's trouble", extra={"tenant": tenant})
    finally:
        if not sent:  # it is tried again when there is trouble next, not after a day
            with runtime.database.autocommit() as cursor:
                cursor.execute(_NOT_TOLD, (tenant, channel, account))
    return sent


def _letter(runtime: Runtime, operator: str, name: str, tenant: str, channel: str, account: str, code: str) -> Letter:
    settings, government = runtime.settings, runtime.tenants.get(tenant)
    now = runtime.clock.now().astimezone(government.zone)
    values = {
        "government": government.name,
        "tenant": tenant,
        "channel": channel,
        "account": account,
        "code": code,
        "at": f"{date_text(now.date(), 'id')} {now:%H.%M}",
    }
    text = worded(settings.tenants_dir, government.messages, _AUDIENCE, name, values)
    own = new_uuid(runtime.randomness)
    return Letter(
        sender=sent_by(government.name, None, settings),
        to=(Address(addr_spec=operator),),
        subject=text.subject,
        date=now,
        id=letter_id(runtime, str(own)),
        thread=letter_id(runtime, str(uuid5(own, "thread"))),
        text=text.body,
    )
