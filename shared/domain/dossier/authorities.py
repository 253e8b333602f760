"""To whom a complaint was handed that is another's: an authority of the lists, or one that somebody named."""

from shared.domain.dossier.contents import opened
from shared.domain.dossier.events import Transferred
from shared.domain.sealing import DataKey
from shared.domain.tenants import Tenant


def authority_of(event: Transferred, tenant: Tenant, key: DataKey | None) -> str | None:
    """Its name, for who may read the dossier; none where it was named in words that are erased.

    An entry of the lists by its name there, or by its id where the list has lost it. Earlier events hold words in
    clear, which are told only while the dossier's key is there, as if they were sealed.
    """
    if event.authority is not None:
        return tenant.authorities.get(event.authority, event.authority)
    if key is None:
        return None
    return opened(event, key).get("to") or event.to
