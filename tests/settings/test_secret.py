import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.commands import aduan
from shared.application.service_roles import OWN_SCHEMAS
from shared.base.randomness import SeededRandomness
from shared.platform.secret import check_secret, derive, embedded_secret, new_secret
from shared.platform.settings import Settings, SettingsError
from shared.store.vault.shut import NoMasterKey, ShutVault


def test_a_new_secret_is_32_bytes() -> None:
    """What `aduan secret` prints is accepted as a master key."""
    assert 32 == len(check_secret(new_secret()))
    assert new_secret() != new_secret()
    assert new_secret(SeededRandomness("a")) == new_secret(SeededRandomness("a"))


@given(st.text(max_size=40))
def test_anything_else_is_refused_without_being_quoted(text: str) -> None:
    """A mistyped key is refused, and does not reach the log by its refusal."""
    with pytest.raises(ValueError, match="must be 32 bytes") as caught:
        check_secret(text)
    assert len(text) < 5 or text not in str(caught.value)


def test_purposes_do_not_share_keys() -> None:
    """A key that leaks from one use opens nothing of another."""
    secret = new_secret()

    assert derive(secret, "a") == derive(secret, "a")
    assert derive(secret, "a") != derive(secret, "b")


def test_two_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    """The first start of an embedded installation may be two starts."""
    program = (
        "from pathlib import Path; from shared.platform.secret import *; "
        f"print(embedded_secret(Path({str(tmp_path)!r})))"
    )
    starts = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(4)]
    keys = {start.communicate()[0] for start in starts}

    assert {embedded_secret(tmp_path).encode() + b"\n"} == keys
    assert ["master.key"] == [file.name for file in tmp_path.iterdir()]


def test_a_damaged_file_stops_the_start(tmp_path: Path) -> None:
    """A broken key is never replaced silently: everything sealed with it would be lost."""
    (tmp_path / "master.key").write_text("broken")

    with pytest.raises(ValueError, match="32 bytes in base64, and holds something else"):
        embedded_secret(tmp_path)
    assert "broken" == (tmp_path / "master.key").read_text()


def test_the_key_of_calls_is_enough_for_calls_and_for_nothing_else(tmp_path: Path) -> None:
    """A process that is given it understands the others, and can neither sign a token nor name a master key."""
    outside = {"ADUAN_DATABASE_URL": "postgresql://a:b@c/d", "ADUAN_BROKER_URL": "amqp://a:b@c//"}
    whole = Settings.from_environment({**outside, "ADUAN_MASTER_KEY": new_secret()})
    file = tmp_path / "calls_key"
    for _ in range(2):  # made anew at each start
        environment = {"ADUAN_MASTER_KEY": whole.master_key}
        told = CliRunner().invoke(aduan, ["secret", "--calls", "--output", str(file)], env=environment)
        assert (0, "") == (told.exit_code, told.output)
    keyless = Settings.from_environment({**outside, "ADUAN_CALLS_KEY_FILE": str(file)})

    assert whole.calls_keys == keyless.calls_keys
    for each in (lambda: keyless.master_key, lambda: keyless.token_key):
        with pytest.raises(SettingsError, match="ADUAN_MASTER_KEY is not set"):
            each()
    with pytest.raises(SettingsError, match="beside ADUAN_MASTER_KEY"):
        Settings.from_environment({**outside, "ADUAN_MASTER_KEY": whole.master_key, "ADUAN_CALLS_KEY_FILE": str(file)})


def test_while_the_master_key_is_changed_the_keys_of_calls_are_several() -> None:
    """Who opens nothing is told one for each master key that is about, in their order."""
    outside = {"ADUAN_DATABASE_URL": "postgresql://a:b@c/d", "ADUAN_BROKER_URL": "amqp://a:b@c//"}
    environment = {"ADUAN_MASTER_KEY": new_secret(), "ADUAN_FORMER_MASTER_KEYS": new_secret()}
    whole = Settings.from_environment({**outside, **environment})
    told = CliRunner().invoke(aduan, ["secret", "--calls"], env=environment).output
    keyless = Settings.from_environment({**outside, "ADUAN_CALLS_KEY": told})

    assert 2 == len(set(whole.calls_keys))
    assert whole.calls_keys == keyless.calls_keys


@pytest.mark.parametrize(("asked", "mode"), [([], 0o400), (["--calls"], 0o444)])
def test_a_master_key_that_goes_to_a_file_is_for_its_owner_alone(tmp_path: Path, asked: list[str], mode: int) -> None:
    """The key of calls is for another user, in a folder that only its process sees."""
    file, environment = tmp_path / "key", {"ADUAN_MASTER_KEY": new_secret()}
    former = os.umask(0)
    try:
        told = CliRunner().invoke(aduan, ["secret", *asked, "--output", str(file)], env=environment)
    finally:
        os.umask(former)

    assert (0, mode) == (told.exit_code, file.stat().st_mode & 0o777)


def test_no_second_master_key_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """With the first everything was sealed; nothing else is left lying there either."""
    file = tmp_path / "master_key"
    first, second = (CliRunner().invoke(aduan, ["secret", "--output", str(file)]) for _ in range(2))
    assert (0, 1, True) == (first.exit_code, second.exit_code, "is there already" in second.output)
    assert 32 == len(check_secret(file.read_text().strip()))
    assert ["master_key"] == [each.name for each in tmp_path.iterdir()]


@pytest.mark.parametrize("service", [name for name in OWN_SCHEMAS if name != "sla"])
def test_who_opens_what_is_sealed_does_not_start_without_the_master_key(service: str) -> None:
    """It would meet the first sealed name hours later; only who opens none does."""
    environment = {
        "ADUAN_DATABASE_URL": "postgresql://a:b@c/d",
        "ADUAN_BROKER_URL": "amqp://a:b@c//",
        "ADUAN_CALLS_KEY": new_secret(),
    }
    told = CliRunner().invoke(aduan, ["serve", service], env=environment)

    assert 2 == told.exit_code
    assert f"{service} opens what is sealed: set ADUAN_MASTER_KEY" in told.output


def test_a_shut_vault_refuses_whatever_would_open_or_wrap() -> None:
    """With a code that says where to go, and before anything is asked of the database."""
    vault, dossier = ShutVault(), uuid4()
    asked: list[Callable[[], object]] = [
        lambda: vault.new_key(dossier),
        lambda: vault.keys(None, [dossier]),
        lambda: vault.destroy(dossier),
        lambda: vault.opens(dossier, b"", "x"),
        lambda: vault.storing([]),
        vault.rewrap,
    ]
    vault.admit()
    for each in asked:
        with pytest.raises(NoMasterKey) as refused:
            each()
        assert "no_master_key" == refused.value.code
