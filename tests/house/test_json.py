"""JSON from outside is read by one rule, which takes no field twice."""

import ast

from tests.house.conftest import Nodes

OWN = {
    "shared/base/strict_json.py": "the rule itself",
    "shared/application/pages.py": "a cursor: a list of texts",
    "shared/application/dossiers/mapper.py": "events as we have written them",
    "shared/store/eventstore/reading.py": "events as we have written them",
    "shared/domain/sealing.py": "what we have sealed",
    "shared/store/vault/keys.py": "what we have sealed",
    "shared/domain/classifying/model.py": "a file that a command of ours writes and that ships with us",
    "shared/messaging/calling/direct.py": "what one of our services says to another in the same process",
    "shared/channels/kinds/mail/mailbox.py": "how far a mailbox was read, as we have written it",
    "shared/channels/kinds/sms/inboxes.py": "how far inboxes were read, as we have written it",
    "shared/channels/contract/document.py": "a document that we write",
    "shared/channels/journal.py": "what we have parsed and written anew",
    "portal/pages/frame/cookies.py": "what we have sealed",
    "services/routing/auditing.py": "events as we have written them",
    "cli/importing_progress.py": "how far an import came, as we have written it",
    "cli/second.py": "what our processes say to one another",
    "cli/workers.py": "what our processes say to one another",
    "cli/working.py": "what our processes say to one another",
    "shared/application/identity/shown_doors.py": "a file that the process before this one wrote",
    "cli/demo/client.py": "what our own API answers",
    **{f"cli/providers/{each}.py": "a provider played for trying" for each in ("sms", "telegram", "whatsapp")},
}
"""Where JSON is read that nobody else has written."""


def _readers(nodes: Nodes) -> set[str]:
    found = set()
    for file, within in nodes.items():
        for node in within:
            if isinstance(node, ast.Attribute) and (
                (isinstance(node.value, ast.Name) and (node.value.id, node.attr) == ("json", "loads"))
                or node.attr in ("JSONDecoder", "get_json")
                or (node.attr == "json" and isinstance(node.value, ast.Name) and node.value.id in _ANSWERS)
            ):
                found.add(file)
    return found


_ANSWERS = ("response", "answer", "request")


def test_only_what_we_wrote_ourselves_is_read_otherwise(nodes: Nodes) -> None:
    """Whoever reads JSON of strangers uses the parser that refuses what is given twice."""
    assert set(OWN) == _readers(nodes)
