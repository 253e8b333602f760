"""The containers of the compose file, by what they are for, and what is in their environment."""

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from shared.platform.settings import PROJECT

TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVICES = sorted(folder.name for folder in (PROJECT / "services").iterdir() if (folder / "__init__.py").exists())
APART = {**{name: [name] for name in SERVICES}, "portal": ["portal", "channels"]}
"""The containers of the profile in which every service has its own."""
FEW = {"front": ["portal", "channels", "intake"], "back": ["routing", "sla", "notify", "reporting"]}
"""Those of the profile with few."""
PROCESSES = [*APART, *FEW]
LOGINS = {"portal": "web"}
"""Of those that are not called as their container."""
PORTALS = ["portal", "front"]
OUTSIDE = ["postgres", "rabbitmq"]
WATCH = ["prometheus", "grafana"]
"""Those of the profile beside the others, which watches."""
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRET = re.compile(r"KEY|PASSWORD|SECRET|TOKEN|SMTP")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
FILLED_IN = {"ADUAN_MAIL_FROM": "aduan@example.go.id"}
IN_CONTAINER = "/run/secrets/"


def make_secrets(folder: Path) -> None:
    """As whoever installs makes them."""
    subprocess.run(["sh", str(PROJECT / "deploy" / "secrets.sh"), str(folder)], check=True, cwd="/")


def environment(name: str, secrets: Path) -> dict[str, str]:
    """What the process finds in its environment once .env is filled in, its secrets' files where they are here."""

    def value(found: re.Match[str]) -> str:
        return FILLED_IN.get(found[1], (found[3] or "") if found[2] == "-" else "")

    return {
        key: VARIABLE.sub(value, given).replace(IN_CONTAINER, f"{secrets}/").replace("/run/calls/", f"{secrets}/")
        for key, given in CONTAINERS[name]["environment"].items()
    }
