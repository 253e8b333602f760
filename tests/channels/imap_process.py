"""pymap, whose passwords are hashed in one round: half a million at each login prove nothing about our letters."""

import sys
from typing import Any

from pymap.config import IMAPConfig
from pymap.main import main
from pysasl.hashing import BuiltinHash


def _quickly(*_: Any) -> BuiltinHash:
    return BuiltinHash(rounds=1)


if __name__ == "__main__":
    IMAPConfig._get_hash_context = _quickly  # type: ignore[method-assign, assignment]
    sys.argv[0] = "pymap"
    main()
