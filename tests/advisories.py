"""Known weaknesses of the pinned packages, asked of a folder instead of the network.

``python tests/advisories.py FOLDER pip-audit ARGUMENTS...`` runs the program against the advisories in FOLDER: files of
the OSV schema, as its collection for PyPI can be fetched in one archive on another machine. It answers, on the loopback
interface and while the program runs, the one question that the program asks.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ECOSYSTEM = "PyPI"
_MOST_BYTES = 65_536


def read_advisories(folder: Path) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """All advisories of a folder, by the package's name in small letters.

    :raises ValueError: if there is none: nothing known would look like nothing wrong.
    """
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for file in sorted(folder.rglob("*.json")):
        advisory = json.loads(file.read_text(encoding="utf-8"))
        if not advisory.get("withdrawn"):
            names = {
                each["package"]["name"].lower()
                for each in advisory.get("affected", ())
                if each.get("package", {}).get("ecosystem") == ECOSYSTEM
            }
            for name in names:
                found[name].append(advisory)
    if not found:
        raise ValueError(f"{folder} holds no advisory for {ECOSYSTEM}")
    return found


def affecting(
    advisories: Mapping[str, Sequence[Mapping[str, Any]]], name: str, version: str
) -> list[Mapping[str, Any]]:
    """Those that name this version of a package."""
    return [
        advisory
        for advisory in advisories.get(name.lower(), ())
        if any(
            each.get("package", {}).get("name", "").lower() == name.lower() and version in each.get("versions", ())
            for each in advisory["affected"]
        )
    ]


@contextmanager
def answering(advisories: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """The address at which they can be asked for."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(min(int(self.headers["Content-Length"]), _MOST_BYTES)))
            found = affecting(advisories, asked["package"]["name"], asked["version"])
            body = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody wants to know."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def main() -> int:
    """Run the program; its status."""
    folder, *command = sys.argv[1:]
    try:
        advisories = read_advisories(Path(folder))
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"advisories: {error}\n")
        return 2
    with answering(advisories) as address:
        asking = ["--vulnerability-service", "osv", "--osv-url", address]
        return subprocess.run([*command, *asking], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
