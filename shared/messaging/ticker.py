"""``@ticking``: a method that is called again and again, and again at once if it took longer than the interval.

Fires in every replica: what it does must be claimed in the database.
"""

from nameko.timer import Timer

from shared.messaging.configuration import RUNTIME


class Ticker(Timer):
    """nameko's timer, with its interval from the settings."""

    def __init__(self, interval: float = 1.0, eager: bool = True, **kwargs: object) -> None:
        super().__init__(interval, eager, **kwargs)

    def setup(self) -> None:
        """Take the interval from the settings."""
        self.interval = self.container.config[RUNTIME].settings.tick_ms / 1000
        super().setup()


ticking = Ticker.decorator
