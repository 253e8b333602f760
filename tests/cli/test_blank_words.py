"""What is typed for a command and cannot be seen: an empty shell variable, a pasted zero-width blank."""

import click
import pytest

from cli.commands import aduan
from cli.failures import told
from shared.base.blank import says_nothing
from tests.cli.leaves import LEAVES, command_of

UNSEEN = ("", " ", "\u200b", "\ue000", "\u0301", "\u3164", "\u2800")


def _texts(leaf: tuple[str, ...]) -> list[click.Parameter]:
    return [each for each in command_of(leaf).params if isinstance(each.type, click.types.StringParamType)]


@pytest.mark.parametrize("text", UNSEEN)
@pytest.mark.parametrize("leaf", LEAVES, ids=" ".join)
def test_every_text_of_every_command_is_seen_or_not_given(leaf: tuple[str, ...], text: str) -> None:
    """What is needed is refused by its name; whatever else is as if it had been left out."""
    for parameter in _texts(leaf):
        context = click.Context(command_of(leaf))
        value = (text,) if parameter.nargs == -1 or parameter.multiple else text
        if parameter.required or getattr(parameter, "prompt", None):
            with pytest.raises(click.BadParameter) as caught:
                parameter.process_value(context, value)
            assert parameter is caught.value.param
        else:
            kept = parameter.process_value(context, value)
            assert kept in ((), None, parameter.default) or not says_nothing(kept)


@pytest.mark.parametrize("text", UNSEEN)
def test_it_is_told_in_words(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever forgot to set a variable reads that it is blank, not that it is unknown."""
    assert 2 == told(aduan, ["clock", "explain", text])
    assert "blank" in capsys.readouterr().err
