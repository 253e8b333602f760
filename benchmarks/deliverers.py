"""Concurrent providers that deliver webhooks: ``python -m benchmarks.deliverers COUNT``.

A process of its own, so that what it measures does not wait for what it drives. It reads ``ADDRESS FILE`` from each
line of its input, delivers every line of the file (a signature and a body, as JSON) on connections that stay open, each
until it is thanked for, and answers with the milliseconds that each took in the end and how often one had to be
repeated, as JSON.
"""

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 30
_PAUSE_SECONDS = 0.2
_PATIENCE_SECONDS = 300.0


def deliver(address: str, deliveries: Sequence[Sequence[str]]) -> tuple[list[float], int]:
    """Deliver one after the other, as a provider does: again and again until each is thanked for.

    :param deliveries: each with its signature and its body.
    :returns: the milliseconds that each took when it was taken, and how often one had to be repeated.
    :raises RuntimeError: if one is refused for good, or nobody takes it for too long.
    """
    where = urlsplit(address)
    connection = HTTPConnection(where.netloc, timeout=_TIMEOUT_SECONDS)
    taken, again = [], 0
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for signature, body in deliveries:
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
        while True:
            began = time.monotonic()
            try:
                connection.request("POST", where.path, body.encode(), headers)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, HTTPException):
                connection.close()  # the next request opens another
                status = 0
            if status == 200:
                taken.append(1000 * (time.monotonic() - began))
                break
            if status not in (0, 500, 503) or began > deadline:
                raise RuntimeError(f"{address} answered {status}")
            again += 1
            time.sleep(_PAUSE_SECONDS)
    connection.close()
    return taken, again


def main(count: int) -> None:
    """Answer until the input ends."""
    print("ready", flush=True)
    with ThreadPoolExecutor(count) as pool:
        for line in sys.stdin:
            address, file = line.split()
            deliveries = [json.loads(each) for each in Path(file).read_text(encoding="utf-8").splitlines()]
            shares = [deliveries[place::count] for place in range(count)]
            running: list[Any] = [pool.submit(deliver, address, share) for share in shares]
            results = [one.result() for one in running]
            told = {"taken": [each for taken, _ in results for each in taken], "again": sum(n for _, n in results)}
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
