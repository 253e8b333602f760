"""What WhatsApp's error codes mean for a letter: each of them, and those that nobody knows."""

import pytest

from shared.channels.carrier import Remedy
from shared.channels.kinds.whatsapp.errors import TROUBLES, refused

_CODES: dict[Remedy, tuple[int, ...]] = {
    "later": (1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 133016),
    "shut": (0, 3, 10, 190, 200, 299, 368, 131005, 131031, 131037, 131042, 131045, 131064, 133010),
    "other_words": (131047, 132015, 132016, 470),
    "never": (
        *(100, 131008, 131009, 131021, 131051, 131053),
        *(132000, 132001, 132005, 132007, 132008, 132012, 132018),
    ),
    "other_way": (131026, 131030, 131049, 131050, 130472, 131062, 137000),
}
_MENDED_BY_SOMEBODY = {*_CODES["shut"], *_CODES["never"], 131048, 132015, 132016}


@pytest.mark.parametrize(("remedy", "code"), [(each, code) for each, codes in _CODES.items() for code in codes])
@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_a_code_means_the_same_whatever_the_status(remedy: Remedy, code: int, status: int) -> None:
    """By the code, as a number or as text; and whoever looks after the channel hears of what they alone can mend."""
    told = [refused(each, status) for each in (code, str(code))]
    assert [(str(code), remedy)] * 2 == [(each.code, each.remedy) for each in told]
    assert (code in _MENDED_BY_SOMEBODY) == (str(code) in TROUBLES)


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(400, "never"), (404, "never"), (401, "shut"), (403, "shut"), (429, "later"), (500, "later"), (503, "later")],
)
@pytest.mark.parametrize("code", [None, "", "x", {}, -1, 999_999])
def test_a_code_that_nobody_knows_means_what_the_status_does(status: int, remedy: Remedy, code: object) -> None:
    """What the provider refuses for good goes by another way; what it may take yet is tried again."""
    assert remedy == refused(code, status).remedy


def test_some_codes_say_for_how_long() -> None:
    """Too often to one person: a while, and they alone; taken for a sender of spam: an hour."""
    often, spam = refused(131056, 400), refused(131048, 400)
    assert [(4.0, True), (3600.0, False)] == [(each.seconds, each.too_often) for each in (often, spam)]
