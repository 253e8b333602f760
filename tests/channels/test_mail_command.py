"""``aduan channel say`` by mail: a letter of the government's mailbox, over the mail server of the installation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.channel import command
from tests.channels.by_mail import SITI, book
from tests.channels.imap import ADDRESS, PASSWORD, ImapServer
from tests.channels.line import Line, line
from tests.notify.mail import MailServer


@pytest.fixture
def shell(
    database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Line]:
    """An installation where Cilacap has a mailbox, as its administrator's shell has it."""
    smtp.file.unlink(missing_ok=True)
    secrets = {"cilacap.email.password": PASSWORD}
    with line(database_url, tmp_path, {"cilacap": book(box)}, secrets, smtp.url) as made:
        made.become_shell(monkeypatch)
        yield made


def test_a_mail_is_tried(shell: Line, smtp: MailServer) -> None:
    """It comes from the mailbox that people write to; no address is told so, and nothing goes out."""
    said = CliRunner().invoke(command, ["say", "--tenant", "cilacap", "--channel", "email", "--to", SITI])
    [letter] = smtp.taken_for(SITI)
    assert (0, ADDRESS) == (said.exit_code, letter["from"]), said.output
    assert "percobaan" in letter["text"]
    assert letter["id"].strip("<>") in said.output
    wrong = CliRunner().invoke(command, ["say", "--tenant", "cilacap", "--channel", "email", "--to", "bukan alamat"])
    assert 0 != wrong.exit_code
    assert 1 == len(smtp.taken_for(SITI))
    assert shell.dossiers() == []
