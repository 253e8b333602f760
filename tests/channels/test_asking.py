"""Asking providers: how long one is left alone that is busy, and how long a file may take."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Timer
from typing import ClassVar
from urllib.parse import unquote

import pytest
import requests

from cli.providers.serving import Handler, listening
from cli.providers.whatsapp import NUMBER
from shared.channels import http
from shared.channels.carrier import LONGEST_WAIT_SECONDS, Maybe, Refused
from shared.channels.http import wait_of
from shared.channels.incoming import MediaGone, MediaRef
from shared.channels.kinds.sms.gateway import SmsGateway
from shared.channels.kinds.sms.twilio import Twilio
from shared.channels.kinds.whatsapp.media import WhatsAppMedia
from shared.channels.kinds.whatsapp.outgoing import WhatsAppNumber
from shared.channels.secrets import Secrets


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("", 0),
        ("-5", 0),
        ("²", 0),
        ("1e9", 0),
        ("soon", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT_SECONDS),
        ("Fri, 99 Foo 9999 99:99:99 GMT", 0),
        ("99999999", LONGEST_WAIT_SECONDS),
        ("9" * 5000, LONGEST_WAIT_SECONDS),
    ],
)
def test_a_provider_is_left_alone_for_an_hour_at_most(told: str, seconds: float) -> None:
    """Whatever stands in `Retry-After`: an answer is not put off to next year, and nothing fails over it."""
    answer = requests.Response()
    answer.headers["Retry-After"] = told
    assert seconds == Refused("http_429", "later", wait_of(answer)).seconds


class _Breaking(Handler):
    """A provider whose file breaks off, or drips, or whose look-up leads nowhere."""

    where: ClassVar[list[str]]
    enough: ClassVar[Event]

    def asked(self) -> None:
        """A look-up, or what there is of the file."""
        if self.path.endswith("/drips"):
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            with suppress(OSError):
                while not self.enough.wait(0.01):
                    self.wfile.write(b"x")
        elif self.path.endswith("/file"):
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        else:
            self.answer(200, json.dumps({"url": self.where[0], "file_size": 4}).encode())

    def posted(self, body: bytes) -> None:
        """Nothing is posted."""


@contextmanager
def ended(enough: Event) -> Iterator[None]:
    """What drips has an end, also where nobody gives it up."""
    timer = Timer(120, enough.set)
    timer.start()
    try:
        yield
    finally:
        enough.set()
        timer.cancel()


def test_a_file_that_cannot_be_had_is_tried_again_or_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It breaks off, drips, or its address is none: never an error that would keep a person's messages waiting."""
    (tmp_path / "x.access_token").write_text("word")
    where, enough = [""], Event()
    with ended(enough), listening(_Breaking, where=where, enough=enough) as address:
        files = WhatsAppMedia(WhatsAppNumber(address, "v1", NUMBER), Secrets(tmp_path, "x"))
        told = []
        for place in (
            f"{address}/drips",
            f"{address}/file",
            "https://[::1",
            "http://",
            "\ud800",
            "https://example.org/x",
            "",
        ):
            where[0] = place
            monkeypatch.setattr(http, "WHOLE_SECONDS", 0.1 if place.endswith("/drips") else 60)
            with pytest.raises((Maybe, MediaGone)) as found:
                files.fetch(MediaRef("../7?x"), 1000)
            told.append(str(found.value))
    assert ["too_slow", "cut_off", *["foreign_address"] * 5] == told


class _Leading(Handler):
    """A provider that has no file, leads elsewhere, or fails."""

    def asked(self) -> None:
        """As the address says; the body is longer than anybody reads of it."""
        status = int(self.path.strip("/").partition("?")[0])
        self.send_response(status)
        if status == 302:
            self.send_header("Location", unquote(self.path.partition("?")[2]))
        self.send_header("Content-Length", "100000")
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(b"x" * 100000)

    def posted(self, body: bytes) -> None:
        """Nothing is posted."""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("302?https://example.org/x", "foreign_address"),
        ("404", "gone"),
        ("410", "gone"),
        ("500", "http_500"),
        ("200", "too_large"),
    ],
)
def test_no_connection_is_left_open_whatever_is_answered(tmp_path: Path, asked: str, said: str) -> None:
    """Of an answer that is not wanted the rest is not read, and what it came by is closed at once."""
    client, answers = http.session(), list[requests.Response]()
    client.hooks["response"].append(lambda answer, **_: answers.append(answer))
    with listening(_Leading) as address:
        gateway = SmsGateway("twilio", "twilio", Secrets(tmp_path, "x"), {"send_url": address})
        (tmp_path / "x.auth_token").write_text("word")
        with pytest.raises((Maybe, MediaGone), match=said):
            Twilio().fetch(client, gateway, f"{address}/{asked}", 1000)
    assert [True] == [answer.raw.closed for answer in answers]


def test_an_answer_that_leads_to_no_address_is_none() -> None:
    """A provider's proxy that is set up wrongly keeps nobody's messages waiting by an error that nobody expected."""
    with listening(_Leading) as address, pytest.raises(Maybe, match="no_answer"):
        http.ask(http.session(), "GET", f"{address}/302?https://[::1")


@pytest.mark.parametrize(
    "url", ["https://example.org/x", "https://x.s3.amazonaws.com/x", "http://api.twilio.com/x", ""]
)
def test_a_password_is_told_only_where_it_is_known(tmp_path: Path, url: str) -> None:
    """The files of an MMS may lie at whoever keeps them for the provider; there they are asked for without it."""
    gateway = SmsGateway("twilio", "twilio", Secrets(tmp_path, "x"), {"send_url": "https://api.twilio.com"})
    with pytest.raises(MediaGone, match="foreign_address"):
        Twilio().fetch(http.session(), gateway, url, 1000)
