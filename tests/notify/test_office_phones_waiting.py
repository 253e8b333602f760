"""Officers' telephones that have to wait: what becomes of others, of their mails, and of the account meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from cli.providers.sms import KEY, NUMBER, PASSWORD, KannelGateway, gateway_of
from services.notify import planning, sending
from tests.channels.by_sms import BOOK
from tests.channels.line import Line, line
from tests.notify.mail import mail_server
from tests.notify.test_office_phones import DESK, LIAISON, MORNING, disposes, mailed

OTHER = "+6281234567002"
BOTH = '["0812-3456-7001", "0812-3456-7002"]'
REFUSED = "tolak.kepala@cilacapkab.example"
TOLD = "SELECT outcome, way, reason FROM notify.messages WHERE recipient = 'agency:dpupr'"


class Choosy(KannelGateway):
    """A modem that reaches some numbers only."""

    away: str = ""

    def take(self, method: str, url: str, headers: Any, body: bytes) -> tuple[int, str]:
        """None of those that are away."""
        if self.away and dict(parse_qsl(urlsplit(url).query))["to"].lstrip("+") == self.away.lstrip("+"):
            return 503, "Temporal failure, try again later."
        return super().take(method, url, headers, body)


@pytest.fixture
def gateway() -> Iterator[Choosy]:
    """A modem."""
    with gateway_of(Choosy) as made:
        assert isinstance(made, Choosy)
        yield made


@contextmanager
def government(database_url: str, folder: Path, gateway: Choosy, operator: str, smtp: str = "") -> Iterator[Line]:
    """Cilacap with SMS, where the front desk of public works is reached as a test says; it is morning."""
    text = BOOK.format(number=NUMBER, format=gateway.format, address=gateway.address)
    books = {"cilacap": "operator: kanal@cilacap.example\n" + text.replace("kind: sms", "kind: sms\n    extra: true")}
    secrets = {"cilacap.sms.modem.key": KEY, "cilacap.sms.modem.password": PASSWORD}
    edited = {"cilacap": (LIAISON, f"operator: {operator}")}
    with line(database_url, folder, books, secrets, smtp, edited) as made:
        gateway.hook = f"{made.address}/hooks/v1/cilacap/sms/modem"
        made.clock.move_to(MORNING)
        yield made


def test_who_is_paced_or_asleep_is_told_by_telephone_all_the_same(
    database_url: str, tmp_path: Path, gateway: Choosy
) -> None:
    """Pace and the night are no fault of the channel, however often a gateway that was away has been tried before."""
    with government(database_url, tmp_path, gateway, '"0812-3456-7001"') as made:
        for _ in range(12):
            disposes(made)
        planning.apply(made.runtime, made.news())
        made.rows("UPDATE notify.messages SET attempts = 7 WHERE recipient = 'agency:dpupr'")
        sending.tick(made.runtime)
        assert 10 <= len(gateway.texts_to(DESK)) < 12
        assert [] == mailed(made)
        made.later(hours=13)
        disposes(made)
        planning.apply(made.runtime, made.news())
        made.rows("UPDATE notify.messages SET attempts = 7 WHERE recipient = 'agency:dpupr' AND outcome IS NULL")
        sending.tick(made.runtime)
        assert [] == mailed(made)


@pytest.mark.parametrize("later", [True, False], ids=["told in the morning", "not reached either"])
def test_a_refused_mail_takes_no_telephone_away(
    database_url: str, tmp_path: Path, gateway: Choosy, *, later: bool
) -> None:
    """At night the colleague's mail is refused for good: whose telephone waits for the morning is told then."""
    with (
        mail_server(tmp_path / "taken.jsonl") as server,
        government(database_url, tmp_path, gateway, f'["0812-3456-7001", {REFUSED}]', server.url) as made,
    ):
        made.later(hours=13)
        disposes(made)
        made.works()
        assert ([(None, None, "quiet_hours")], []) == (made.rows(TOLD), gateway.texts_to(DESK))
        gateway.away = "" if later else DESK
        for _ in range(16):
            made.later(hours=1)
            made.works()
        expected = ("sent", "sms", None) if later else ("failed", "email", "mailbox_refused")
        assert ([expected], int(later)) == (made.rows(TOLD), len(gateway.texts_to(DESK)))


def test_one_who_cannot_be_reached_yet_keeps_nobody_waiting(database_url: str, tmp_path: Path, gateway: Choosy) -> None:
    """The second number is told at once and once, the first as soon as it can be."""
    with government(database_url, tmp_path, gateway, BOTH) as made:
        gateway.away = DESK
        disposes(made)
        made.works()
        assert (0, 1) == (len(gateway.texts_to(DESK)), len(gateway.texts_to(OTHER)))
        gateway.away = ""
        made.later(minutes=3)
        made.works()
        assert (1, 1) == (len(gateway.texts_to(DESK)), len(gateway.texts_to(OTHER)))
        assert [] == mailed(made)


def test_letters_to_officers_are_of_the_account_by_which_they_go(
    database_url: str, tmp_path: Path, gateway: Choosy
) -> None:
    """Its operator is told which account takes nothing; pace and breaker are one with those of reporters' letters."""
    with government(database_url, tmp_path, gateway, '"0812-3456-7001"') as made:
        (tmp_path / "secrets" / "cilacap.sms.modem.password").write_text("salah")
        disposes(made)
        made.works()
        assert [("sms", "modem")] == made.rows("SELECT channel, account FROM notify.alarms")
