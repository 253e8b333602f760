"""Numbers that strangers write are read by one rule: see :mod:`shared.base.whole_numbers`."""

import ast

from tests.house.conftest import Nodes

ASKING = ("isdecimal", "isdigit", "isnumeric")
OWN = {
    "shared/base/whole_numbers.py": "the rule itself",
    "shared/platform/web/protocol.py": "whether a length is said in one way; it is read by the server",
    "shared/channels/http.py": "whether a wait is longer than any number that is taken",
    "shared/channels/kinds/whatsapp/incoming.py": "whether an id is a telephone's",
    "shared/channels/kinds/whatsapp/outgoing.py": "likewise",
    "shared/channels/talk/answers.py": "how many digits stand in a name",
    "shared/channels/talk/hearing.py": "whether digits stand behind a keyword",
    "shared/application/citizens/codes.py": "a code is compared as a text",
    "shared/domain/classifying/reading.py": "whether a word is a number",
    "portal/pages/officer/office_desk.py": "whether a contact has digits, and seems to be a telephone",
    "cli/providers/whatsapp.py": "whether an id is a telephone's",
}
"""Where it is asked whether something is a digit, and no number is made of it."""


def test_nobody_makes_a_number_of_whatever_seems_to_be_digits(nodes: Nodes) -> None:
    """`isdigit` takes signs that `int` does not, and `int` gives up on what is long: both would be errors of ours."""
    found = {
        file
        for file, within in nodes.items()
        for node in within
        if isinstance(node, ast.Attribute) and node.attr in ASKING
    }
    assert set(OWN) == found
