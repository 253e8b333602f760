"""Why a recording is not kept."""


class NoRecording(Exception):
    """A content that is not what its first bytes say, or that ends in the middle."""


class TellsMore(Exception):
    """A recording that tells more than is seen and heard, a place perhaps, in a way that cannot be taken out of it."""
