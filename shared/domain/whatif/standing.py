"""The check of a government's procedures as they stand: its files, and what was approved elsewhere beside them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from shared.domain.complaint.spelling import alike
from shared.domain.sop.checking.check import check_tenant
from shared.domain.sop.checking.finding import ERROR, WARNING, Finding
from shared.domain.sop.checking.letters import FILES_ONLY
from shared.domain.sop.model import Sop
from shared.domain.sop.reading.versions import CURRENT, approved_name, older_file
from shared.domain.tenants import Tenant, load_tenant
from shared.domain.whatif.drafts import laid_in, readable
from shared.wording.yaml_lines import FileError, load_yaml, parse_yaml

DRAFT: Final = "draft"
_OFFICERS: Final = ("tenant", "agency")
Further = Callable[[Path], Iterable[Finding]]


def nothing_more(folder: Path) -> Iterable[Finding]:
    """Nothing else is looked at."""
    del folder
    return ()


def check_standing(
    tenant: Tenant, edited: Mapping[str, str] = FILES_ONLY, also: Further = nothing_more
) -> tuple[Finding, ...]:
    """All findings on a government's files and on what was approved beside them.

    :param edited: letters' texts that count instead of files, by the template's name.
    :param also: what else is to be looked at in its folder, such as its channels.
    :raises FileError: if the limits cannot be read.
    """
    if tenant.approved:
        try:
            with laid_in(tenant, None, None) as folder:
                found = [*check_tenant(folder, edited), *also(folder)]
            return (*twice(tenant), *_placed(tenant, folder, found))
        except FileError:
            pass  # a file has become wrong since the start: which one, its check tells
    return (*check_tenant(tenant.directory, edited), *also(tenant.directory))


def check_draft(
    tenant: Tenant,
    text: str,
    others: Iterable[Tenant],
    edited: Mapping[str, str] = FILES_ONLY,
    also: Further = nothing_more,
) -> tuple[Finding, ...]:
    """All findings on a government's folder with a draft of a new version in it.

    :param others: the other governments, whose tickets must not be taken for this one's.
    :raises FileError: if the draft is no procedure that could follow.
    """
    sop = readable(tenant, text)
    with laid_in(tenant, text, None) as folder:
        found = [*check_tenant(folder, edited), *also(folder)]
    beside = (*_same_prefix(tenant, sop.ticket_prefix, others), *_gone(tenant, sop))
    return (*beside, *_placed(tenant, folder, found, DRAFT))


def twice(tenant: Tenant) -> Iterator[Finding]:
    """Versions that a file and an approval both describe, not alike: what was approved counts, if it can be read."""
    for each in tenant.approved:
        names = (older_file(each.version), CURRENT if each.version == tenant.version_in_file else "")
        for file in (tenant.directory / name for name in names if name):
            if each.version in tenant.unread:
                if file.is_file():
                    message = f"version {each.version} was approved in the browser and cannot be read any more"
                    remedy = "leave this file there, which counts instead"
                    yield Finding(WARNING, "version_twice", message, remedy, ("version",), str(file), 1)
            elif file.is_file() and load_yaml(file).data != parse_yaml(each.text, file).data:
                free = max(tenant.sops) + 1
                message = f"version {each.version} was approved in the browser, and counts instead of this file"
                remedy = f"give the file version {free}, or remove it"
                yield Finding(ERROR, "version_twice", message, remedy, ("version",), str(file), 1)


def taken(tenant: Tenant) -> int:
    """The highest version that is taken: by an approval, by the files as read, or by those that lie there now.

    :raises FileError: if a file has become wrong meanwhile.
    """
    return max((*tenant.sops, *load_tenant(tenant.directory).sops))


def _same_prefix(tenant: Tenant, prefix: str, others: Iterable[Tenant]) -> Iterator[Finding]:
    for other in others:
        for theirs in other.ticket_prefixes if other.id != tenant.id else ():
            if alike(prefix, theirs):
                message = f"tickets begin with {prefix} here, and with {theirs} in {other.id}: they are taken for one"
                remedy = "give each government a ticket_prefix of its own"
                yield Finding(ERROR, "same_prefix", message, remedy, ("ticket_prefix",), DRAFT, 1)


def _gone(tenant: Tenant, sop: Sop) -> Iterator[Finding]:
    """Whoever holds a role that is gone reads no list any more, while what runs still comes before it."""
    for actor in tenant.sop.actors:
        if actor.scope in _OFFICERS and not sop.has_actor(actor.id):
            message = f"the role {actor.id!r} is gone: its officers find no inbox, and dossiers that run wait for them"
            remedy = "leave it under `actors` until no dossier runs under the versions that know it"
            yield Finding(WARNING, "role_gone", message, remedy, ("actors",), DRAFT, 1)


def _placed(tenant: Tenant, folder: Path, found: Iterable[Finding], current: str | None = None) -> Iterator[Finding]:
    """Findings with the names that people know, instead of those of the copy.

    :param current: what the copy's ``sop.yaml`` is, if it is none of the government's.
    """
    names = {tenant.version_in_file: str(tenant.directory / CURRENT)}
    names |= {
        each.version: approved_name(tenant.id, each.version)
        for each in tenant.approved
        if each.version not in tenant.unread
    }
    shown = {str(folder / older_file(version)): name for version, name in names.items()}
    shown[str(folder / CURRENT)] = current or names[max(names)]
    for each in found:
        file = shown.get(each.file, each.file.replace(f"{folder}/", f"{tenant.directory}/"))
        message, remedy = (text.replace(f"{folder}/", "") for text in (each.message, each.remedy))
        yield replace(each, file=file, message=message, remedy=remedy)
