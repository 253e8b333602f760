"""Codes that let citizens into their accounts, brought by mail or to a telephone.

They wait for no letter and no letter for them; a code that has run out is brought to nobody.
"""

import logging
from datetime import timedelta
from email.headerregistry import Address
from typing import Final

from services.notify.carrying import Carriers
from services.notify.letter import Letter
from services.notify.letters import identifier, sender_of
from services.notify.outbox import OpenOutbox, Outbox
from services.notify.post import Post, post_for
from services.notify.refused import LetterRefused as NotMailed
from shared.application.citizens.letters import CodeLetter, claim, done, later
from shared.application.runtime import Runtime
from shared.base.clock import Clock, SystemClock
from shared.channels.carrier import Maybe, Refused, Words
from shared.channels.phone_way import CODE, phone_way
from shared.platform.metrics import MESSAGES

log = logging.getLogger(__name__)

_PAUSE: Final = timedelta(seconds=20)
_MOST: Final = 8
"""So often a code is tried to be brought: after ten minutes it is of no use."""
_MACHINE: Final[Clock] = SystemClock()


def tick(runtime: Runtime, carriers: Carriers, post: Post | None = None, machine: Clock = _MACHINE) -> int:
    """Bring what was asked for; how many were taken up. Costs one index probe when there is none.

    :param post: the way of mail; by the settings unless given.
    :param machine: codes live by the machine's clock.
    """
    claimed = claim(runtime, machine.now())
    mailed = [each for each in claimed if each.to.kind == "email"]
    for each in claimed:
        if each.to.kind == "phone":
            _by_phone(runtime, carriers, each, machine)
    if mailed:
        _by_mail(runtime, post or post_for(runtime.settings), mailed, machine)
    return len(claimed)


def _by_mail(runtime: Runtime, way: Post, letters: list[CodeLetter], machine: Clock) -> None:
    if isinstance(way, Outbox):
        _clear(way, machine)
    with way.session() as session:
        for each in letters:
            try:
                session.send(_letter(runtime, each, machine), f"{machine.now():%Y%m%dT%H%M%SZ}-kode-{each.id}")
            except NotMailed as refused:
                _not_brought(runtime, each, refused.reason, machine, give_up=refused.permanent)
            else:
                if not way.repeatable:
                    _brought(runtime, each, "email")
        if way.repeatable:
            if isinstance(session, OpenOutbox):
                session.flush()
            for each in letters:
                _brought(runtime, each, "email")


def _clear(outbox: Outbox, machine: Clock) -> None:
    """Codes of yesterday are of no use, and say who has asked for one."""
    yesterday = f"{machine.now() - timedelta(days=1):%Y%m%dT%H%M%SZ}"
    for path in outbox.directory.glob("*-kode-*.eml"):
        if path.name < yesterday:
            path.unlink(missing_ok=True)


def _by_phone(runtime: Runtime, carriers: Carriers, letter: CodeLetter, machine: Clock) -> None:
    way = phone_way(carriers.channels, letter.tenant)
    if way is None:
        _not_brought(runtime, letter, "not_connected", machine, give_up=True)
        return
    government = runtime.tenants.get(letter.tenant).name
    words = Words(
        text=f"Kode masuk Layanan Aduan {government}: {letter.code}. Berlaku 10 menit. "
        "Jangan beri tahu siapa pun, juga petugas.",
        template=CODE,
        values={"code": letter.code},
    )
    try:
        carriers.send(letter.tenant, way, "", letter.to.value, words, letter.id, None)
    except Maybe:
        _brought(runtime, letter, way)  # to send it twice is worse than to be asked for another
    except Refused as refused:
        _not_brought(runtime, letter, refused.code, machine, give_up=refused.remedy not in ("later", "shut"))
    else:
        _brought(runtime, letter, way)


def _letter(runtime: Runtime, letter: CodeLetter, machine: Clock) -> Letter:
    tenant = runtime.tenants.get(letter.tenant)
    mail_from = runtime.settings.mail_from
    return Letter(
        sender=sender_of(tenant.name, mail_from),
        to=(Address(addr_spec=letter.to.value),),
        subject=f"Kode masuk Layanan Aduan {tenant.name}",
        date=machine.now().astimezone(tenant.zone),
        id=identifier(str(letter.id), mail_from),
        thread=identifier(str(letter.id), mail_from),
        text=(
            f"Kode masuk Anda: {letter.code}\n\n"
            "Berlaku 10 menit, sekali pakai. Jangan beri tahu siapa pun, juga petugas.\n"
            "Bila Anda tidak memintanya, abaikan surat ini: tanpa kode tidak ada yang dapat masuk.\n\n"
            f"Your code for the complaints service of {tenant.name}: {letter.code}\n"
            "Good for 10 minutes, once. Tell nobody. If you have not asked for it, ignore this letter.\n"
        ),
    )


def _brought(runtime: Runtime, letter: CodeLetter, way: str) -> None:
    done(runtime, letter.id)
    MESSAGES.labels(way, "sent").inc()


def _not_brought(runtime: Runtime, letter: CodeLetter, code: str, machine: Clock, *, give_up: bool) -> None:
    if give_up or letter.attempts >= _MOST:
        log.warning("a code was given up", extra={"channel": letter.to.kind, "code": code})
        MESSAGES.labels(letter.to.kind, "failed").inc()
        done(runtime, letter.id)
    else:
        later(runtime, letter.id, machine.now() + _PAUSE)
