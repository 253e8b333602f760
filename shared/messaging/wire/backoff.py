"""How long to wait before something is tried again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Retries:
    """How often and when a failing message is tried again.

    :param times: tries after the first.
    :param first_seconds: wait before the first of them; each further wait is twice as long.
    :param most_seconds: the longest wait.
    """

    times: int = 5
    first_seconds: float = 0.1
    most_seconds: float = 15.0

    def wait_seconds(self, tried: int) -> float:
        """The wait before the next try.

        :param tried: tries so far that were followed by a wait.
        """
        return min(self.most_seconds, self.first_seconds * 2.0 ** min(tried, 30))
