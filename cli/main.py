"""The entry point of the ``aduan`` command."""

import os
import sys
import warnings

# Before anything else is imported: what is imported unpatched stays so. The runtime's own farewell notice is known
# (see ARCHITECTURE.md) and would stand before every command's output.
warnings.filterwarnings("ignore", message=r"(?s).*eventlet.*", category=DeprecationWarning)
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

import eventlet

eventlet.monkey_patch()


def main() -> None:
    """Run the command line."""
    from cli.commands import aduan  # noqa: PLC0415 - after the patch
    from cli.failures import told  # noqa: PLC0415

    sys.exit(told(aduan))


if __name__ == "__main__":
    main()
