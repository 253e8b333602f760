"""Letters over a connection that is kept: fewer round trips, and nothing sent twice or lost when the server ends it."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Any

import eventlet
import pytest

from services.notify import smtp
from services.notify.letter import Letter
from services.notify.refused import LetterRefused
from services.notify.smtp import SmtpPost, leave_idle
from tests.fixtures.waiting import eventually


class Server:
    """A mail server that notes what it hears, by letter and by packet.

    :param pipelining: whether it takes commands together.
    :param most: letters that it takes over one connection; then it says 421 and ends it.
    :param silent: whether it then ends it without a word.
    :param careless: whether it asks for the text also where it has taken no address.
    """

    def __init__(self, *, pipelining: bool, most: int = 1000, silent: bool = False, careless: bool = False) -> None:
        self.connections = 0
        self.packets = 0
        self.letters: list[tuple[list[str], str]] = []
        self.pipelining, self.most, self.silent, self.careless = pipelining, most, silent, careless
        self._listening = eventlet.listen(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._talks: list[Any] = [eventlet.spawn(self._accept)]

    def stop(self) -> None:
        """Be gone."""
        for each in self._talks:
            each.kill()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            socket_, _ = self._listening.accept()
            self.connections += 1
            self._talks.append(eventlet.spawn(self._talk, socket_))

    def _talk(self, socket_: socket.socket) -> None:
        with closing(socket_):
            Talk(self, socket_).run()


class Talk:
    """What is said over one connection."""

    def __init__(self, server: Server, socket_: socket.socket) -> None:
        self._server, self._socket = server, socket_
        self._taken = 0
        self._to: list[str] = []
        self._good = False
        self._lines = self._heard()

    def run(self) -> None:
        """Answer until one of both leaves."""
        self._say("220 mail.test")
        for line in self._lines:
            answer = getattr(self, f"_{line.partition(' ')[0].lower()}", None)
            if answer is None:
                self._say("250 OK")
            elif answer(line) is False:
                return

    def _heard(self) -> Iterator[str]:
        heard = b""
        while packet := self._socket.recv(65536):
            self._server.packets += 1
            heard += packet
            while b"\r\n" in heard:
                line, _, heard = heard.partition(b"\r\n")
                yield line.decode()

    def _say(self, text: str) -> None:
        self._socket.sendall(f"{text}\r\n".encode())

    def _ehlo(self, _: str) -> None:
        self._say("250-mail.test\r\n250-PIPELINING\r\n250 SIZE 1000000" if self._server.pipelining else "250 mail.test")

    def _mail(self, line: str) -> bool:
        if self._taken >= self._server.most:
            if not self._server.silent:
                self._say("421 4.7.0 enough for one connection")
            return False
        self._good, self._to = "nobody" not in line, []
        self._say("250 OK" if self._good else "550 5.7.1 not from you")
        return True

    def _rcpt(self, line: str) -> None:
        good = self._good and "tolak" not in line
        self._to += [line.partition(":")[2].strip("<>")] if good else []
        self._say("250 OK" if good else "550 5.1.1 no such mailbox")

    def _data(self, _: str) -> None:
        if not self._to and not self._server.careless:
            self._say("503 5.5.1 nobody to send it to")
            return
        self._say("354 go on")
        text = [line[1:] if line.startswith("..") else line for line in iter(lambda: next(self._lines), ".")]
        if self._to:
            self._server.letters.append((self._to, "\n".join(text)))
            self._taken += 1
        self._say("250 taken" if self._to else "554 5.5.1 nobody to send it to")

    def _quit(self, _: str) -> bool:
        self._say("221 bye")
        return False


@contextmanager
def serving(**how: Any) -> Iterator[tuple[Server, SmtpPost]]:
    """A server, and the way to it."""
    server = Server(**how)
    try:
        yield server, SmtpPost.parse(f"smtp://127.0.0.1:{server.port}", "aduan@kabupaten.example")
    finally:
        for kept in smtp._kept.values():
            for each in kept:
                each.close()
        smtp._kept.clear()
        server.stop()


def letter(number: int, *to: str, text: str = "Isi.\n") -> Letter:
    """A letter."""
    return Letter(
        sender=Address(addr_spec="aduan@kabupaten.example"),
        to=tuple(Address(addr_spec=each) for each in to or ("siti@warga.example",)),
        subject=f"Surat {number}",
        date=datetime(2026, 10, 5, tzinfo=UTC),
        id=f"<{number}@kabupaten.example>",
        thread="<t@kabupaten.example>",
        text=text,
    )


def send(post: SmtpPost, *letters: Letter) -> None:
    """As a tick does it."""
    with post.session() as session:
        for each in letters:
            session.send(each, "name")


def subjects(server: Server) -> list[str]:
    """Of what it took, in order."""
    return [line for _, text in server.letters for line in text.split("\n") if line.startswith("Subject:")]


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_connection_lasts_over_several_ticks(pipelining: bool) -> None:
    """Letters of many ticks go over one connection; where the server allows it, in two packets each."""
    with serving(pipelining=pipelining) as (server, post):
        send(post, letter(0))
        before = server.packets
        for number in range(1, 6):
            send(post, letter(number))

        assert [f"Subject: Surat {number}" for number in range(6)] == subjects(server)
        assert 1 == server.connections
        assert (10 if pipelining else 20) == server.packets - before


@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize("pipelining", [True, False])
def test_a_connection_that_the_server_ends_is_replaced(pipelining: bool, silent: bool) -> None:
    """A server that takes two letters at a time, and then says so or just goes, gets each letter once."""
    with serving(pipelining=pipelining, most=2, silent=silent) as (server, post):
        send(post, letter(0), letter(1), letter(2))
        send(post, letter(3), letter(4))

        assert [f"Subject: Surat {number}" for number in range(5)] == subjects(server)
        assert 3 == server.connections


@pytest.mark.parametrize("careless", [True, False])
@pytest.mark.parametrize("pipelining", [True, False])
def test_a_refusal_leaves_the_connection_fit(pipelining: bool, careless: bool) -> None:
    """After a refused mailbox, or a refused sender, the next letter goes over the same connection."""
    with serving(pipelining=pipelining, careless=careless) as (server, post):
        with post.session() as session:
            with pytest.raises(LetterRefused, match="mailbox_refused"):
                session.send(letter(0, "tolak@warga.example"), "name")
            session.send(letter(1), "name")
            session.send(letter(2, "tolak@warga.example", "siti@warga.example"), "name")
        strange = SmtpPost.parse(f"smtp://127.0.0.1:{server.port}", "nobody@kabupaten.example")
        with strange.session() as session, pytest.raises(LetterRefused, match="sender_refused"):
            session.send(letter(3), "name")

        assert ["Subject: Surat 1", "Subject: Surat 2"] == subjects(server)
        assert [["siti@warga.example"]] * 2 == [to for to, _ in server.letters]
        assert 2 == server.connections


@pytest.mark.parametrize("pipelining", [True, False])
def test_every_line_arrives_as_it_was_written(pipelining: bool) -> None:
    """Lines that begin with a dot, or are one, end no letter."""
    with serving(pipelining=pipelining) as (server, post):
        send(post, letter(0, text=".\n..\n.titik\nakhir\n"), letter(1))
        [(_, text), _] = server.letters

        assert text.replace("=2E", ".").rstrip().split("\n")[-4:] == [".", "..", ".titik", "akhir"]


def test_an_idle_connection_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server to which nothing is sent for a while is taken leave of."""
    with serving(pipelining=True) as (server, post):
        send(post, letter(0))
        leave_idle()
        [kept] = smtp._kept[post]
        stays = kept._client is not None
        monkeypatch.setattr(smtp, "KEPT_SECONDS", 0.0)
        leave_idle()
        send(post, letter(1))

        assert stays
        eventually(lambda: server.connections == 2)


def test_a_fault_in_between_keeps_no_connection() -> None:
    """Whoever is stopped in the middle of a letter leaves no connection that is out of step."""

    def stopped() -> None:
        with post.session() as session:
            session.send(letter(0), "name")
            raise KeyboardInterrupt

    with serving(pipelining=True) as (server, post):
        with pytest.raises(KeyboardInterrupt):
            stopped()
        send(post, letter(1))

        assert 2 == server.connections
