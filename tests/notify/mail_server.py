"""A real mail server for the tests, as a process of its own: it must not live in their patched threads.

It behaves by the mailbox: ``tunda<n>.`` defers the first n times, ``tolak.`` is refused, ``blokir.`` refuses us by its
policy, ``masuk.`` wants us to log in, ``isi.`` is refused after the text was read, ``kecil.`` takes nothing of more
than 20 kB, ``putus.`` takes the text and breaks the connection before it says so. What it takes it appends to a file,
one JSON object per line.
"""

import asyncio
import json
import re
import ssl
import sys
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

_SMALL = 20_000


class Mailboxes:
    """What the server does with mail."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._asked: Counter[str] = Counter()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """By the mailbox."""
        self._asked[address] += 1
        if address.startswith("tolak."):
            return "550 5.1.1 no such mailbox: " + address
        if address.startswith("blokir."):
            return "550 5.7.1 our policy: we take nothing of yours"
        if address.startswith("masuk."):
            return "530 5.7.0 authentication required"
        deferred = re.match(r"tunda(\d+)\.", address)
        if deferred and self._asked[address] <= int(deferred[1]):
            return "451 4.7.1 greylisted: " + address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take it."""
        [address] = envelope.rcpt_tos
        if address.startswith("isi."):
            return "554 5.6.0 content refused"
        if address.startswith("kecil.") and len(envelope.content) > _SMALL:
            return "552 5.3.4 message too large"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        body = letter.get_body(("plain",))
        taken = {
            "from": envelope.mail_from,
            "to": address,
            "subject": str(letter["Subject"]),
            "id": str(letter["Message-ID"]),
            "heads": {name: str(value) for name, value in letter.items()},
            "text": body.get_content() if body is not None else "",
            "files": {str(each.get_filename()): len(each.get_content()) for each in letter.iter_attachments()},
            "encrypted": server.transport.get_extra_info("sslcontext") is not None,
        }
        with self._file.open("a") as opened:
            opened.write(json.dumps(taken) + "\n")
        if address.startswith("putus."):
            server.transport.abort()
        return "250 OK"


def _let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"aduan", b"rahasia@123")
    return AuthResult(success=right, handled=False)


async def _serve(file: Path, certificate: str | None) -> None:
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    locked: dict[str, Any] = {"require_starttls": True, "auth_required": True, "authenticator": _let_in}
    mailboxes = Mailboxes(file)

    def protocol() -> SMTP:
        return SMTP(mailboxes, hostname="mail.test", tls_context=context, **(locked if context else {}))

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - tells its parent where it is
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
