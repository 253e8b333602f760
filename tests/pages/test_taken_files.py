"""What a form says of the files that it takes."""

import pytest
from flask import Flask

from portal.pages.frame.taken_files import taken_files

_LIMITS = {"picture": 1536 * 1024, "document": 1536 * 1024}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("id", "foto (JPEG, PNG, WebP), PDF, Word (.docx) atau Excel (.xlsx) sampai 1,5 MB"),
        ("en", "photos (JPEG, PNG, WebP), PDF, Word (.docx) or Excel (.xlsx) up to 1.5 MB"),
    ],
)
def test_an_installation_that_takes_no_recordings_offers_none(language: str, told: str) -> None:
    """Nor does it speak of any; and a film is offered where film is taken, and sound is not."""
    with Flask("portal").test_request_context(f"/?bahasa={language}"):
        none, film = taken_files(_LIMITS), taken_files({**_LIMITS, "video": 1024 * 1024})

    assert (told, False) == (none.words, none.recordings)
    assert "image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx" == none.accept
    assert film.recordings
    assert ("video/mp4" in film.accept, "audio" in film.accept) == (True, False)
