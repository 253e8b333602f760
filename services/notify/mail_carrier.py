"""Answers to mails, over the same mail server as all letters: in the thread of the mail that they answer."""

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Final

from services.notify.letter import Letter
from services.notify.letters import letter_id, sent_by, tag_of
from services.notify.outbox import OpenOutbox
from services.notify.post import post_for
from services.notify.refused import LetterRefused as NotTaken
from services.notify.smtp import POLICY
from shared.base.errors import Invalid, Unavailable
from shared.base.randomness import new_uuid
from shared.channels.carrier import Refused, Remedy, Taken, Traits, Words
from shared.channels.installed import Channels

_TEXT = 100_000
BAD_ADDRESS: Final = "bad_address"


class MailCarrier:
    """The way out of a government's mailbox.

    :param channels: of the installation.
    """

    traits = Traits(text=_TEXT, rate=5.0)

    def __init__(self, channels: Channels, tenant: str) -> None:
        self._channels = channels
        self._tenant = tenant

    def send(self, to: str, words: Words, *, key: str, quotes: str = "", window_until: datetime | None = None) -> Taken:  # noqa: ARG002 - as every carrier
        """By the mail server of the installation; under the same id whenever it is sent."""
        runtime = self._channels.runtime
        tenant, back = runtime.tenants.get(self._tenant), self._channels.return_address(self._tenant)
        id_ = letter_id(runtime, key)
        answers = f"<{quotes}>" if quotes else ""
        try:
            letter = Letter(
                sender=sent_by(tenant.name, back, runtime.settings),
                to=(Address(addr_spec=to),),
                subject=words.subject or f"Layanan aduan {tenant.name}",
                date=runtime.clock.now().astimezone(tenant.zone),
                id=id_,
                thread=answers or id_,
                text=words.text if words.text.endswith("\n") else f"{words.text}\n",
                answers=answers,
                envelope=back.tagged(tag_of(id_)) if back else None,
                reply_to=back.tagged(tag_of(id_)) if back and back.plus else None,
            )
        except (HeaderParseError, ValueError, IndexError):
            raise Refused(BAD_ADDRESS, "other_way") from None
        try:
            with post_for(runtime.settings).session() as post:
                post.send(
                    letter, f"{runtime.clock.now():%Y%m%dT%H%M%SZ}-{words.values.get('ticket') or 'balasan'}-{key}"
                )
                if isinstance(post, OpenOutbox):
                    post.flush()
        except NotTaken as refused:
            shut = refused.reason in ("server_denies_access", POLICY)
            remedy: Remedy = "shut" if shut else "other_way" if refused.permanent else "later"
            raise Refused(refused.reason, remedy) from None
        return Taken(id_.strip("<>"))

    def check(self) -> list[str]:
        """Nothing that the mailbox's own check does not find."""
        return []


def try_mail(channels: Channels, tenant: str, to: str, text: str) -> str:
    """Send a mail to try the way out; the id under which it went.

    :raises Invalid: ``to`` is no address.
    :raises Unavailable: ``mail_not_sent``: the server did not take it.
    """
    carrier = MailCarrier(channels, tenant)
    try:
        return carrier.send(to, Words(text), key=str(new_uuid(channels.runtime.randomness))).provider_id
    except Refused as refused:
        if refused.code == BAD_ADDRESS:
            raise Invalid("invalid_fields", fields={"to": ["invalid"]}) from None
        raise Unavailable("mail_not_sent", {"reason": refused.code}) from None
