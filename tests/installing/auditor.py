"""Asks for weaknesses as pip-audit does, of the options that our Makefile gives it: the tests install no pip-audit."""

import argparse
import re
import sys
from pathlib import Path

import requests


def main() -> int:
    """Tell which are known; 1 if any is."""
    known = argparse.ArgumentParser()
    for flag in ("--require-hashes", "--disable-pip"):
        known.add_argument(flag, action="store_true", required=True)
    for option in ("--progress-spinner", "--requirement", "--vulnerability-service", "--osv-url"):
        known.add_argument(option, required=True)
    known.add_argument("--ignore-vuln", action="append", default=[])
    given = known.parse_args()
    pinned = Path(given.requirement).read_text(encoding="utf-8")
    found: set[str] = set()
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", pinned, re.MULTILINE):
        asked = {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        answer = requests.post(given.osv_url, json=asked, timeout=60).json()
        found |= {each["id"] for each in answer.get("vulns", ())}
    left = found - set(given.ignore_vuln)
    sys.stdout.write(" ".join(["known:", *sorted(left)]) + "\n")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
