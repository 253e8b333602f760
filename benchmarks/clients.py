"""Concurrent clients that file complaints over HTTP: ``python -m benchmarks.clients COUNT``.

A process of its own, so that what it measures does not wait for what it drives. It reads ``ADDRESS SECONDS`` from each
line of its input, lets every client file one complaint after the other for as long, each on a connection that stays
open, and answers with the milliseconds that each filing took, as JSON. With ``ADDRESS SECONDS RATE`` all clients
together file so many a second, as far as they can, at times that are drawn by lot.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from benchmarks.complaints import complaints

_HEADERS = {"Content-Type": "application/json"}
_TIMEOUT_SECONDS = 30


def client(address: str, until: float, between: float = 0.0) -> list[float]:
    """File until the time is over; the milliseconds that each filing took.

    :param address: where to post.
    :param until: on the clock that never goes back.
    :param between: seconds from one filing to the next on an average; 0 for one after the other.
    """
    next_at = time.monotonic() + random.random() * between
    where = urlsplit(address)
    taken: list[float] = []
    with closing(HTTPConnection(where.netloc, timeout=_TIMEOUT_SECONDS)) as connection:
        for body in _bodies():
            time.sleep(max(0.0, min(next_at, until) - time.monotonic()) if between else 0.0)
            began = time.monotonic()
            if began >= until:
                return taken
            next_at += random.expovariate(1 / between) if between else 0.0
            connection.request("POST", where.path, body, _HEADERS)
            answer = connection.getresponse()
            said = answer.read()
            taken.append(1000 * (time.monotonic() - began))
            if answer.status != 201:
                raise RuntimeError(f"{address} answered {answer.status}: {said.decode(errors='replace')}")
    return taken


def _bodies() -> Iterator[bytes]:
    while True:
        for each in complaints(100):
            yield json.dumps({**each, "channel": "web", "external_id": None}).encode()


def main(count: int) -> None:
    """Answer until the input ends."""
    print("ready", flush=True)
    with ThreadPoolExecutor(count) as pool:
        for line in sys.stdin:
            address, seconds, *rate = line.split()
            until = time.monotonic() + float(seconds)
            between = count / float(rate[0]) if rate else 0.0
            running: list[Any] = [pool.submit(client, address, until, between) for _ in range(count)]
            print(json.dumps([each for one in running for each in one.result()]), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
