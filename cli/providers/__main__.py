"""``python -m cli.providers``: a provider of WhatsApp for trying a government's channel by hand.

Letters are printed as they are taken; each line that is typed, ``number: text``, is delivered as somebody's message.
"""

import sys
from collections.abc import Iterable
from threading import Event

import click

from cli.providers.whatsapp import WhatsAppProvider, choices_of, text_of, whatsapp_provider


@click.command()
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Where it listens; any unless given.")
@click.option("--serve", is_flag=True, help="Only take letters, and until it is stopped.")
@click.option("--hook", default="", help="Where it delivers, e.g. http://127.0.0.1:8000/hooks/v1/cilacap/whatsapp")
def main(port: int, serve: bool, hook: str) -> None:
    """Take letters as the Cloud API does, and deliver what is typed, until the input ends."""
    with whatsapp_provider(port, told=None if serve else _told) as provider:
        provider.hook = hook
        click.echo(f"ready {provider.address}")
        if serve:
            Event().wait()
        converse(provider, sys.stdin)


def converse(provider: WhatsAppProvider, lines: Iterable[str]) -> None:
    """Deliver lines; one that only names what can be pressed is a press."""
    for line in lines:
        number, _, text = line.strip().partition(": ")
        if not text:
            continue
        try:
            change = provider.press(number, text)
        except LookupError:
            change = provider.text(number, text)
        click.echo(f"delivered: {provider.deliver(change).status_code}")


def _told(letter: dict[str, object]) -> None:
    whom = letter.get("to") or letter.get("recipient")
    offered = "".join(f" [{title}]" for _, title in choices_of(letter))
    click.echo(f"{whom}: {text_of(letter)}{offered}")


if __name__ == "__main__":
    main()
