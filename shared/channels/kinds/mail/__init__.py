"""E-mail: a mailbox that is looked into over IMAP. Letters go out by notify, over the installation's mail server."""

from shared.channels.kinds.mail.channel import kind

__all__ = ["kind"]
