"""Whether this installation is a demo: one on a simulated clock, beside whose data accounts were laid open."""

from collections.abc import Sequence

from portal.parts import parts
from shared.application.identity.shown_doors import DemoAccount, is_played, laid_open


def laid_in_demo() -> tuple[str, Sequence[DemoAccount]] | None:
    """The password of a demo's accounts, and the accounts; none in an installation that is no demo."""
    return laid_open(parts().runtime.settings.data_dir) if parts().simulation is not None else None


def demo_is_played() -> bool:
    """Whether a demo's month is being played, at the end of which its accounts are laid open."""
    return parts().simulation is not None and is_played(parts().runtime.settings.data_dir)
