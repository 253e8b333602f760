"""What a browser keeps of a receipt is no more than a browser keeps."""

import pytest
from flask import Flask, Response

from portal.pages.citizen.keeping import keep_receipt

_MOST_BYTES = 4096
"""Of one cookie with its name and attributes: the least that every browser takes (RFC 6265, section 6.1)."""


@pytest.mark.parametrize("sign", ["\N{GRINNING FACE}", "\x00", '"', "\ud800", "a"])
def test_the_longest_and_oddest_names_of_photos_have_room(app: Flask, sign: str) -> None:
    """However many could not be added: a browser throws a larger cookie away, and with it the code."""
    receipt = {"ticket": "TRG-2026-000001", "tracking_code": "ABCDE23456"}
    response = Response()
    with app.test_request_context("/"):
        keep_receipt(response, "trenggalek", receipt, [sign * 255] * 10, "k" * 2000)

    assert len(response.headers["Set-Cookie"].encode()) <= _MOST_BYTES
