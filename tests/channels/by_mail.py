"""People who write mails, and a government with a mailbox."""

from uuid import UUID

from shared.domain.dossier.contents import complaint_of
from tests.channels.imap import ADDRESS, USER, ImapServer
from tests.channels.line import Line

SITI = "siti@warga.example"
COMPLAINT = "Jalan utama Desa Hanum berlubang dalam, sudah dua motor jatuh."
BOOK = """
channels:
  - id: email
    kind: mail
    extra: true
    address: {address}
    plus: {plus}
    {more}
    imap: {{host: 127.0.0.1, port: {port}, tls: none, user: {user}, folder: {folder}, {put_away}poll: 1 s}}
"""


def book(box: ImapServer, *, done: bool = True, plus: bool = False, more: str = "") -> str:
    """A government with a mailbox."""
    put_away = f"done: {box.folder}-selesai, failed: {box.folder}-gagal, " if done else ""
    told = {"plus": str(plus).lower(), "more": more, "folder": box.folder, "put_away": put_away}
    return BOOK.format(address=ADDRESS, port=box.port, user=USER, **told)


def comes(line: Line) -> None:
    """The mailbox is looked into, and everything that follows is done."""
    line.fetches()
    line.works()


def complaint(line: Line, dossier: UUID) -> dict[str, object]:
    """What was filed, opened."""
    return dict(complaint_of(line.history(dossier), line.runtime.vault.keys(None, [dossier])[dossier]))
