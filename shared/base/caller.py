"""Who asks: the identity that every command and query is checked against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SYSTEM = "system"
REPORTER = "reporter"


@dataclass(frozen=True)
class Caller:
    """An authenticated party.

    :param tenant: the government it belongs to; ``*`` only for an administrator of the installation.
    :param actor: a role of the tenant's SOP, ``reporter``, or ``system``.
    :param agency: the agency it acts for, for actors that belong to one.
    :param user: who it is, as recorded in events: an account name, never a person's contact.
    :param admin: may read every tenant and move a simulated clock; may not act on dossiers.
    """

    tenant: str
    actor: str
    agency: str | None = None
    user: str = ""
    admin: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As JSON, for an RPC call."""
        return {
            "tenant": self.tenant,
            "actor": self.actor,
            "agency": self.agency,
            "user": self.user,
            "admin": self.admin,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Caller":
        """The reverse of :meth:`to_dict`."""
        return cls(
            tenant=data["tenant"],
            actor=data["actor"],
            agency=data.get("agency"),
            user=data.get("user", ""),
            admin=bool(data.get("admin", False)),
        )

    @classmethod
    def system(cls, tenant: str, service: str) -> "Caller":
        """The services themselves, acting where an SOP gives a step to the system."""
        return cls(tenant=tenant, actor=SYSTEM, user=service)
