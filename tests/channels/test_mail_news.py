"""A mailbox whose server tells of news (IDLE): it is looked into as soon as a mail has come."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from channels.polling import Polling, deaf_after
from tests.channels.by_mail import COMPLAINT, book
from tests.channels.imap import PASSWORD, ImapServer
from tests.channels.line import Line, line
from tests.fixtures.waiting import eventually
from tests.notify.mail import MailServer


@pytest.fixture
def cilacap(database_url: str, tmp_path: Path, box: ImapServer, smtp: MailServer) -> Iterator[Line]:
    """An installation that looks into its mailbox once an hour only."""
    secrets = {"cilacap.email.password": PASSWORD}
    books = {"cilacap": book(box).replace("poll: 1 s", "poll: 1 h")}
    with line(database_url, tmp_path, books, secrets, smtp.url) as made:
        yield made


def test_a_server_tells_of_a_mail(cilacap: Line, box: ImapServer) -> None:
    """Who listens hears of it; who listens in vain hears that nothing came."""
    channel = cilacap.house.channels.find("cilacap", "email")
    assert channel is not None
    assert channel.polled is not None
    assert channel.polled.listen(0.2, lambda: None) is False
    assert channel.polled.listen(60, partial(box.writes, COMPLAINT)) is True


def test_a_mail_is_filed_as_soon_as_it_comes(cilacap: Line, box: ImapServer) -> None:
    """Not within the hour in which it would be looked for; twice, since who has heard once goes on listening."""
    polling = Polling(cilacap.runtime)
    polling.listen(cilacap.house)
    polling.listen(cilacap.house)
    assert 1 == len(polling._listening)
    for number in (1, 2):
        box.writes(f"{COMPLAINT} Rumah nomor {number}.", by=f"{number}@warga.example")

        def filed(wanted: int = number) -> bool:
            polling.tick(cilacap.house)
            return cilacap.rows("SELECT count(*) FROM channels.heard WHERE state <> 'odd'") == [(wanted,)]

        eventually(filed, within=60, every=0.1, what="the mail is written down")


def test_who_was_heard_for_a_while_is_listened_to_again_soon() -> None:
    """What fails at once is left alone longer each time; a connection that is cut after some minutes is not."""
    pauses, deaf = [], 0.0
    for listened in (0, 0, 0, 0, 0, 0, 300, 300, 1, 61):
        deaf = deaf_after(deaf, listened)
        pauses.append(deaf)
    assert [60, 120, 240, 480, 960, 1200, 60, 60, 120, 60] == pauses
