"""Starting the tests' mail server, and reading what it took."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class MailServer:
    """A running server."""

    port: int
    file: Path
    process: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        """For a client that needs no log-in."""
        return f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> list[dict[str, Any]]:
        """What it took, in order."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [json.loads(line) for line in lines]

    def taken_for(self, address: str) -> list[dict[str, Any]]:
        """What it took for one mailbox."""
        return [each for each in self.taken() if each["to"] == address]


@contextmanager
def mail_server(file: Path, certificate: Path | None = None) -> Iterator[MailServer]:
    """A server as a process of its own, gone afterwards.

    :param certificate: makes it insist on STARTTLS and on the user ``aduan`` with the password ``rahasia@123``.
    """
    script = str(Path(__file__).with_name("mail_server.py"))
    command = [sys.executable, script, str(file), *([str(certificate)] if certificate else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield MailServer(int(process.stdout.readline()), file, process)
    finally:
        process.kill()
        process.communicate()


def self_signed(file: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, vouched for by nobody."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
