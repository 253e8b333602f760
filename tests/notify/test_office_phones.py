"""Officers who have nothing but a telephone: told by SMS, once, and their office where that leads nowhere."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cli.providers.sms import KEY, NUMBER, PASSWORD, KannelGateway, gateway_of
from services.intake.filing import Submission, file
from services.notify import planning, sending
from services.notify.outbox import Outbox
from services.notify.pacing import Pace
from tests.channels.by_sms import BOOK
from tests.channels.line import Line, line
from tests.fixtures.waiting import eventually
from tests.notify.letter_office import CAUSE, PRIVATE, complaint
from tests.notify.mail import mail_server

DESK = "+6281234567001"
OFFICE = "dpupr@cilacapkab.example"
HEAD = "kepala.dpupr@cilacapkab.example"
LIAISON = "liaison: sekretaris.dpupr@cilacapkab.example"
MORNING = datetime.combine(
    datetime.now(ZoneInfo("Asia/Jakarta")) + timedelta(days=1), time(10), ZoneInfo("Asia/Jakarta")
)

Government = Callable[..., AbstractContextManager[Line]]


@pytest.fixture
def gateway() -> Iterator[KannelGateway]:
    """A modem."""
    with gateway_of(KannelGateway) as made:
        assert isinstance(made, KannelGateway)
        yield made


@pytest.fixture
def government(database_url: str, tmp_path: Path, gateway: KannelGateway) -> Government:
    """Cilacap with SMS beside its SOP, where the front desk of public works is reached as a test says."""

    @contextmanager
    def made(operator: str = '"0812-3456-7001"', more: str = "") -> Iterator[Line]:
        text = BOOK.format(number=NUMBER, format=gateway.format, address=gateway.address)
        books = {"cilacap": more + text.replace("kind: sms", "kind: sms\n    extra: true")}
        secrets = {"cilacap.sms.modem.key": KEY, "cilacap.sms.modem.password": PASSWORD}
        edited = {"cilacap": (LIAISON, f"operator: {operator}")}
        with line(database_url, tmp_path, books, secrets, agencies=edited) as opened:
            gateway.hook = f"{opened.address}/hooks/v1/cilacap/sms/modem"
            opened.clock.move_to(MORNING)
            yield opened

    return made


def disposes(made: Line) -> UUID:
    """A complaint is sent to public works."""
    receipt = file(made.runtime, Submission("cilacap", complaint(), CAUSE))
    made.act(receipt.id, "dispose", agency="dpupr")
    return receipt.id


def mailed(made: Line) -> list[str]:
    """To whom of public works mails went."""
    letters = Outbox(made.runtime.settings.data_dir / "outbox").letters()
    return [letter.to for letter in letters if "dpupr" in letter.to]


def test_who_has_only_a_telephone_is_told_by_sms_once(government: Government, gateway: KannelGateway) -> None:
    """The ticket, what is to be done, by when, and where: nothing of the complaint; no mail goes to the office."""
    with government() as made:
        dossier = disposes(made)
        made.works()
        made.works()
        [said] = gateway.texts_to(DESK)
        ticket = made.history(dossier)[0].ticket  # type: ignore[attr-defined]
        assert f"Disposisi aduan {ticket}. Batas waktu: " in said
        assert f"/cilacap/berkas/{ticket}" in said
        assert not [private for private in PRIVATE if private in said]
        assert [] == mailed(made)
        told = "SELECT outcome, way FROM notify.messages WHERE recipient = 'agency:dpupr'"
        assert [("sent", "sms")] == made.rows(told)


def test_a_telephone_that_does_not_answer_is_made_up_for_by_the_office(
    government: Government, gateway: KannelGateway
) -> None:
    """The carrier had taken it, and says later that it has not arrived: the office's mailbox is written to, once."""
    with government() as made:
        disposes(made)
        made.works()
        for _ in range(2):
            gateway.report(gateway.letters[-1], "failed")
            made.works()
        assert [OFFICE] == mailed(made)
        assert 1 == len(gateway.texts_to(DESK))


@pytest.mark.parametrize("trouble", ["away", "denies access"])
def test_a_gateway_in_trouble_holds_a_letter_up_for_minutes_only(
    government: Government, gateway: KannelGateway, trouble: str
) -> None:
    """It is tried again; when it stays away, or takes nothing of ours, the office's mailbox is told."""
    with government() as made:
        gateway.down = trouble == "away"
        if not gateway.down:
            (Path(str(made.runtime.settings.secrets_dir)) / "cilacap.sms.modem.password").write_text("salah")
        disposes(made)
        made.works()
        assert [] == mailed(made)
        for _ in range(12):
            made.later(minutes=3)
            made.works()
        assert ([OFFICE], []) == (mailed(made), gateway.texts_to(DESK))


@pytest.mark.parametrize(
    ("operator", "more", "texts", "mails"),
    [
        (f'["0812-3456-7001", {HEAD}]', "", 1, [HEAD]),
        ('["0812-3456-7001", "+62 812 3456 7001"]', "", 1, []),
        ('"0812-3456-7001"', "ways: {officer: [email]}", 0, [OFFICE]),
        ('"1708123"', "", 0, [OFFICE]),
    ],
    ids=["beside a mailbox", "one number written twice", "a government that writes no SMS", "no person's number"],
)
def test_who_is_told_how(
    government: Government, gateway: KannelGateway, operator: str, more: str, texts: int, mails: list[str]
) -> None:
    """Each by the way they have, as the government allows it; where none is left, the office."""
    with government(operator, more) as made:
        disposes(made)
        made.works()
        assert (texts, mails) == (len(gateway.texts_to(DESK)), mailed(made))


def test_a_colleague_with_a_mailbox_does_not_wait(database_url: str, tmp_path: Path, gateway: KannelGateway) -> None:
    """The gateway is away: the mail goes at once and once, and who has only a telephone is told when it is back."""
    text = BOOK.format(number=NUMBER, format=gateway.format, address=gateway.address)
    books = {"cilacap": text.replace("kind: sms", "kind: sms\n    extra: true")}
    secrets = {"cilacap.sms.modem.key": KEY, "cilacap.sms.modem.password": PASSWORD}
    edited = {"cilacap": (LIAISON, f'operator: ["0812-3456-7001", {HEAD}]')}
    with (
        mail_server(tmp_path / "taken.jsonl") as server,
        line(database_url, tmp_path, books, secrets, server.url, edited) as made,
    ):
        gateway.hook = f"{made.address}/hooks/v1/cilacap/sms/modem"
        made.clock.move_to(MORNING)
        gateway.down = True
        disposes(made)
        made.works()
        made.later(minutes=3)
        made.works()
        assert (1, []) == (len(server.taken_for(HEAD)), gateway.texts_to(DESK))
        gateway.down = False
        made.later(minutes=3)
        made.works()
        made.works()
        assert (1, 1) == (len(server.taken_for(HEAD)), len(gateway.texts_to(DESK)))
        told = "SELECT outcome, way, message_id IS NOT NULL FROM notify.messages WHERE recipient = 'agency:dpupr'"
        assert [("sent", "email", True)] == made.rows(told)


def test_nobody_is_rung_at_night(government: Government, gateway: KannelGateway) -> None:
    """What comes after nine in the evening is told when the quiet hours end."""
    with government() as made:
        made.later(hours=13)
        disposes(made)
        made.works()
        assert ([], []) == (gateway.texts_to(DESK), mailed(made))
        made.later(hours=7)
        made.works()
        assert 1 == len(gateway.texts_to(DESK))


def test_many_letters_to_one_person_are_spaced(government: Government, gateway: KannelGateway) -> None:
    """Ten at once, the others one after the other, by the machine's time and though the other clock stands still."""
    with government() as made:
        for _ in range(12):
            disposes(made)
        planning.apply(made.runtime, made.news())
        sending.tick(made.runtime)
        assert 10 <= len(gateway.texts_to(DESK)) < 12
        assert [(0,)] == made.rows("SELECT max(attempts) FROM notify.messages WHERE outcome IS NULL AND NOT settled")

        def all_told() -> bool:
            sending.tick(made.runtime)
            return len(gateway.texts_to(DESK)) == 12

        eventually(all_told, within=60, every=0.2, what="everybody is told")


def test_a_burst_and_then_one_at_a_time() -> None:
    """Ten at once after a silence, one in six seconds from there on; a long silence allows no more than ten again."""
    now = [0.0]
    pace = Pace(rate=1 / 6, burst=10, monotonic=lambda: now[0])
    assert 10 == sum(pace.wait_seconds() == 0 for _ in range(20))
    assert 0 < pace.wait_seconds() <= 6
    now[0] += 6.1
    assert [True, False] == [pace.wait_seconds() == 0 for _ in range(2)]
    now[0] += 10_000
    assert pace.is_rested
    assert 10 == sum(pace.wait_seconds() == 0 for _ in range(20))
