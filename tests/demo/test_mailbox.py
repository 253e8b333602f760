"""The mailbox that the demo plays is read as any other."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.providers.mail import PASSWORD, USER, played_mailbox
from shared.base.times import to_iso
from shared.channels.incoming import Raw
from shared.channels.kinds.mail.mailbox import Mailbox
from shared.channels.secrets import Secrets

AT = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
NOW = AT + timedelta(days=1)


def test_each_mail_is_read_once_and_with_its_time(tmp_path: Path) -> None:
    """What lay there at the first look, what came since, and nothing twice."""
    secret = tmp_path / "bantul.email.password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD)
    read: list[Raw] = []
    position = ""

    def take(items: Sequence[Raw], at: str) -> bool:
        nonlocal position
        read.extend(items)
        position = at
        return False

    with played_mailbox() as box:
        folders = {"folder": "INBOX", "done": None, "failed": None}
        options = {"host": "127.0.0.1", "port": box.port, "tls": "none", "user": USER, **folders}
        mailbox = Mailbox("aduan@bantul.example", options, 1000, Secrets(tmp_path, "bantul.email"))
        for text in (b"satu", None, b"dua", None):
            if text is not None:
                box.put(b"From: siti@warga.example\r\nSubject: x\r\n\r\n" + text + b"\r\n", AT)
            mailbox.poll(position, take, NOW)
        assert [] == mailbox.check()
    assert [b"satu", b"dua"] == [b64decode(each["mail"]).split()[-1] for each in read]
    assert {to_iso(AT)} == {each["at"] for each in read}
