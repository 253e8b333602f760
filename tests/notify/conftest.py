from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notify.letter_office import LetterOffice
from tests.notify.mail import MailServer, mail_server


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[LetterOffice]:
    """An office whose letters go to the outbox."""
    opened = LetterOffice(database_url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """The session's mail server: each test writes to mailboxes of its own."""
    with mail_server(tmp_path_factory.mktemp("mail") / "taken.jsonl") as server:
        yield server


@pytest.fixture
def mailing(database_url: str, tmp_path: Path, mail: MailServer) -> Iterator[LetterOffice]:
    """An office whose letters go to the mail server."""
    opened = LetterOffice(database_url, tmp_path, smtp_url=mail.url, mail_from="aduan@kabupaten.example")
    yield opened
    opened.close()
