"""Who may know a reporter: the one rule for every list, page and letter."""

from shared.base.caller import Caller
from shared.domain.sop.model import Sop


def knows_reporter(privacy: str, caller: Caller, sop: Sop) -> bool:
    """Whether a caller who may read a dossier may also know who reported.

    An anonymous or secret reporter is known to the government's own desks only: never to an agency, and never to an
    administrator of the installation, who needs no names for their work.

    :param privacy: ``open``, ``anonymous`` or ``secret``; what is none of these is treated as secret.
    """
    if privacy == "open":
        return True
    return not caller.admin and sop.has_actor(caller.actor) and sop.actor(caller.actor).scope == "tenant"
