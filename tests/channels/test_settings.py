"""What ``channels.yaml`` may say, and what is wrong with it; where secrets lie."""

import os
import re
import shutil
from pathlib import Path

import pytest

from shared.channels.checking import check_channels
from shared.channels.numbers import persons_number
from shared.channels.secrets import SecretMissing, Secrets
from shared.channels.settings import load_channels
from shared.channels.talk.answers import ASKED
from shared.channels.talk.words import phrases
from shared.domain.all_tenants import Tenants
from shared.domain.complaint.privacy import PRIVACIES
from shared.domain.sop.vocabulary import STATUSES
from shared.platform.settings import PROJECT
from shared.wording.yaml_lines import FileError

TENANTS = Tenants(PROJECT / "tenants")
SOP = TENANTS.get("trenggalek").sop


TELEGRAM = "channels: [{id: telegram, kind: telegram, extra: true, bot: aduan_bot}]"
MAIL = (
    "channels:\n  - {id: email, kind: mail, extra: true,\n"
    "    address: a@kab.example,\n    imap: {host: localhost, user: a"
)
OPEN311 = "channels: [{id: open311, kind: open311, extra: true, jurisdiction: a.go.id, contact: Diskominfo}]"


def faults(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    """The lines at fault, and what is said of each."""
    (tmp_path / "channels.yaml").write_text(text)
    try:
        load_channels(tmp_path, SOP)
    except FileError as error:
        return [(each.line, each.message) for each in (error, *error.others)]
    return []


@pytest.mark.parametrize("tenant", TENANTS.ids())
def test_every_government_offers_only_what_its_sop_names(tenant: str) -> None:
    """The files that are shipped are sound, and connect nothing beyond the SOP."""
    government = TENANTS.get(tenant)
    book = load_channels(government.directory, government.sop)
    assert {spec.id for spec in book.channels} <= {channel.id for channel in government.sop.channels}
    assert not [spec for spec in book.channels if spec.extra]


def test_a_government_without_the_file_has_mail_and_the_portal(tmp_path: Path) -> None:
    """No file is no mistake."""
    assert () == load_channels(tmp_path, SOP).channels


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("channels: [{id: telegram, kind: whatsapp}]", 1, "names no channel 'telegram'"),
        ("channels:\n  - {id: sms, kind: pigeon}", 2, "no kind of channel 'pigeon'"),
        ("channels:\n  - {id: sms, kind: sms}\n  - {id: sms, kind: sms}", 3, "twice"),
        ("channels:\n  - {id: sms, kind: sms, extra: true}", 2, "no extra one"),
        ("channels:\n  - {id: sms, kind: sms, nummber: 1}", 2, "nummber"),
        ("channels:\n  - {id: whatsapp, kind: whatsapp, phone_number_id: abc}", 2, "phone_number_id"),
        ("channels:\n  - {id: sms, kind: sms, send_by: x}", 2, "no gateway"),
        ("channels:\n  - id: sms\n    kind: sms\n    gateways: [{id: a, format: b}]", 4, "'b'"),
        (f"{MAIL}, done: inbox}}}}", 4, "another folder"),
        (f"{MAIL}, folder: Aduan, done: Selesai, failed: Aduan}}}}", 4, "another folder"),
        ("conversation: {settle: soon}", 1, "no span"),
        ("conversation: {quiet: [late]}", 1, "times of the day"),
        ("ways: {reporter: [pigeon]}", 1, "no way 'pigeon'"),
        (f"ways: {{officer: [telegram]}}\n{TELEGRAM}", 1, "no way 'telegram'"),
        (f"ways: {{officer: [email, open311]}}\n{OPEN311}", 1, "no way 'open311'"),
        ("ways: {officer: [origin]}", 1, "no way 'origin'"),
        ("channels: 3", 1, "channels"),
        ("chanels: []", 1, "chanels"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    """Each with what to do about it, at the start and not at the first message."""
    found = faults(tmp_path, text)
    assert [line] == [at for at, _ in found][:1]
    assert word in found[0][1]


@pytest.mark.parametrize(
    "written",
    [
        "081234567890",
        "0812-3456-7890",
        "6281234567890",
        "+6281234567890",
        "+62 0812 3456 7890",
        "62081234567890",
        "006281234567890",
        "\uff10\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10",
        "+62 (812) 3456.7890",
    ],
)
def test_18_a_number_is_one_however_it_is_written(written: str) -> None:
    """Fault 18: what people, gateways and providers write of one telephone is one number."""
    assert "+6281234567890" == persons_number(written)


@pytest.mark.parametrize("written", ["1708", "TELKOMSEL", "", "+", "112", "3636", "XL 123", "abc", "0" * 30])
def test_what_is_no_persons_number_is_none(written: str) -> None:
    """Short codes, names and nonsense are nobody."""
    assert persons_number(written) is None


def test_a_secret_is_read_anew_when_it_changes_and_never_shown(tmp_path: Path) -> None:
    """A token can be changed while everything runs; an empty file is a mistake; no text quotes a secret."""
    secrets, file = Secrets(tmp_path, "cilacap.whatsapp"), tmp_path / "cilacap.whatsapp.access_token"
    with pytest.raises(SecretMissing, match=r"cilacap\.whatsapp\.access_token"):
        secrets.get("access_token")
    file.write_text("hunter2\n")
    assert "hunter2" == secrets.get("access_token")
    assert "hunter2" not in repr(secrets)
    file.write_text("hunter3")
    os.utime(file, ns=(1, 1))
    assert "hunter3" == secrets.get("access_token")
    file.write_text("")
    os.utime(file, ns=(2, 2))
    with pytest.raises(SecretMissing, match="empty"):
        secrets.get("access_token")
    assert secrets.find("app_secret_previous") is None


def test_the_check_tells_what_is_wrong_with_channels_and_words(tmp_path: Path) -> None:
    """Beside what is wrong with the procedure: a file that cannot be used, a text that names what there is not."""
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    folder = tmp_path / "tenants" / "cilacap"
    assert [] == check_channels(folder)
    (folder / "channels.yaml").write_text("channels:\n  - {id: radio, kind: sms}\n")
    (folder / "messages").mkdir(exist_ok=True)
    (folder / "messages" / "talk.id.yaml").write_text(
        'menu: {text: "Halo {name.__class__}"}\nmenyu: {text: x}\nhelp: x\nchoices: {skip: Lewati pertanyaan ini}\n'
    )
    found = check_channels(folder)
    assert [("channels.yaml", 2)] == [(Path(each.file).name, each.line) for each in found if "radio" in each.message]
    texts = [(each.line, each.message.split()[0]) for each in found if each.file.endswith("talk.id.yaml")]
    assert [1, 2, 3, 4] == sorted(line for line, _ in texts)


def test_the_check_tells_of_a_text_that_is_more_than_one_sms(tmp_path: Path) -> None:
    """Of the government's own, by which it costs each time, in its line; where nothing goes by SMS nothing is said."""
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    told = {}
    for tenant in ("trenggalek", "bantul"):
        folder = tmp_path / "tenants" / tenant
        (folder / "messages").mkdir(exist_ok=True)
        (folder / "messages" / "talk.id.yaml").write_text(
            f'left: {{text: "Baik."}}\nkept:\n  text: "Baik, {{ticket}} tetap ditangani."\n  short: "{"Baik. " * 30}"\n'
        )
        told[tenant] = [(each.severity, each.code, each.line) for each in check_channels(folder)]
    assert {"trenggalek": [("warning", "long_sms", 2)], "bantul": []} == told


def test_a_text_that_is_said_no_more_stops_nothing(tmp_path: Path) -> None:
    """After an upgrade a government's own is passed over, and the check tells that it can go."""
    shutil.copytree(PROJECT / "tenants", tmp_path / "tenants")
    folder = tmp_path / "tenants" / "bantul"
    (folder / "messages").mkdir(exist_ok=True)
    (folder / "messages" / "talk.id.yaml").write_text('left: {text: "Baik."}\nwords_too: {text: "Tulis juga."}\n')
    assert "Baik." == phrases(tmp_path / "tenants", folder / "messages").texts["left"][0]
    assert [("info", "retired_text", 2)] == [(each.severity, each.code, each.line) for each in check_channels(folder)]


def test_every_text_that_a_conversation_says_is_there() -> None:
    """And every title of a choice: no person is ever answered by a missing key."""
    known = phrases(PROJECT / "tenants", PROJECT / "nowhere")
    source = "\n".join(path.read_text() for path in (PROJECT / "shared" / "channels" / "talk").glob("*.py"))
    said = set(re.findall(r'\.say\(\s*"(\w+)"', source))
    said |= set(re.findall(r'\.ask\(\s*"\w+",\s*"(\w+)"', source))
    said |= {f"ask_{field.rpartition('.')[2]}" for field in ASKED} | set(re.findall(r'Unfit\("(\w+)"\)', source))
    said |= {f"done_{action}" for action in ("supplement", "reply", "rate", "withdraw", "files")}
    said |= {"filed", "filed_incomplete", "cannot_add", "has_ended", "unreadable", "contact"}
    titles = set(re.findall(r'":(\w+)"', source)) | {f"privacy_{privacy}" for privacy in PRIVACIES}
    assert 40 < len(said)
    assert set() == said - set(known.texts)
    assert set() == titles - set(known.others["choices"])
    assert set(STATUSES) == set(known.others["statuses_of"])


def test_a_password_travels_in_clear_only_within_this_machine(tmp_path: Path) -> None:
    """A mailbox elsewhere without encryption is a mistake of the file."""
    book = (
        "channels:\n  - id: surel\n    kind: mail\n    extra: true\n    address: a@b.example\n"
        "    imap: {{host: {host}, user: a, tls: none}}\n"
    )
    assert [] == faults(tmp_path, book.format(host="127.0.0.1"))
    [(line, message)] = faults(tmp_path, book.format(host="imap.b.example"))
    assert (6, True) == (line, "travel in clear" in message)
