"""The words: every text for every government, nothing private for officers, an administrator's own instead of ours."""

import os
import re
import shutil
from datetime import datetime
from itertools import product
from pathlib import Path
from textwrap import fill
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules import DEFAULT_RULES
from services.notify.values import values_for_officer, values_for_reporter
from services.notify.wording import field_text, instant_text
from shared.application import letter_texts as texts
from shared.application.dossiers.codec import from_data, to_data
from shared.application.letter_texts import _broken, _tidy, worded
from shared.base.randomness import SeededRandomness
from shared.domain.all_tenants import Tenants
from shared.domain.dossier.events import ClockEvent, DossierEvent
from shared.domain.letters import COMMON, FALLBACK, VALUES, template_of
from shared.domain.sealing import DataKey
from shared.domain.sop.vocabulary import AnswerKind
from shared.domain.tenants import Tenant
from shared.platform.settings import PROJECT
from tests.dossier.story import Story

TENANTS = Tenants(PROJECT / "tenants")
TEXTS = PROJECT / "tenants" / COMMON
NAMES = {audience: sorted(p.stem for p in (TEXTS / audience).glob("*.txt")) for audience in ("reporter", "officer")}
NAME = "Wagiman Prawiro"
KEY = DataKey(Story().file().id, SeededRandomness("key").bytes(32), SeededRandomness("nonce"))
PORTAL = "https://aduan.example.go.id"


def _sealed(event: DossierEvent, private: dict[str, Any]) -> DossierEvent:
    data = {**to_data(event), "sealed": KEY.seal(private, event.type)}
    return from_data(event.type, event.originator_id, event.originator_version, data)


def _story(tenant: str, category: str | None = None) -> list[DossierEvent]:
    """A filing and whatever the first desk can do next."""
    story = Story(tenant)
    story.file(category=category, kecamatan="Kroya", missing=("reporter.address", "attachments"))
    filed = {"reporter": {"name": NAME}, "title": "Saluran\nair", "message": "Mampet.", "tracking_code": "ABCDEFGHJK"}
    first = _sealed(story.events[0], filed)
    assert story.dossier is not None
    step = story.desk.sop_of(story.dossier).step(story.dossier.step or "")
    kinds = {"classification": "complaint", "category": category, "by": "keyword"}
    story.act(step.actions[0].name, **(kinds if step.actions[0].event == "Classified" else {}))
    return [
        first,
        _sealed(story.events[1], {"text": "Sudah kami bersihkan.\nTerima kasih.", "reason": "Alamat kosong."}),
    ]


@pytest.mark.parametrize("tenant", TENANTS.all(), ids=lambda tenant: tenant.id)
def test_every_text_for_reporters_can_be_worded(tenant: Tenant) -> None:
    """With ticket, code and name; nothing is left of the template, and no line is a mess."""
    events = _story(tenant.id, "KESEHATAN")
    for name, event in product(NAMES["reporter"], events):
        values = values_for_reporter(tenant, events, event, KEY, PORTAL)

        text = worded(PROJECT / "tenants", tenant.messages, "reporter", name, values)

        assert "T-1" in text.subject
        for expected in (f"Yth. {NAME},", "Kode lacak  : ABCDEFGHJK", tenant.name, PORTAL):
            assert expected in text.body
        _check_form(text.subject, text.body)


@pytest.mark.parametrize("tenant", TENANTS.all(), ids=lambda tenant: tenant.id)
def test_every_text_for_officers_can_be_worded(tenant: Tenant) -> None:
    """For an agency and for a desk; without name, message, answer, reason and code."""
    events = _story(tenant.id, "KESEHATAN")
    desk = next(actor for actor in tenant.sop.actors if actor.scope == "tenant")
    recipients = (f"agency:{tenant.agencies[0].id}", f"actor:{desk.id}")
    for name, event, recipient in product(NAMES["officer"], events, recipients):
        if name in ("clock_warned", "clock_breached", "escalated") and not isinstance(event, ClockEvent):
            continue  # they are about a clock, and are told of clocks only
        values = values_for_officer(tenant, events, event, recipient, PORTAL)

        text = worded(PROJECT / "tenants", tenant.messages, "officer", name, values)

        assert "T-1" in text.subject
        for private in (NAME, "Saluran", "Mampet", "ABCDEFGHJK", "bersihkan", "kosong"):
            assert private not in text.subject + text.body
        _check_form(text.subject, text.body)


def test_every_default_rule_has_its_text() -> None:
    """What is told without a rule is told in words of its own, not in those for anything."""
    for rule in DEFAULT_RULES:
        kinds: tuple[AnswerKind | None, ...] = ("interim", "final") if rule.on == "Answered" else (None,)
        for told in rule.tell:
            audience = "reporter" if told == "reporter" else "officer"
            for kind in kinds:
                assert template_of(rule.on, kind, rule.why) in NAMES[audience]


@pytest.mark.parametrize("tenant", TENANTS.all(), ids=lambda tenant: tenant.id)
def test_every_text_that_a_sop_names_exists(tenant: Tenant) -> None:
    """A rule's own template is in the common folder or in the government's."""
    for rule in tenant.sop.notify:
        if rule.template is not None:
            places = [place / audience for place in (TEXTS, tenant.messages) for audience in NAMES]
            assert any((place / f"{rule.template}.txt").exists() for place in places)


def test_a_government_may_use_words_of_its_own(tmp_path: Path) -> None:
    """Its file comes first; what it has not, is ours."""
    shutil.copytree(TEXTS, tmp_path / COMMON)
    own = tmp_path / "cilacap" / "messages"
    (own / "reporter").mkdir(parents=True)
    (own / "reporter" / "closed.txt").write_text("Rampung {{ ticket }}\n\nMatur nuwun, {{ name }}.\n")
    values = _values()

    mine = worded(tmp_path, own, "reporter", "closed", values)
    ours = worded(tmp_path, own, "reporter", "lapsed", values)

    assert (f"Rampung {values['ticket']}", f"Matur nuwun, {NAME}.\n") == (mine.subject, mine.body)
    assert "tidak kami lanjutkan" in ours.subject


def test_an_event_without_a_text_gets_the_common_one() -> None:
    """A rule for any event leads to a message."""
    common = worded(PROJECT / "tenants", Path("none"), "reporter", FALLBACK, _values())

    assert common == worded(PROJECT / "tenants", Path("none"), "reporter", "never_heard_of", _values())


@pytest.mark.parametrize("template", ["{{ nonsense }}", "{{ name.__class__.__mro__ }}", "{% if %}"])
def test_a_template_may_not_ask_for_what_there_is_not(tmp_path: Path, template: str) -> None:
    """A slip of the pen is an error, never a blank; and a template gets at nothing behind its values."""
    (tmp_path / "own" / "reporter").mkdir(parents=True)
    (tmp_path / "own" / "reporter" / "closed.txt").write_text(f"Subjek\n\n{template}\n")

    with pytest.raises(jinja2.TemplateError):
        worded(tmp_path, tmp_path / "own", "reporter", "closed", _values())


def test_what_a_reporter_wrote_cannot_forge_a_header_or_a_template() -> None:
    """A title with line breaks and braces is but a title."""
    values = {**_values(), "title": "{{ code }}\nBcc: a@b", "ticket": "T-1\nBcc: a@b"}

    text = worded(PROJECT / "tenants", Path("none"), "reporter", "closed", values)

    assert "Aduan T-1 telah selesai" != text.subject
    assert "\n" not in text.subject
    assert "{{ code }}" in text.body


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Asia/Jakarta", "Senin, 5 Oktober 2026 pukul 08.05 WIB"),
        ("Asia/Makassar", "Senin, 5 Oktober 2026 pukul 09.05 WITA"),
        ("Asia/Jayapura", "Senin, 5 Oktober 2026 pukul 10.05 WIT"),
    ],
)
def test_instants_are_told_as_people_there_write_them(zone: str, told: str) -> None:
    """In the government's own zone, by its name."""
    from zoneinfo import ZoneInfo

    assert told == instant_text(datetime.fromisoformat("2026-10-05T01:05:00+00:00"), ZoneInfo(zone))


def test_seconds_are_told_where_they_count() -> None:
    """Cirebon's standards are of fifteen seconds."""
    from zoneinfo import ZoneInfo

    due = datetime.fromisoformat("2026-10-05T01:05:15+00:00")

    assert "Senin, 5 Oktober 2026 pukul 08.05.15 WIB" == instant_text(due, ZoneInfo("Asia/Jakarta"))
    assert instant_text(None, ZoneInfo("Asia/Jakarta")) is None


@pytest.mark.parametrize("tenant", TENANTS.all(), ids=lambda tenant: tenant.id)
def test_every_field_that_an_sop_requires_has_a_name(tenant: Tenant) -> None:
    """A reporter is asked for their address, not for ``reporter.address``."""
    for name in tenant.sop.requires:
        assert name not in field_text(name) or "." not in name


def _values() -> dict[str, Any]:
    tenant = TENANTS.get("cilacap")
    events = _story(tenant.id)
    return values_for_reporter(tenant, events, events[0], KEY, PORTAL)


def _check_form(subject: str, body: str) -> None:
    assert len(subject) < 130
    assert body.endswith("\n")
    for wrong in ("{{", "{%", "None", "Undefined", "\n\n\n", " \n", " ,", "  menerus"):
        assert wrong not in body, body
    assert not re.search(r"[a-z]{2}\.[A-Z][a-z]", body.replace(PORTAL, "")), body
    assert [] == [line for line in body.splitlines() if len(line) > 76 and max(map(len, line.split())) < 40]


def test_long_lines_are_broken_where_they_are_laid_out_too() -> None:
    """An answer of one long line, an item of a list, a name with its value: each goes on below its own text."""
    long = "Jalan itu akan kami perbaiki setelah anggaran perubahan ditetapkan oleh dewan pada bulan depan ini"
    told = _tidy(f"Anda dapat:\n- {long}\n- pendek\n\n    {long}\n\nAlasan : {long}\nLain   : x\n").split("\n")

    assert "Anda dapat:" == told[0]
    assert all(len(line) <= 76 for line in told)
    assert ["- Jalan", "  dewan", "- pende", "", "    Jal", "    dew", "", "Alasan ", "       "] == [
        line[:7] for line in told[1:10]
    ]


@given(
    indent=st.sampled_from(["", "- ", "    ", "Alasan : ", "\t"]),
    words=st.lists(st.text("aéx- \t\xa0\u3000", max_size=30) | st.integers(1, 90).map("y".__mul__), min_size=1),
)
def test_lines_are_broken_as_the_library_breaks_them(indent: str, words: list[str]) -> None:
    """The short way, for the lines that letters are made of, comes to the same whatever stands in them."""
    line = indent + " ".join(words)

    library = fill(line, 76, subsequent_indent=" " * len(indent), break_long_words=False, break_on_hyphens=False)

    assert (line if len(line) <= 76 and (indent or "  " not in line) else library) == _broken(line, " " * len(indent))


@pytest.mark.parametrize("end", ["", "\n"])
def test_an_edited_text_is_used_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """Files are looked at now and then, the parts of a text among them."""
    (tmp_path / "own" / "reporter").mkdir(parents=True)
    (tmp_path / "own" / "reporter" / "closed.txt").write_text('Subjek\n\n{% include "part.txt" %}\n')
    told = []
    for version, words in enumerate(("Lama.", "Baru.", "Nanti.")):
        (tmp_path / "own" / "part.txt").write_text(words + end)
        os.utime(tmp_path / "own" / "part.txt", (version, version))
        monkeypatch.setattr(texts, "_LOOK_SECONDS", 0.0 if version == 1 else 3600.0)
        told.append(worded(tmp_path, tmp_path / "own", "reporter", "closed", _values()).body)

    assert ["Lama.\n", "Baru.\n", "Baru.\n"] == told


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('A\n{% include "a.txt" %}\nZ\n', {"a.txt": "1 {{ name }}\n"}),
        ('A\n{% include "a.txt" %}\nZ\n', {"a.txt": "{% if name %}\n1\n{% endif %}\n"}),
        ('A\n{% include "a.txt" %}\nZ\n', {"a.txt": "{% if name %}\n1\n{% endif %}"}),
        ('A\n{% include "a.txt" %}\n\nZ\n', {"a.txt": "\n1\n{% include 'b.txt' %}\n", "b.txt": "2\n\n"}),
        ('A\n{% include "a.txt" %}\n\nZ\n', {"a.txt": '\n1\n{% include "b.txt" %}\n', "b.txt": "2\n\n"}),
        ('A\n{% include "a.txt" %}\n{{ name }}\n', {"a.txt": "{% set name = 'B' %}\n{{ name }}\n"}),
        ('A\n{% raw %}\n{% include "a.txt" %}\n{% endraw %}\n', {"a.txt": "1\n"}),
        ('A\n{#\n{% include "a.txt" %}\n#}\nZ\n', {"a.txt": "1 #} 2\n"}),
        ('A\n{% for each in (1, 2) %}\n{% include "a.txt" %}\n{% endfor %}\nZ\n', {"a.txt": "- {{ each }}\n"}),
        ('A\n  {% include "a.txt" %}\nZ {% include "a.txt" %}\n', {"a.txt": "1\n"}),
        ('A\n{%- include "a.txt" -%}\nZ\n', {"a.txt": "1\n"}),
    ],
)
def test_a_text_says_the_same_with_its_parts_put_in(tmp_path: Path, text: str, parts: dict[str, str]) -> None:
    """Whatever stands in them, and however they are asked for."""
    (tmp_path / "own" / "reporter").mkdir(parents=True)
    (tmp_path / "own" / "reporter" / "closed.txt").write_text(text)
    for name, part in parts.items():
        (tmp_path / "own" / name).write_text(part)
    plain = texts._environment((tmp_path / "own",), ()).overlay(loader=jinja2.FileSystemLoader(tmp_path / "own"))
    subject, _, body = plain.get_template("reporter/closed.txt").render(_values()).strip().partition("\n")

    said = worded(tmp_path, tmp_path / "own", "reporter", "closed", _values())

    assert (subject, _tidy(body)) == (said.subject, said.body)


def test_a_text_without_its_part_is_refused_until_that_is_there(tmp_path: Path) -> None:
    """As each text in which something is missing."""
    (tmp_path / "own" / "reporter").mkdir(parents=True)
    (tmp_path / "own" / "reporter" / "closed.txt").write_text('A\n{% include "a.txt" %}\n')
    with pytest.raises(jinja2.TemplateNotFound):
        worded(tmp_path, tmp_path / "own", "reporter", "closed", _values())
    (tmp_path / "own" / "a.txt").write_text("1\n")
    assert "1\n" == worded(tmp_path, tmp_path / "own", "reporter", "closed", _values()).body


def _letters_of(story: Story, event: DossierEvent) -> dict[str, tuple[str | None, str | None]]:
    tenant = TENANTS.get("cilacap")
    recipients = ("agency:dpupr", "agency:dpupr:liaison", "actor:coordinator")
    values = {each: values_for_officer(tenant, story.events, event, each, PORTAL) for each in recipients}
    return {each: (said["activity"], said["due_at"]) for each, said in values.items()}


@pytest.mark.parametrize("actions", [("dispose", "recall"), ("dispose",), ("dispose", "forward")])
def test_only_who_must_act_reads_by_when(actions: tuple[str, ...]) -> None:
    """An agency that was relieved, or whose other desk has it now, is not pressed with somebody else's time."""
    story = Story("cilacap")
    story.file()
    own = {"dispose": {"to_agency": "dpupr"}, "recall": {"from_agency": "dpupr"}}
    for action in actions:
        story.act(action, **own.get(action, {}))
    assert story.dossier is not None
    holds = {
        (None, "coordinator"): "actor:coordinator",
        ("dpupr", "operator"): "agency:dpupr",
        ("dpupr", "liaison"): "agency:dpupr:liaison",
    }[(story.dossier.held_by_agency, str(story.dossier.actor))]

    told = _letters_of(story, story.events[-1])

    assert all(told[holds])
    assert [(None, None)] * 2 == [said for recipient, said in told.items() if recipient != holds]


@pytest.mark.parametrize("tenant", TENANTS.all(), ids=lambda tenant: tenant.id)
def test_what_a_template_may_say_is_what_it_is_given(tenant: Tenant) -> None:
    """The names by which `aduan sop check` judges templates are those of the letters."""
    events = _story(tenant.id)
    given = {
        "reporter": values_for_reporter(tenant, events, events[-1], KEY, PORTAL),
        "officer": values_for_officer(tenant, events, events[-1], f"agency:{tenant.agencies[0].id}", PORTAL),
    }

    assert VALUES == {audience: set(values) for audience, values in given.items()}
