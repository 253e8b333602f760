"""The entry point of the ``aduan`` command."""

import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _ended_without_a_trace() -> Iterator[None]:
    """While modules are read, nothing is under way that could be left in order: Ctrl-C ends the process at once."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# Names are resolved by the system: eventlet's own resolver knows less.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

# Before anything else is imported: what is imported unpatched stays so. The runtime's farewell notice is known (see
# ARCHITECTURE.md) and would stand before every command's output.
with _ended_without_a_trace(), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet

    eventlet.monkey_patch()

# The database's wheel remarks on a directory that it does not need here.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")


def main() -> None:
    """Run the command line."""
    with _ended_without_a_trace():
        from cli.commands import aduan  # noqa: PLC0415 - after the patch
        from cli.failures import end, told  # noqa: PLC0415

    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, end)
    sys.exit(told(aduan))


if __name__ == "__main__":
    main()
