"""The providers of an installation, looked at when it starts. Authlib is asked for only where one is named."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from flask import Flask, current_app

from shared.application.runtime import Runtime
from shared.channels.installed import channels_of
from shared.channels.secrets import SecretMissing, Secrets
from shared.domain.all_tenants import Tenants
from shared.platform.settings import Settings, SettingsError

if TYPE_CHECKING:
    from portal.oidc.provider import Provider

EXTENSION: Final = "aduan.oidc"
_NEEDED: Final = ("authlib", "joserfc")


def install(app: Flask, runtime: Runtime) -> None:
    """Let officers log in by the providers that the settings name.

    :raises SettingsError: if what they need is not installed, a government is unknown, or a secret is not there.
    """
    folder = channels_of(runtime).secrets_folder
    check(runtime.settings, folder)
    app.extensions[EXTENSION] = _built(runtime.settings, folder) if runtime.settings.oidc else {}


def provider_of(tenant: str) -> "Provider | None":
    """By which a government's officers may log in; none where only passwords are."""
    found = cast("dict[str, Provider]", current_app.extensions[EXTENSION])
    return found.get(tenant)


def check(settings: Settings, folder: Path | None) -> None:
    """Look whether everybody can log in who is to.

    :param folder: of all secrets.
    :raises SettingsError: naming everything that is wanting.
    """
    if not settings.oidc:
        return
    if not all(importlib.util.find_spec(each) for each in _NEEDED):
        raise SettingsError(
            ["ADUAN_OIDC is set, and Authlib is not installed: `pip install aduan[oidc]`, or leave the setting out"]
        )
    known = set(Tenants(settings.tenants_dir).ids())
    faults = []
    for tenant in (tenant for each in settings.oidc for tenant in each.tenants):
        if tenant not in known:
            faults.append(f"ADUAN_OIDC names {tenant}, which is none of the governments in {settings.tenants_dir}")
            continue
        try:
            _secrets(folder, tenant).get("secret")
        except SecretMissing as error:
            faults.append(f"ADUAN_OIDC names {tenant}, and its client's secret is needed: {error}")
    if faults:
        raise SettingsError(faults)


def _built(settings: Settings, folder: Path | None) -> "dict[str, Provider]":
    from portal.oidc.described import Described  # noqa: PLC0415 - an extra that few need
    from portal.oidc.provider import Provider  # noqa: PLC0415

    found = {}
    for each in settings.oidc:
        described = Described(each.issuer)
        for tenant in each.tenants:
            found[tenant] = Provider(described, each.client, _secrets(folder, tenant))
    return found


def _secrets(folder: Path | None, tenant: str) -> Secrets:
    return Secrets(folder, f"{tenant}.oidc")
