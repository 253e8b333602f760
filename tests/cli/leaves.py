"""Every command there is for people, by its words."""

from collections.abc import Iterator

import click

from cli.commands import COMMANDS, aduan

Leaf = tuple[str, ...]


def _leaves() -> Iterator[Leaf]:
    for name in COMMANDS:
        command = aduan.get_command(click.Context(aduan), name)
        if isinstance(command, click.Group):
            yield from ((name, each) for each in command.commands)
        elif command is not None and not command.hidden:
            yield (name,)


LEAVES = sorted(_leaves())


def command_of(leaf: Leaf) -> click.Command:
    """The command of some words."""
    command = aduan.get_command(click.Context(aduan), leaf[0])
    assert command is not None
    return command.commands[leaf[1]] if isinstance(command, click.Group) else command
