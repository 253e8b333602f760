"""Means and shares, rounded as people round: halves up. Python's own ``round`` takes halves to the even neighbour."""


def rounded(total: int, count: int) -> int:
    """A mean in whole numbers.

    :param total: at least 0.
    :param count: at least 1.
    """
    return (2 * total + count) // (2 * count)


def rounded_to(places: int, total: int, count: int) -> float | None:
    """A mean or share with so many decimal places; none of nothing.

    :param total: at least 0.
    """
    unit = 10**places
    return rounded(unit * total, count) / unit if count else None
