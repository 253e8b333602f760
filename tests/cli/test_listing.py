"""The list of commands, without loading what they do."""

import subprocess
import sys
from importlib import import_module

import click
from click.testing import CliRunner

from cli.briefly import ListedCommands
from cli.commands import COMMANDS, aduan
from shared.platform.settings import PROJECT

HEAVY = {"flask", "nameko", "eventsourcing", "openpyxl", "typst", "kombu", "marshmallow"}


def test_all_commands_are_listed_as_they_describe_themselves() -> None:
    """In their order, with the words of their own descriptions, those that are not for people left out."""
    told = CliRunner().invoke(aduan, ["--help"], terminal_width=100).output
    loaded, formatter = ListedCommands({}), click.HelpFormatter(width=100)
    loaded.commands = {name: import_module(module).command for name, module in COMMANDS.items()}
    loaded.format_commands(click.Context(loaded), formatter)

    assert formatter.getvalue().strip() == told[told.index("Commands:") :].strip()
    assert "\n  second " not in told


def test_to_list_them_loads_none() -> None:
    """Whoever only asks what there is waits for nothing that the commands need."""
    asked = "import sys; from cli.commands import aduan; aduan(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert HEAVY.isdisjoint(done.stdout.splitlines()[-1].split())
