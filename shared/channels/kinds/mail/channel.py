"""The kind: a mailbox of the government's, to which people write as to anybody."""

import re
from datetime import timedelta
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.channels.kinds.mail.incoming import MailIn
from shared.channels.kinds.mail.mailbox import Mailbox
from shared.channels.registry import Channel, ChannelPlace, Spec
from shared.channels.secrets import Secrets
from shared.channels.spans import Span
from shared.domain.sop.reading.schema import WordField

KIND: Final = "mail"
_ADDRESS: Final = r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{3,190}\Z"
_HERE: Final = re.compile(r"localhost\Z|127\.[0-9.]+\Z|::1\Z")
_PORTS: Final = {"implicit": 993, "starttls": 143, "none": 143}
_MIB: Final = 1024 * 1024


class _Imap(Schema):
    host = WordField(required=True)
    port = fields.Integer(validate=validate.Range(1, 65535))
    tls = WordField(load_default="implicit", pattern=r"(?:implicit|starttls|none)\Z", remedy="implicit or starttls")
    user = WordField(required=True)
    folder = WordField(load_default="INBOX")
    done = WordField(load_default=None)
    failed = WordField(load_default=None)
    poll = Span(load_default=timedelta(minutes=1), validate=validate.Range(timedelta(seconds=1), timedelta(hours=1)))

    @validates_schema
    def check_tls(self, data: dict[str, Any], **_options: Any) -> None:
        """A password goes in clear to nobody but this machine."""
        if data.get("tls") == "none" and not _HERE.match(str(data.get("host"))):
            raise ValidationError("a password would travel in clear: write implicit or starttls", "tls")

    @validates_schema
    def check_folders(self, data: dict[str, Any], **_options: Any) -> None:
        """What is put away where it came from comes again, without end; INBOX is one however it is written."""
        for name in ("done", "failed"):
            if data.get(name) and str(data[name]).casefold() == str(data.get("folder")).casefold():
                raise ValidationError("mails are put away elsewhere: write another folder", name)


class _Options(Schema):
    address = WordField(required=True, pattern=_ADDRESS, remedy="the mailbox's address")
    imap = fields.Nested(_Imap, load_default=None)
    authserv = WordField(load_default=None)
    plus = fields.Boolean(load_default=False, truthy={True, "true", "yes"}, falsy={False, "false", "no"})
    most_mib = fields.Integer(load_default=25, validate=validate.Range(1, 40))


class MailKind:
    """The kind."""

    options = _Options

    def build(self, spec: Spec, place: ChannelPlace, secrets: Secrets) -> Channel:  # noqa: ARG002 - as every kind
        """The channel; one without ``imap`` is declared, and not connected."""
        told = spec.options
        if not told["imap"]:
            return Channel(spec)
        imap = {"port": _PORTS[told["imap"]["tls"]], **told["imap"]}
        mailbox = Mailbox(str(told["address"]), imap, int(told["most_mib"]) * _MIB, secrets)
        return Channel(spec, MailIn(str(told["address"]), told["authserv"]), polled=mailbox, letters=True)


kind = MailKind()
