"""A photo that comes again in another complaint is told to who may read both, and forgotten with its reporter."""

from itertools import combinations
from pathlib import Path

import pytest

from services.intake.erasing import erase
from services.intake.receipts import Receipt
from services.reporting.photos import INDEX, photos_alike
from services.reporting.projection import RecapProjection
from services.routing import files
from shared.application.dossiers.codec import decode
from shared.application.files.cleaning import cleaned
from shared.application.files.keeping import keep_upload
from shared.application.identity.membership import administrator
from shared.base.caller import Caller
from shared.base.errors import Forbidden
from shared.domain.files.looks import NEAR, look_of
from shared.store.projection.runner import apply_batch
from tests.files.making import photo, view
from tests.fixtures.office import CAUSE, Office

T = "cilacap"
DESK = Caller(T, "coordinator")


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    """An installation with a folder for files."""
    office.keep_files_in(tmp_path / "files")
    return office


def _add(office: Office, receipt: Receipt, content: bytes, tenant: str = T) -> str:
    desk = Caller(tenant, "coordinator")
    kept = keep_upload(
        files.keeping(office.runtime, desk, tenant, receipt.id, CAUSE), "documentation", "b.jpg", content
    )
    return str(kept.event.file)


def _told(office: Office, receipt: Receipt, caller: Caller = DESK) -> list[tuple[str, str]]:
    apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
    found = photos_alike(office.runtime, caller, T, receipt.id)
    return [(each["file"], each["ticket"]) for each in found["items"]]


def test_a_look_survives_saving_again_and_tells_places_apart() -> None:
    """However a picture was made smaller, darker or coarser; a plain area looks like nothing."""
    again = [view("pasar", (400, 300), 0.8, 40), view("pasar", (1600, 1200), 1.1, 70)]
    look, *others = [int(cleaned(each).look or "", 16) for each in (view("pasar"), *again)]
    places = [int(look_of(view(f"tempat {number}")) or "", 16) for number in range(20)]

    assert all((look ^ other).bit_count() <= NEAR // 2 for other in others)
    assert all((one ^ other).bit_count() > NEAR for one, other in combinations(places, 2))
    assert cleaned(photo()).look is None


def test_a_photo_that_comes_again_is_told(office: Office) -> None:
    """At either complaint, with the other's ticket; another photo, and the same again in one complaint, are not."""
    one, other, third = (office.file(message=f"Jalan {number} rusak") for number in range(3))
    first = _add(office, one, view("lubang"))
    _add(office, one, view("lubang", quality=50))
    second = _add(office, other, view("lubang", (640, 480), 0.9, 60))
    _add(office, third, view("jembatan"))

    assert {(first, other.ticket)} <= set(_told(office, one))
    assert {one.ticket} == {ticket for file, ticket in _told(office, other) if file == second}
    assert [] == _told(office, third)


def test_an_office_is_told_of_its_own_complaints_only(office: Office) -> None:
    """Another office's ticket is not its to know; its dossier cannot be asked about at all."""
    one, other = office.file(message="Jalan rusak"), office.file(message="Lampu padam")
    for receipt, agency in ((one, "dpupr"), (other, "dishub")):
        office.act(receipt, "coordinator", "dispose", agency=agency)
        _add(office, receipt, view("lubang"))
    operator = Caller(T, "operator", "dpupr")

    assert [other.ticket] == [ticket for _, ticket in _told(office, one)]
    assert [] == _told(office, one, operator)
    with pytest.raises(Forbidden):
        _told(office, other, operator)


def test_another_governments_photo_is_not_told(office: Office) -> None:
    """The same picture, sent to two governments: neither hears of the other's ticket."""
    one, neighbours = office.file(T, message="Jalan rusak"), office.file("bantul", message="Jalan rusak")
    _add(office, one, view("lubang"))
    _add(office, neighbours, view("lubang"), "bantul")

    assert [] == _told(office, one)


def test_an_erased_reporters_photos_look_like_nothing_any_more(office: Office) -> None:
    """Nor do they come back where the index is made anew."""
    one, other = office.file(message="Jalan rusak"), office.file(message="Lampu padam")
    for receipt in (one, other):
        _add(office, receipt, view("lubang"))
    before = [ticket for _, ticket in _told(office, other)]
    erase(office.runtime, administrator("root"), T, one.ticket, "asked", CAUSE)
    after = _told(office, other)
    with office.runtime.database.transaction() as cursor:
        cursor.execute("UPDATE reporting.photos_position SET key_id = ''")
    INDEX.catch_up(office.runtime)
    held = [str(dossier) for (dossier,) in office.rows("SELECT dossier FROM reporting.photos")]

    assert [one.ticket] == before
    assert [] == after
    assert [str(other.id)] == held
