"""A program of its own, which runs an embedded server and stops it when nobody uses it any more.

    python keeper.py DIRECTORY DATA LOG USER POSTGRES

Whoever uses the server holds a shared lock on ``users.lock``; the system lets go of a lock when its process ends,
however that ends. So a process that is killed leaves no server behind: this one looks twice a second. It imports
nothing of ours, so that it stays small, and starts the server without a shell, which would read meaning into a path.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

LOOK_SECONDS = 0.5
_STOP_SECONDS = 300
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main(directory: str, data: str, log: str, user: str, postgres: str) -> int:
    """Run the server until it ends by itself, or nobody uses it.

    :param directory: where the locks lie.
    :param data: the server's data.
    :param log: where it writes what it has to say.
    :param user: whom to run it as; nobody else if empty.
    :param postgres: the program.
    :returns: the server's exit status.
    """
    with Path(log).open("ab") as out:
        server = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [postgres, "-D", data],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            user=user or None,
            group=_group(user),
            extra_groups=[] if user else None,
            preexec_fn=_stop_with_us,  # noqa: PLW1509 - there is one thread here
        )
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the server ends when its users have left, not before
    while True:
        with suppress(subprocess.TimeoutExpired):
            return server.wait(LOOK_SECONDS)
        _stop_if_unused(server, Path(directory))


def _stop_if_unused(server: "subprocess.Popen[bytes]", directory: Path) -> None:
    # Who starts or stops holds the first lock, and is not disturbed.
    with (
        suppress(OSError),
        (directory / "start.lock").open("ab") as alone,
        (directory / "users.lock").open("ab") as use,
    ):
        fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        server.send_signal(signal.SIGINT)  # ends transactions, and writes everything to the disk
        with suppress(subprocess.TimeoutExpired):
            server.wait(_STOP_SECONDS)
        return
    if not directory.exists():
        server.send_signal(signal.SIGQUIT)  # somebody has thrown it all away


def _stop_with_us() -> None:
    """Should this program be killed, the server stops at once and recovers when it is next started."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)


def _group(user: str) -> int | None:
    if not user:
        return None
    import pwd  # noqa: PLC0415 - only for root

    return pwd.getpwnam(user).pw_gid


if __name__ == "__main__":
    os.chdir("/")
    sys.exit(main(*sys.argv[1:]))
