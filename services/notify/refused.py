"""Why a letter was not taken."""


class LetterRefused(Exception):
    """A letter was not taken.

    The text is a code: what a server answers may repeat the address.

    :param reason: the code, e.g. ``mailbox_refused``.
    :param permanent: whether it is of no use to try again.
    :param everywhere: whether the whole way out is shut, so that the next letter would fare no better.
    """

    def __init__(self, reason: str, *, permanent: bool = False, everywhere: bool = False) -> None:
        self.reason = reason
        self.permanent = permanent
        self.everywhere = everywhere
        super().__init__(reason)
