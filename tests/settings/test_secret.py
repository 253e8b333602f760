import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.randomness import SeededRandomness
from shared.platform.secret import check_secret, derive, embedded_secret, new_secret


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
