"""Whose officers log in by which provider: how it is written, and what stops the start."""

import sys
from pathlib import Path

import pytest

from portal.oidc.installed import check
from shared.platform.login_providers import LoginProvider
from shared.platform.settings import Settings, SettingsError

_LINE = "cilacap bantul = https://sso.example.go.id/realms/pegawai aduan"


def _settings(given: str) -> Settings:
    return Settings.from_environment({"ADUAN_OIDC": given})


def test_a_line_names_governments_and_their_provider() -> None:
    """Empty lines and remarks are skipped; an issuer stays exactly as it is written."""
    found = _settings(f"# pegawai\n\n{_LINE}\ncirebon = http://localhost:9/ klien").oidc

    assert (
        LoginProvider(("cilacap", "bantul"), "https://sso.example.go.id/realms/pegawai", "aduan"),
        LoginProvider(("cirebon",), "http://localhost:9/", "klien"),
    ) == found


@pytest.mark.parametrize(
    "given",
    [
        "cilacap",
        "= https://sso.example aduan",
        "cilacap = https://sso.example",
        "cilacap = https://sso.example aduan rahasia",
        "cilacap = http://sso.example aduan",
        "cilacap = sso.example aduan",
        "cilacap = https://sso.example?a=b aduan",
        "cilacap = https://sso.example#a aduan",
        "Kab. Cilacap = https://sso.example aduan",
        f"{_LINE}\nbantul = https://sso.example aduan",
    ],
)
def test_a_line_that_is_none_stops_the_start(given: str) -> None:
    """Told with the variable's name; no answer of a provider goes over the network in clear."""
    with pytest.raises(SettingsError, match="ADUAN_OIDC"):
        _settings(given)


def test_what_is_wanting_is_told_at_the_start(tmp_path: Path) -> None:
    """A secret that is not there, one that everybody may write, and a government that nobody knows."""
    with pytest.raises(SettingsError, match=r"cilacap\.oidc\.secret"):
        check(_settings(_LINE), tmp_path)
    with pytest.raises(SettingsError, match="ADUAN_SECRETS_DIR"):
        check(_settings(_LINE), None)
    for tenant in ("cilacap", "bantul"):
        (tmp_path / f"{tenant}.oidc.secret").write_text("rahasia")
    check(_settings(_LINE), tmp_path)
    (tmp_path / "bantul.oidc.secret").chmod(0o666)
    with pytest.raises(SettingsError, match="chmod 600"):
        check(_settings(_LINE), tmp_path)
    with pytest.raises(SettingsError, match="names antah, which is none"):
        check(_settings("antah = https://sso.example aduan"), tmp_path)


def test_without_the_extra_the_start_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where a provider is named."""
    monkeypatch.setitem(sys.modules, "authlib", None)
    check(_settings(""), tmp_path)
    with pytest.raises(SettingsError, match=r"pip install aduan\[oidc\]"):
        check(_settings(_LINE), tmp_path)
