"""What could not be finished is taken up again: soon, and as the very same thing."""

import time
from datetime import timedelta
from typing import Any

import pytest

from channels import conversing
from channels.conversing import House
from channels.doing import do_one
from channels.working import tick
from cli.providers.whatsapp import WhatsAppProvider
from shared.base.errors import Unavailable
from shared.base.services import ServiceName
from shared.channels.talk.state import Talk
from shared.channels.talk.step import step as real
from shared.channels.talk.world import World
from tests.channels.by_whatsapp import SITI, files_one, said
from tests.channels.line import Line


def test_a_filing_whose_answer_was_lost_is_the_same_once_more(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A provider's clock that is ahead, and an answer that got lost, do not make a filed complaint a refused one."""
    lost: list[str] = []

    def ask(service: ServiceName, method: str, **arguments: Any) -> Any:
        answer = cilacap._ask(service, method, **arguments)
        if method == "file" and not lost:
            lost.append(answer["ticket"])
            cilacap.later(seconds=20)
            raise Unavailable("service_unavailable")
        return answer

    cilacap.house = House(cilacap.runtime, cilacap.house.channels, ask)
    ahead = int((cilacap.clock.now() + timedelta(minutes=3)).timestamp())
    whatsapp.deliver(whatsapp.text(SITI, "Jalan utama berlubang dalam sekali", name="Siti", at=ahead))
    cilacap.works()
    for title in ("Ya, kirim", "Siti"):
        whatsapp.deliver(whatsapp.press(SITI, title))
        cilacap.works()
    whatsapp.deliver(whatsapp.text(SITI, "RT 02 RW 01 Hanum"))
    cilacap.works()
    whatsapp.deliver(whatsapp.press(SITI, "Anonim"))
    cilacap.works()
    cilacap.rows("UPDATE channels.outgoing SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL")
    cilacap.works()
    assert [lost[0]] == [ticket for (ticket,) in cilacap.rows("SELECT ticket FROM intake.tickets")]
    assert lost[0] in said(whatsapp)


def test_what_cannot_be_finished_waits_for_seconds(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """A service that is away just when an effect is done with puts it off for a moment, not for a whole lease."""
    files_one(cilacap, whatsapp)
    [dossier] = cilacap.dossiers()
    cilacap.act(dossier, "return", reason="Mohon sebutkan patokan lokasinya")
    cilacap.works()
    away: list[bool] = [False]

    def ask(service: ServiceName, method: str, **arguments: Any) -> Any:
        if method == "standing" and away[0]:
            raise Unavailable("service_unavailable")
        answer = cilacap._ask(service, method, **arguments)
        away[0] = away[0] or method == "reporter_act"
        return answer

    house = House(cilacap.runtime, cilacap.house.channels, ask)
    whatsapp.deliver(whatsapp.text(SITI, "Toko Makmur", at=int(time.time())))
    cilacap.settled()
    tick(house)
    while do_one(house):
        pass
    [(seconds,)] = cilacap.rows(
        "SELECT extract(epoch FROM max(next_attempt_at) - clock_timestamp())::float8 "
        "FROM channels.outgoing WHERE done_at IS NULL AND attempts > 0"
    )
    assert 10 > seconds
    away[0] = False
    cilacap.rows("UPDATE channels.outgoing SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL")
    cilacap.works()
    assert "sudah kami teruskan" in said(whatsapp)


def test_a_conversation_that_cannot_go_on_rests(
    cilacap: Line, whatsapp: WhatsAppProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks one person's turn is tried again later and later, harms nobody else's, and loses nothing; also where
    it was tried for months.
    """

    def breaking(talk: Talk, items: Any, world: World, now: Any) -> Any:
        if "RUSAK" in "".join(getattr(each, "text", "") for each in items):
            raise RuntimeError("a fault of ours")
        return real(talk, items, world, now)

    monkeypatch.setattr(conversing, "step", breaking)
    whatsapp.deliver(whatsapp.text(SITI, "RUSAK jalan di depan rumah saya"))
    whatsapp.deliver(whatsapp.text("6281234567899", "Sampah menumpuk di pasar Kroya"))
    cilacap.settled()
    tick(cilacap.house)
    waits = "SELECT next_attempt_at > clock_timestamp(), attempts FROM channels.heard WHERE state = 'new'"
    assert [(True, 1)] == cilacap.rows(waits)
    again = (
        "UPDATE channels.heard SET attempts = 5000, next_attempt_at = clock_timestamp() WHERE state = 'new' RETURNING 1"
    )
    cilacap.rows(again)
    tick(cilacap.house)
    assert [(True, 5001)] == cilacap.rows(waits)
    cilacap.rows(again)
    monkeypatch.setattr(conversing, "step", real)
    cilacap.works()
    assert [] == cilacap.rows(waits)
    assert [1, 1] == [len(whatsapp.letters_to(number)) for number in (SITI, "6281234567899")]
