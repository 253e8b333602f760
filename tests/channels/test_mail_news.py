"""A mailbox whose server tells of news (IDLE): it is looked into as soon as a mail has come."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

from channels.polling import Polling, deaf_after
from shared.channels.carrier import Refused
from shared.channels.polled import Polled
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


class _Server(ThreadingTCPServer):
    daemon_threads = True


class _Piecemeal(StreamRequestHandler):
    """A mail server of which a line of news is on its way for as long as somebody waits for the rest of it."""

    def handle(self) -> None:
        """Answer each command as it should be, but for IDLE."""
        self.wfile.write(b"* OK ready\r\n")
        for command in self.rfile:
            tag, word = command.split()[:2] if b" " in command else (b"", command.strip())
            if word.upper() == b"IDLE":
                self.wfile.write(b"+ idling\r\n")
                time.sleep(0.05)  # so that nobody reads the two at once
                self.wfile.write(b"* 1 FETCH (")
            else:
                known = b"* CAPABILITY IMAP4rev1 IDLE\r\n" if word.upper() == b"CAPABILITY" else b""
                self.wfile.write(known + tag + b" OK done\r\n")


def test_news_that_come_in_pieces_are_news(database_url: str, tmp_path: Path, smtp: MailServer) -> None:
    """A line of which the end is still on its way is no lost server: whoever listens looks at once."""
    with _listening_to(_Piecemeal, database_url, tmp_path, smtp) as polled:
        heard = polled.listen(60, lambda: None)

    assert heard is True


_RUDE = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n%b OK done", b"IDLE": b"%b NO not now", b"LOGOUT": b"%b?"}


class _Rude(StreamRequestHandler):
    """A mail server that refuses to tell of news, and answers nonsense when somebody takes leave."""

    left = threading.Event()

    def handle(self) -> None:
        """Answer each command until nobody is there any more."""
        self.wfile.write(b"* OK ready\r\n")
        for command in self.rfile:
            tag, word = command.split()[:2]
            self.wfile.write(_RUDE.get(word.upper(), b"%b OK done") % tag + b"\r\n")
        self.left.set()


def test_whom_nobody_can_take_leave_of_is_hung_up_on(database_url: str, tmp_path: Path, smtp: MailServer) -> None:
    """Nothing stays open until a collector of garbage comes by: who listens for years would run out of connections."""
    with (
        _listening_to(_Rude, database_url, tmp_path, smtp) as polled,
        pytest.raises(Refused) as refused,
    ):
        polled.listen(60, lambda: None)

    assert _Rude.left.wait(60)
    assert "imap_taggedresponseerror" == str(refused.value.args[0])


@contextmanager
def _listening_to(
    handler: type[StreamRequestHandler], database_url: str, tmp_path: Path, smtp: MailServer
) -> Iterator[Polled]:
    """A mailbox on a server that answers as the handler does."""
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        books = {"cilacap": book(ImapServer(server.server_address[1], "Aduan"))}
        with line(database_url, tmp_path, books, {"cilacap.email.password": PASSWORD}, smtp.url) as made:
            channel = made.house.channels.find("cilacap", "email")
            assert channel is not None
            assert channel.polled is not None
            yield channel.polled
        server.shutdown()


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
