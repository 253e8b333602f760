"""``aduan channel``, against a provider that speaks the real protocol."""

import pytest
from click.testing import CliRunner

from cli.channel import command
from cli.providers.whatsapp import WhatsAppProvider, text_of
from shared.base.clock import SystemClock
from tests.channels.line import Line


@pytest.fixture
def environment(cilacap: Line, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The installation's own, as its administrator's shell has it."""
    cilacap.become_shell(monkeypatch)
    return cilacap


def test_check_and_say(environment: Line, whatsapp: WhatsAppProvider) -> None:
    """A channel that is well is told so, with where its provider delivers; a letter arrives at once."""
    checked = CliRunner().invoke(command, ["check", "--tenant", "cilacap"])
    assert (0, True) == (checked.exit_code, "whatsapp (whatsapp): well" in checked.output)
    assert whatsapp.hook in checked.output
    said = CliRunner().invoke(
        command, ["say", "--tenant", "cilacap", "--channel", "whatsapp", "--to", "0812 3456 7890"]
    )
    assert (0, "taken as wamid.out1\n") == (said.exit_code, said.output)
    [letter] = whatsapp.letters_to("6281234567890")
    assert "percobaan" in text_of(letter)
    assert environment.address in whatsapp.hook


def test_another_number_than_people_are_told_is_noticed(environment: Line) -> None:
    """Who writes to the number on the poster would reach nobody."""
    book = environment.runtime.settings.tenants_dir / "cilacap" / "channels.yaml"
    written = book.read_text()
    outcomes = []
    for number in ("0852 9008 2800", "085290082801"):
        book.write_text(written.replace("kind: whatsapp", f'kind: whatsapp\n    display_number: "{number}"'))
        checked = CliRunner().invoke(command, ["check", "--tenant", "cilacap"])
        outcomes.append((checked.exit_code, "not of the display_number" in checked.output))
    assert [(0, False), (1, True)] == outcomes


def test_a_token_that_runs_out_is_told_before(environment: Line, whatsapp: WhatsAppProvider) -> None:
    """Two weeks before: afterwards nothing goes out. One that never ends is well, and so is what nobody tells."""
    now, outcomes = int(SystemClock().now().timestamp()), []
    for ends in (None, 0, now + 15 * 86_400, now + 13 * 86_400):
        whatsapp.token_ends = ends
        checked = CliRunner().invoke(command, ["check", "--tenant", "cilacap"])
        outcomes.append((checked.exit_code, "the access_token runs out on" in checked.output))
    assert [(0, False)] * 3 + [(1, True)] == outcomes
    assert environment.address in whatsapp.hook


def test_what_the_provider_has_not_approved_is_told(environment: Line, whatsapp: WhatsAppProvider) -> None:
    """Each template is compared with what the provider knows of it; and whether it would deliver at all."""
    book = environment.runtime.settings.tenants_dir / "cilacap" / "channels.yaml"
    book.write_text(
        book.read_text().replace("kind: whatsapp", 'kind: whatsapp\n    business_account: "102290129340398"')
    )
    body = {"type": "BODY", "text": "Aduan {{1}} telah dijawab. Ringkasan: {{2}}. Tekan tombol."}
    answered = {"name": "aduan_dijawab", "language": "id", "status": "APPROVED", "components": [body]}
    notice = {"name": "aduan_kabar", "language": "id", "status": "APPROVED", "components": [{**body, "text": "{{1}}!"}]}
    outcomes = []
    for templates, subscribed in (
        ([answered, notice], True),
        ([answered, {**notice, "status": "PAUSED"}], True),
        ([answered, {**notice, "language": "en"}], True),
        ([{**answered, "components": [{**body, "text": "Aduan {{1}}"}]}, notice], True),
        ([answered, notice], False),
    ):
        whatsapp.templates, whatsapp.subscribed = templates, subscribed
        checked = CliRunner().invoke(command, ["check", "--tenant", "cilacap"])
        outcomes.append((checked.exit_code, checked.output))
    assert [0, 1, 1, 1, 1] == [code for code, _ in outcomes]
    for (_, output), said in zip(
        outcomes, ("well", "PAUSED", "not known", "has 1 places", "no app is subscribed"), strict=True
    ):
        assert said in output


def test_a_wrong_token_and_a_missing_secret_are_told(environment: Line) -> None:
    """What is wrong is said in a sentence, and never what the secret was."""
    folder = environment.house.channels.secrets_folder
    assert folder is not None
    (folder / "cilacap.whatsapp.access_token").write_text("another")
    checked = CliRunner().invoke(command, ["check", "--tenant", "cilacap"])
    assert 1 == checked.exit_code
    assert "HTTP 401" in checked.output
    assert "another" not in checked.output
    (folder / "cilacap.whatsapp.access_token").unlink()
    said = CliRunner().invoke(command, ["say", "--tenant", "cilacap", "--channel", "whatsapp", "--to", "0812"])
    assert 1 == said.exit_code
    assert "cilacap.whatsapp.access_token" in said.output
