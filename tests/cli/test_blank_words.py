"""What is typed for a command and cannot be seen: an empty shell variable, a pasted zero-width blank."""

import click
import pytest

from cli.commands import aduan
from cli.failures import told
from shared.base.blank import says_nothing
from tests.cli.leaves import LEAVES, command_of

UNSEEN = ("", " ", "\u200b", "\ue000", "\u0301", "\u3164", "\u2800")


def _names(leaf: tuple[str, ...]) -> set[str | None]:
    return {each.name for each in command_of(leaf).params}


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
@pytest.mark.parametrize("leaf", LEAVES, ids=" ".join)
def test_every_file_and_folder_of_every_command_has_a_name(leaf: tuple[str, ...], text: str) -> None:
    """A blank one is never the folder in which one stands: no installation is made there, and nothing is written."""
    for parameter in command_of(leaf).params:
        if isinstance(parameter.type, click.Path):
            with pytest.raises(click.BadParameter, match="it is blank") as caught:
                parameter.process_value(click.Context(command_of(leaf)), (text,) if parameter.multiple else text)
            assert parameter is caught.value.param


@pytest.mark.parametrize("leaf", [leaf for leaf in LEAVES if "encoding" in _names(leaf)], ids=" ".join)
@pytest.mark.parametrize("name", ["klingon", "hex", "undefined", "a\0b", "é", "x" * 5_000])
def test_no_command_reads_by_an_encoding_that_there_is_not(leaf: tuple[str, ...], name: str) -> None:
    """Python's own ways of turning bytes into bytes are none either."""
    [parameter] = [each for each in command_of(leaf).params if each.name == "encoding"]
    with pytest.raises(click.BadParameter, match="there is no encoding"):
        parameter.process_value(click.Context(command_of(leaf)), name)
    assert "utf-16" == parameter.process_value(click.Context(command_of(leaf)), "utf-16")


@pytest.mark.parametrize("text", UNSEEN)
def test_it_is_told_in_words(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever forgot to set a variable reads that it is blank, not that it is unknown."""
    assert 2 == told(aduan, ["clock", "explain", text])
    assert "blank" in capsys.readouterr().err
