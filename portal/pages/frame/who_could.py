"""Who could do what somebody was refused: roles by what the procedure calls them, and no person."""

from collections.abc import Iterable
from typing import Final

from portal.pages.frame.language import gettext as _
from shared.base.errors import AduanError, Forbidden
from shared.domain.sop.engine import candidates, holder_of
from shared.domain.sop.model import Sop
from shared.domain.tenants import Tenant

_OF_NOBODY: Final = frozenset({"unknown_actor", "code_is_the_reporters"})


def who_could(error: AduanError, home: Tenant | None) -> str | None:
    """A sentence about who could; none for what is no refusal, or where nobody could.

    Which office has a dossier is not told: whoever is refused may not know.

    :param home: the government of the page; none where there is none.
    """
    if not isinstance(error, Forbidden) or error.code in _OF_NOBODY:
        return None
    if error.code == "admin_needed":
        return _("Yang boleh: pengelola instalasi.")
    if home is None:
        return None
    if error.code == "wrong_tenant":
        return _("Yang boleh: petugas %(government)s.", government=home.name)
    if error.code == "admin_may_not_act":
        return _("Yang boleh: petugas yang memegang aduan itu.")
    roles = list(_holding(home.sop, error)) or _desks(home.sop)
    if not roles:
        return None
    if error.code == "wrong_agency":
        return _("Yang boleh: petugas dinas yang menanganinya, atau %(roles)s.", roles=", ".join(roles))
    return _("Yang boleh: %(roles)s.", roles=", ".join(roles))


def _holding(sop: Sop, error: AduanError) -> Iterable[str]:
    """Those who may do the very action in the very step that was asked for."""
    name, step = str(error.params.get("action") or ""), str(error.params.get("step") or "")
    actions = candidates(sop, step) if sop.has_step(step) else sop.after_end
    held = [holder_of(sop, step, each) if sop.has_step(step) else each.actor for each in actions if each.name == name]
    return dict.fromkeys(sop.actor(actor).title for actor in held if actor and sop.has_actor(actor))


def _desks(sop: Sop) -> list[str]:
    """The government's own desks, who read everything."""
    return [each.title for each in sop.actors if each.scope == "tenant"]
