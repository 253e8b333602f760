"""All commands, each in a file of its own; loaded when asked for, so that ``aduan --help`` answers at once."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module

import click

from cli.briefly import ListedCommands
from cli.words import with_words

COMMANDS = {
    "up": "cli.up",
    "demo": "cli.demo",
    "serve": "cli.serve",
    "migrate": "cli.migrate",
    "doctor": "cli.doctor",
    "sop": "cli.sop",
    "classify": "cli.classify",
    "dossier": "cli.dossier",
    "clock": "cli.clock",
    "recap": "cli.recap",
    "register": "cli.register",
    "rebuild": "cli.rebuild",
    "projections": "cli.comparing",
    "catchup": "cli.catchup",
    "dead": "cli.dead",
    "broker": "cli.broker",
    "asyncapi": "cli.asyncapi",
    "audit": "cli.audit",
    "checkpoint": "cli.checkpoint",
    "erase": "cli.erase",
    "retention": "cli.retention",
    "bounced": "cli.bounced",
    "token": "cli.token",
    "user": "cli.user",
    "import": "cli.importing",
    "bridge": "cli.bridge",
    "channel": "cli.channel",
    "secret": "cli.secret",
    "key": "cli.key",
    "backup": "cli.backup",
    "at": "cli.at",
    "tenant": "cli.tenant",
    "restore": "cli.restore",
    "bench": "cli.bench",
    "second": "cli.working",
}
"""Command names, and the module that holds the click command of the name ``command``."""


class _Lazy(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = COMMANDS[name]
        with nullcontext() if module in sys.modules else _nothing_thrown_away():
            command: click.Command = import_module(module).command
        return with_words(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        ListedCommands(COMMANDS).format_commands(ctx, formatter)


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Modules are made to stay: nobody looks for garbage while they are made, nor among them later.

    To look again and again takes a third of the start of what serves.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # whoever has frozen before, as a run of tests, has others' garbage by now
            gc.freeze()
        if looked:
            gc.enable()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def aduan() -> None:
    """Complaints received, passed on, watched, answered and recapped."""
