"""Every wait has an end: one that names none says here what ends it."""

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from tests.house.conftest import Nodes

PLAYED: Final = ("cli/demo/", "cli/providers/")
"""Not part of what runs for a government."""

BARE: Final = frozenset({"wait", "join", "acquire", "communicate"})
"""Methods that wait for ever when they are given nothing."""
RUNS: Final = frozenset({"run", "call", "check_call", "check_output"})
ASKS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "request"})

ENDED_BY: Final = {
    "cli/at.py": "the operator, whose command it runs",
    "cli/folder_copies.py": "a copy lasts as long as there is data; the operator may break it off",
    "cli/lifetime.py": "the signal that ends the process: nothing else is left to wait for",
    "cli/second.py": "an eventlet.Timeout around it, or the end of the process, which is watched over or was killed",
    "cli/serve.py": "the signal that ends the process",
    "cli/up.py": "the signal that ends the process",
    "cli/workers.py": "the process was killed just before, or has been told to finish by the end of its input",
    "cli/working.py": "the signal that ends the process",
    "portal/at_once.py": "it has ended already: this hands over what it found",
    "portal/server.py": "an eventlet.Timeout around it",
    "shared/base/joining.py": "whoever leads the group, which has a transaction's time; one that leaves hands over",
    "shared/messaging/calling/direct.py": "the caller's patience around it",
    "shared/messaging/calling/method.py": "the caller's patience around it",
    "shared/messaging/calling/queue_consumer.py": "the caller's patience around it",
    "shared/messaging/consuming/batch_consumer.py": "the batch in hand; the process that stops has a limit of its own",
    "shared/messaging/consuming/consumer.py": "the batch in hand, likewise",
    "shared/messaging/consuming/follower.py": "it has ended already: this raises what it died of",
    "shared/messaging/consuming/handing.py": "there is nothing to do until somebody owes something",
    "shared/messaging/consuming/session.py": "it has ended already, likewise",
    "shared/messaging/publishing/relay.py": "the batch in hand; the process that stops has a limit of its own",
    "shared/messaging/ticker.py": "the tick in hand, likewise",
    "shared/messaging/wire/own_thread.py": "the work in hand, likewise",
    "shared/messaging/wire/working.py": "the worker, whose statements and calls end by themselves",
    "shared/platform/database/embedded_cluster.py": "pg_ctl and initdb, which have limits of their own",
    "shared/platform/database/places.py": "whoever took this waiter from the queue, and is about to ring",
}
"""What ends a wait that names no limit, by file."""


def endless(within: Iterable[ast.AST]) -> Iterator[str]:
    """The calls that may wait for ever, for all that can be seen."""
    for node in within:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, of = node.func.attr, node.func.value
        given = {keyword.arg for keyword in node.keywords}
        module = of.id if isinstance(of, ast.Name) else ""
        if (
            (name in BARE and not node.args and not given)
            or (module == "subprocess" and name in RUNS and "timeout" not in given)
            or (module == "requests" and name in ASKS and "timeout" not in given)
            or (module == "socket" and name == "create_connection" and len(node.args) < 2 and "timeout" not in given)
            or (name == "urlopen" and "timeout" not in given)
        ):
            yield f"{module or '...'}.{name}"


def _found(nodes: Nodes) -> set[str]:
    return {file for file, within in nodes.items() if not file.startswith(PLAYED) and list(endless(within))}


def test_every_wait_has_an_end(nodes: Nodes) -> None:
    """A wait without a limit is one of those of which is known what ends them."""
    assert set(ENDED_BY) == _found(nodes)


def test_a_wait_without_an_end_is_found() -> None:
    """Whichever way it is written."""
    waits = """
event.wait()
thread.join()
lock.acquire()
process.communicate()
subprocess.run(["x"], check=True)
requests.get("http://x")
socket.create_connection(("x", 1))
"""
    bounded = """
event.wait(5)
event.wait(timeout=5)
",".join(names)
process.communicate(timeout=5)
subprocess.run(["x"], timeout=5)
requests.get("http://x", timeout=5)
socket.create_connection(("x", 1), 5)
"""

    assert 7 == len(list(endless(ast.walk(ast.parse(waits)))))
    assert [] == list(endless(ast.walk(ast.parse(bounded))))
