"""The governments' files, the secrets of channels' providers, and the room on disks."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from cli.doctoring.line import Diagnosis, failed, graded, warned, well
from shared.application.runtime import Runtime
from shared.channels.asking import faults_of
from shared.channels.checking import check_channels
from shared.channels.installed import Channels
from shared.channels.secrets import SecretMissing, Secrets
from shared.domain.all_tenants import Tenants
from shared.domain.sop.checking.check import check_tenant
from shared.domain.sop.checking.finding import ERROR, WARNING
from shared.platform.settings import Settings
from shared.wording.yaml_lines import FileError

_FAIL_SHARE: Final = 0.3
"""Of the room at which is warned: below that, PostgreSQL may stop any hour."""
_GIB: Final = 1024**3


def tenant_lines(settings: Settings) -> Iterator[Diagnosis]:
    """What ``aduan sop check`` finds, a line for each government."""
    tenants = Tenants(settings.tenants_dir)
    ids = tenants.ids()
    if not ids:
        yield failed("tenants", f"{settings.tenants_dir} holds no government", "compare ADUAN_TENANTS_DIR")
    for each in ids:
        folder = Path(tenants.directory) / each
        findings = [*check_tenant(folder), *check_channels(folder)]
        errors = [found for found in findings if found.severity == ERROR]
        check = f"tenants.{each}"
        if errors:
            yield failed(check, f"{len(errors)} errors; the first: {errors[0]}", f"aduan sop check {each} shows all")
        else:
            warnings = sum(found.severity == WARNING for found in findings)
            yield well(check, f"no error; {warnings} warnings (aduan sop check {each})")


def secret_lines(runtime: Runtime, *, providers: bool) -> Iterator[Diagnosis]:
    """Whether the channels that governments have connected find their secrets.

    :param providers: also ask each provider whether all is well; sends nothing to anybody else.
    """
    channels = Channels(runtime)
    folder = channels.secrets_folder
    known: list[str] = []
    for tenant in runtime.tenants.ids():
        try:
            specs = channels.book(tenant).channels
        except FileError:
            continue  # told with the governments' files
        for spec in specs:
            check = f"channels.{tenant}.{spec.id}"
            prefix = f"{tenant}.{spec.id}"
            known.append(prefix)
            channel = channels.find(tenant, spec.id)
            if channel is None or (not channel.carriers and channel.polled is None and channel.keys is None):
                yield well(check, "declared, and not connected")
                continue
            names = _names(folder, prefix)
            faults = faults_of(channel) if providers else _unreadable(folder, prefix, names)
            if faults:
                yield failed(check, "; ".join(faults), "put the secret there as docs/channels.md says")
            elif not names and not providers:
                yield failed(
                    check,
                    f"{folder or 'ADUAN_SECRETS_DIR, which is not set,'} holds no secret of it",
                    f"put the provider's secrets there, a file each: {prefix}.<name>; see docs/channels.md",
                )
            else:
                yield well(check, "well" if providers else f"{len(names)} secrets; --providers asks the provider too")
    yield from _strays(folder, known)


def room_lines(settings: Settings, least_free: float) -> Iterator[Diagnosis]:
    """The room on the disks that this machine can see.

    :param least_free: the share, from 0 to 1, below which is warned.
    """
    places = {"data": settings.data_dir} if settings.embedded or not settings.smtp_url else {}
    files = urlsplit(settings.files_url)
    if files.scheme == "file":
        places["files"] = Path(unquote(files.path))
    for name, place in places.items():
        there = next((each for each in (place, *place.parents) if each.exists()), None)
        usage = shutil.disk_usage(there) if there else None
        if usage is None or not usage.total:
            continue  # nowhere, or no disk at all: told where the database is looked for
        free = usage.free / usage.total
        yield graded(
            f"disk.{name}",
            -free,
            f"{usage.free / _GIB:.1f} GiB of {usage.total / _GIB:.1f} are free at {place}",
            "make room or a larger disk: a full one stops everything, and loses nothing that was confirmed",
            warn=-least_free,
            fail=-least_free * _FAIL_SHARE,
        )
    if not settings.embedded:
        yield well("disk.database", "PostgreSQL's own disk is not seen from here: watch it where it lies")


def _names(folder: Path | None, prefix: str) -> list[str]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(each.name[len(prefix) + 1 :] for each in folder.iterdir() if each.name.startswith(f"{prefix}."))


def _unreadable(folder: Path | None, prefix: str, names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        try:
            Secrets(folder, prefix).get(name)
        except SecretMissing as missing:
            found.append(str(missing))
    return found


def _strays(folder: Path | None, known: list[str]) -> Iterator[Diagnosis]:
    """Files of secrets that nobody asks for, and those that others may read."""
    if folder is None or not folder.is_dir():
        return
    files = sorted(each for each in folder.iterdir() if each.is_file())
    strays = [each.name for each in files if not any(each.name.startswith(f"{prefix}.") for prefix in known)]
    if strays:
        yield warned(
            "secrets.unused",
            f"{', '.join(strays)}: no connected channel asks for them",
            "files are named <tenant>.<channel>.<name>; rename or remove them",
        )
    loose = [each.name for each in files if stat.S_IMODE(each.stat().st_mode) & stat.S_IROTH]
    if loose:
        yield warned("secrets.rights", f"{', '.join(loose)} can be read by everybody", f"chmod 600 {folder}/*")
