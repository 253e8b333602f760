"""Cilacap, reached by a bot of Telegram's beside its SOP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.providers.telegram import BOT, SECRET, TOKEN, TelegramProvider
from tests.channels.line import Line, line

SITI = 987654321
BOOK = """
channels:
  - {{id: telegram, kind: telegram, extra: true, api: "{address}", bot: {bot}}}
"""


@contextmanager
def cilacap_by_telegram(database_url: str, folder: Path, provider: TelegramProvider) -> Iterator[Line]:
    """An installation with a bot."""
    secrets = {"cilacap.telegram.bot_token": TOKEN, "cilacap.telegram.secret_token": SECRET}
    books = {"cilacap": BOOK.format(address=provider.address, bot=BOT)}
    with line(database_url, folder, books, secrets) as made:
        provider.hook = f"{made.address}/hooks/v1/cilacap/telegram"
        yield made
