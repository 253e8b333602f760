"""A template of WhatsApp's that is ill rests: letters go by the plainest meanwhile, and now and then one tries."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from cli.providers.whatsapp import NUMBER, TOKEN, WhatsAppProvider, text_of
from shared.base.clock import EARLIEST, SimulatedClock
from shared.channels.carrier import PLAINEST, Refused, Words
from shared.channels.installed import channels_of
from shared.channels.kinds.whatsapp.outgoing import Template, WhatsAppCarrier, WhatsAppNumber
from shared.channels.secrets import Secrets
from tests.channels.by_whatsapp import SITI, at_the_office
from tests.channels.line import Line

_ANSWERED, _NOTICE = Template("aduan_dijawab"), Template("aduan_kabar")
_BOTH = {"answered": _ANSWERED, PLAINEST: _NOTICE}


class _Sender:
    """Whoever writes to somebody outside of the day of free words."""

    def __init__(self, provider: WhatsAppProvider, secrets: Path, templates: dict[str, Template]) -> None:
        (secrets / "x.access_token").write_text(TOKEN)
        self.clock = SimulatedClock(EARLIEST)
        number = WhatsAppNumber(provider.address, "v25.0", NUMBER, templates=templates)
        self.carrier = WhatsAppCarrier(number, Secrets(secrets, "x"), self.clock)
        self.provider = provider

    def writes(self, template: str = "answered", to: str = SITI, key: str = "") -> str:
        """One letter: the name of the template by which it went, or the code with which it was refused."""
        try:
            self.carrier.send(to, Words("Sudah ditambal.", template=template), key=key or str(uuid4()))
        except Refused as refused:
            return refused.code
        return str(self.provider.letters[-1]["template"]["name"])

    def waits(self, span: timedelta) -> None:
        """Time goes by."""
        self.clock.move_to(self.clock.now() + span)


@pytest.mark.parametrize("code", [132000, 132001, 132007, 132012, 132015, 132016])
def test_letters_go_by_the_plainest_while_a_template_is_ill(
    whatsapp: WhatsAppProvider, tmp_path: Path, code: int
) -> None:
    """Refused once, it is not tried with every letter; an hour later one tries, and what is taken makes it well."""
    sender = _Sender(whatsapp, tmp_path, _BOTH)
    whatsapp.refusals = [code]
    assert [str(code), "aduan_kabar", "aduan_kabar"] == [sender.writes() for _ in range(3)]
    sender.waits(timedelta(hours=1))
    whatsapp.refusals = [code]
    assert [str(code), "aduan_kabar"] == [sender.writes() for _ in range(2)]
    sender.waits(timedelta(hours=1))
    assert ["aduan_dijawab"] * 2 == [sender.writes() for _ in range(2)]


def test_a_template_that_is_thanked_for_and_delivers_nothing_rests_too(
    whatsapp: WhatsAppProvider, tmp_path: Path
) -> None:
    """Only the word beside the letter's id says so."""
    sender = _Sender(whatsapp, tmp_path, _BOTH)
    whatsapp.paused = {"aduan_dijawab"}
    assert ["template_paused", "aduan_kabar"] == [sender.writes() for _ in range(2)]
    whatsapp.paused = set()
    assert "aduan_kabar" == sender.writes()


@pytest.mark.parametrize("code", [131026, 131056, 132005, 132018])
def test_a_refusal_of_one_letter_says_nothing_of_its_template(
    whatsapp: WhatsAppProvider, tmp_path: Path, code: int
) -> None:
    """A telephone without WhatsApp, a value that was too long: the next letter goes by it."""
    sender = _Sender(whatsapp, tmp_path, _BOTH)
    whatsapp.refusals = [code]
    assert [str(code), "aduan_dijawab"] == [sender.writes() for _ in range(2)]


@pytest.mark.parametrize("templates", [{"answered": _ANSWERED}, {PLAINEST: _NOTICE}])
def test_where_no_other_template_is_well_a_letter_takes_the_next_way(
    whatsapp: WhatsAppProvider, tmp_path: Path, templates: dict[str, Template]
) -> None:
    """The provider is not asked again, and the letter is refused as it was."""
    sender = _Sender(whatsapp, tmp_path, templates)
    whatsapp.refusals = [132001, 131000]
    assert ["132001", "132001"] == [sender.writes() for _ in range(2)]
    assert [131000] == whatsapp.refusals


def test_a_template_that_is_refused_by_a_later_word_rests_too(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """The provider thanked for a letter and then says that its template is paused: the next one does not try it."""
    dossier = at_the_office(cilacap, whatsapp)
    cilacap.act(dossier, "answer", text="Sudah ditambal.")
    cilacap.works()
    [went] = [each for each in whatsapp.letters_to(SITI) if each["type"] == "template"]
    assert "aduan_dijawab" == went["template"]["name"]
    whatsapp.deliver(whatsapp.status(went, "failed", errors=[{"code": 132015}]))
    cilacap.works()
    channel = channels_of(cilacap.runtime).find("cilacap", "whatsapp")
    assert channel is not None
    channel.carriers[NUMBER].send("6281234567899", Words("Sudah ditambal.", template="answered"), key=str(uuid4()))
    assert "aduan_kabar" == whatsapp.letters_to("6281234567899")[-1]["template"]["name"]


@pytest.mark.parametrize("late", [False, True])
def test_whom_the_provider_leaves_in_peace_is_written_to_otherwise_for_a_day(
    whatsapp: WhatsAppProvider, tmp_path: Path, late: bool
) -> None:
    """Refused once, at once or after it was taken: nobody asks again for this person. Who writes is answered."""
    sender = _Sender(whatsapp, tmp_path, _BOTH)
    if late:
        assert "aduan_dijawab" == sender.writes(key="satu")
        sender.carrier.refused_after_all("satu", "131049")
    else:
        whatsapp.refusals = [131049]
        assert "131049" == sender.writes()
    before = len(whatsapp.letters)
    assert "131049" == sender.writes()
    assert before == len(whatsapp.letters)
    assert "aduan_dijawab" == sender.writes(to="6281234567899")
    sender.carrier.send(SITI, Words("Halo."), key="dua", window_until=sender.clock.now() + timedelta(hours=1))
    assert "Halo." == text_of(whatsapp.letters[-1])
    sender.waits(timedelta(hours=24))
    assert "aduan_dijawab" == sender.writes()
