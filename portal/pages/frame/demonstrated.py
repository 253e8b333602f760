"""Whether this installation is a demo: one on a simulated clock, beside whose data accounts were laid open."""

from collections.abc import Sequence

from portal.parts import parts
from shared.application.identity.shown_doors import DemoAccount, laid_open


def laid_in_demo() -> tuple[str, Sequence[DemoAccount]] | None:
    """The password of a demo's accounts, and the accounts; none in an installation that is no demo."""
    return laid_open(parts().runtime.settings.data_dir) if parts().simulation is not None else None
