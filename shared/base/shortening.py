"""Texts that have to fit."""


def shortened(text: str, most: int) -> str:
    """A text of so many characters at most: an ellipsis, with no blank before it, says that more stood there.

    :param most: at least 1.
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
