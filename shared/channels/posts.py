"""What a program has posted and nobody could say in time whether it was filed: it is filed, with its files, later."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from shared.application.files.limits import fault_of
from shared.channels.incoming import Sender
from shared.channels.installed import Channels
from shared.channels.kept_files import keep_file
from shared.channels.outgoing import to_do
from shared.domain.files.types import safe_name, type_of

POST: Final = "post"
"""The kind of thing that is to be done."""
_NAMESPACE: Final = UUID("4c1b7a52-3d0e-5b86-9a43-7e2f0c9d1b64")


def keep_post(
    channels: Channels,
    tenant: str,
    channel: str,
    mark: UUID,
    complaint: Mapping[str, Any],
    files: Sequence[tuple[str, bytes]],
    request: UUID | None,
) -> None:
    """Keep a post until it is filed; kept twice it is one.

    :param mark: by which it is known: also what its program asks for.
    :param complaint: with its ``channel`` and ``external_id``: what was filed after all is not filed again.
    :param files: name and content of each; what is of no kind that is taken is no part of it.
    :param request: the id of the request that brought it.
    """
    runtime = channels.runtime
    kept: list[str] = []
    with runtime.database.transaction() as cursor:
        key = channels.persons.person(cursor, tenant, Sender({channel: str(mark)}, ""), runtime.clock.now())
        for place, (name, content) in enumerate(files):
            kind = type_of(content)
            if kind is None or fault_of(runtime.settings, content) is not None:
                continue
            id_ = uuid5(_NAMESPACE, f"{tenant} {mark} {place}")
            keep_file(cursor, runtime.randomness, tenant, key, id_, safe_name(name, kind), content)
            kept.append(str(id_))
        what = {"complaint": dict(complaint), "files": kept}
        to_do(cursor, uuid5(_NAMESPACE, f"{tenant} {mark}"), tenant, key, POST, what, request)
