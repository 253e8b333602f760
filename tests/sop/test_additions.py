"""What a file adds to its source is marked as such, and can be switched off."""

from pathlib import Path

import pytest

from shared.domain.sop.checking.check import check_file, check_sop
from shared.domain.sop.drawing.show import table
from shared.domain.sop.reading.loader import parse_sop
from shared.wording.yaml_lines import FileError
from tests.sop.walker import SIXTH, TENANTS

TEXT = (Path(SIXTH.directory) / "kepulauan" / "sop.yaml").read_text()
RECALL = "  - {name: recall, event: Recalled, to: sort, actor: clerk, needs: [reason], source: practice}\n"
AFTER_END = """
after_end:
  - {name: reinstate, event: Reinstated, to: sort, actor: clerk, needs: [reason], while: [withdrawn], source: practice}
rejections: [spam, insult]
leave:
  asked_by: [clerk]
  granted_by: regent
  pause: {why: [court, goods], most: 30 wd}
  source: practice
help: {asked_by: [clerk], given_by: clerk, within: 3 wd, source: practice, confirmed: true}
"""
ADDED = TEXT.replace("anytime:\n", f"anytime:\n{RECALL}") + AFTER_END


def test_additions_are_part_of_the_procedure() -> None:
    """Actions for ended dossiers, reasons for rejecting, leave and help are read with their source."""
    sop = parse_sop(ADDED, "kepulauan")

    assert ("practice", False) == (sop.anytime[0].source, sop.anytime[0].confirmed)
    assert [("reinstate", ("withdrawn",))] == [(action.name, action.statuses) for action in sop.after_end]
    assert ("spam", "insult") == sop.rejections
    assert sop.leave is not None
    assert sop.leave.pause is not None
    assert (("court", "goods"), "30 wd", None) == (sop.leave.pause.why, str(sop.leave.pause.most), sop.leave.extension)
    assert sop.help is not None
    assert ("3 wd", True) == (str(sop.help.within), sop.help.confirmed)


def test_unconfirmed_additions_are_listed_and_shown() -> None:
    """The check names each addition that waits for its owner; the table marks it."""
    sop = parse_sop(ADDED, "kepulauan")
    said = [found.message for found in check_sop(sop) if found.code == "unconfirmed_addition"]

    assert 3 == len(said), said
    assert any("'recall'" in message for message in said)
    assert any("'reinstate'" in message for message in said)
    assert any("'leave'" in message for message in said)
    assert 2 == " ".join(table(sop, 200).split()).count("[+ practice, unconfirmed]")


def test_additions_can_be_switched_off(tmp_path: Path) -> None:
    """What is named under `without` is gone, and what stays is told with the line in which it stands."""
    text = ADDED + "without: [recall, reinstate, leave]\n"
    sop = parse_sop(text, "kepulauan")

    assert "recall" not in {action.name for action in sop.anytime}
    assert ((), None) == (sop.after_end, sop.leave)
    assert sop.help is not None
    assert parse_sop(TEXT, "kepulauan").anytime == sop.anytime

    old = "to: end, actor: reporter"
    line = text[: text.index(old)].count("\n") + 1
    (tmp_path / "sop.yaml").write_text(text.replace(old, "to: nowhere, actor: reporter"))
    [found] = [each for each in check_file(tmp_path / "sop.yaml", "kepulauan") if "nowhere" in each.message]
    assert line == found.line


@pytest.mark.parametrize("name", ["withdraw", "sort", "rekall"])
def test_what_the_document_states_cannot_be_switched_off(name: str) -> None:
    """A name that is none of an addition is an error with its line."""
    text = ADDED + f"without: [{name}]\n"

    with pytest.raises(FileError) as caught:
        parse_sop(text, "kepulauan", "sop.yaml")

    assert len(text.splitlines()) == caught.value.line
    assert name in caught.value.message


def test_a_switched_off_step_takes_its_ways_with_it() -> None:
    """With an added step go the added actions that lead there and the added rules that tell of it."""
    step = """\
  - id: lounge
    actor: clerk
    activity: Menunggu
    source: practice
    actions:
      - {name: forward, event: Forwarded, to: sort}
"""
    way = "  - {name: rest, event: Forwarded, to: lounge, actor: clerk, source: practice}\n"
    text = ADDED.replace("anytime:\n", f"{step}anytime:\n{way}")
    assert parse_sop(text, "kepulauan").has_step("lounge")

    sop = parse_sop(text + "without: [lounge]\n", "kepulauan")

    assert not sop.has_step("lounge")
    assert "rest" not in {action.name for action in sop.anytime}


@pytest.mark.parametrize("tenant", TENANTS.ids())
def test_the_version_in_use_stays(tenant: str) -> None:
    """Dossiers of version 1 go on under the file that they were filed under; new ones get version 2."""
    found = TENANTS.get(tenant)

    assert ({1, 2}, 2) == (set(found.sops), found.sop.version)
    assert () == found.sop_of(1).after_end
    assert [] == [action.name for step in found.sop_of(1).steps for action in step.actions if action.source]


TURNS = {"disposition_without_way_back", "reply_ends_no_wait", "no_reinstating", "merged_for_ever"}


@pytest.mark.parametrize("tenant", TENANTS.ids())
def test_no_wrong_turn_is_a_dead_end(tenant: str) -> None:
    """In no procedure in use can anybody be lost: not after a disposition, a reply, a rejection or a merging."""
    codes = {found.code for found in check_sop(TENANTS.get(tenant).sop)}

    assert set() == codes & {*TURNS, "agency_without_disposition", "no_rejections"}


@pytest.mark.parametrize(
    ("tenant", "code", "about"),
    [
        ("cirebon", "disposition_without_way_back", "respond"),
        ("majalengka", "disposition_without_way_back", "respond"),
        ("trenggalek", "disposition_without_way_back", "study"),
        *((tenant, "reply_ends_no_wait", "receive_answer") for tenant in TENANTS.ids()),
    ],
)
def test_the_check_would_have_told(tenant: str, code: str, about: str) -> None:
    """What was wrong with the first versions is what the check finds in them."""
    found = check_sop(TENANTS.get(tenant).sop_of(1))

    assert [each for each in found if each.code == code and about in each.message]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            RECALL,
            "  - {name: reject, event: Rejected, to: end, actor: clerk, needs: [why, reason], source: practice}\n",
            "no_reinstating",
        ),
        (RECALL, "  - {name: merge, event: Merged, to: end, actor: clerk, needs: [into, reason]}\n", "merged_for_ever"),
        ("rejections: [spam, insult]\n", "", "no_rejections"),
        ("event: Reopened, to: hear", "event: Reopened, to: inspect", "agency_without_disposition"),
    ],
)
def test_lost_on_the_way(old: str, new: str, code: str) -> None:
    """Each way of being lost is told by name."""
    reject = "  - {name: reject, event: Rejected, to: end, actor: clerk, needs: [why, reason], source: practice}\n"
    text = ADDED.replace(RECALL, RECALL + reject) if code == "no_rejections" else ADDED
    if code == "agency_without_disposition":
        text = text.replace("to: missing, needs: [reason], why: incomplete", "to: hear, needs: [reason], why: rework")
        text = text.replace("to: send, optional: [complaint.*]", "to: hear, optional: [complaint.*]")
    assert old in text

    assert code in {found.code for found in check_sop(parse_sop(text.replace(old, new), "kepulauan"))}


@pytest.mark.parametrize("tenant", TENANTS.ids())
def test_the_documents_own_words_are_shown(tenant: str) -> None:
    """Legal basis, qualifications, equipment, warnings, records, quotes, outputs and notes, and who approved it."""
    sop = TENANTS.get(tenant).sop
    shown = "".join(table(sop).split())
    words = [*sop.legal_basis, *sop.qualifications, *sop.equipment, *sop.warnings, *sop.records, *sop.related]
    words += [text for step in sop.steps for text in (step.quote, step.output, step.notes, step.requirements) if text]
    words += [text for text in (sop.approved_by, sop.made) if text]

    assert [] == [text for text in words if "".join(text.split()) not in shown]
