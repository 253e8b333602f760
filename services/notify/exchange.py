"""Handing one letter to a mail server over a connection that is open: the commands, in as few round trips as it allows.

Where the server takes commands together (PIPELINING, RFC 2920), envelope and ``DATA`` go out at once and their answers
are read afterwards: two round trips for a letter instead of four. Which answer belongs to which command is counted, so
that a refusal leaves the connection fit for the next letter.
"""

import re
import smtplib
from collections.abc import Sequence

_GO_ON = 354
_DOTS = re.compile(rb"(?m)^\.")
_TOO_BUSY = 421


class NotBegun(Exception):
    """The server was gone before it had anything of the letter: to send it again sends it once."""


def hand_over(
    client: smtplib.SMTP, sender: str, addresses: Sequence[str], mail: bytes, options: Sequence[str] = ()
) -> None:
    """Hand a letter over; comes back when the server has taken it for at least one address.

    :param client: connected, and logged in where that is needed.
    :param mail: with lines that end in CRLF.
    :param options: of the sender's command, e.g. ``SMTPUTF8``.
    :raises NotBegun: if the connection had ended before the letter's text was sent.
    :raises smtplib.SMTPSenderRefused: as the library's own, and the next three.
    :raises smtplib.SMTPRecipientsRefused: if it refuses all addresses.
    :raises smtplib.SMTPDataError: if it refuses the text.
    :raises smtplib.SMTPServerDisconnected: if it was gone before it had said what becomes of the text.
    """
    try:
        client.ehlo_or_helo_if_needed()
        _envelope(client, sender, addresses, len(mail), options)
    except smtplib.SMTPServerDisconnected as lost:
        raise NotBegun from lost
    except smtplib.SMTPException:
        raise
    except OSError as lost:
        raise NotBegun from lost
    client.send(_DOTS.sub(b"..", mail) + (b"" if mail.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    code, said = client.getreply()
    if code != 250:
        _clean(client)
        raise smtplib.SMTPDataError(code, said)


def _envelope(client: smtplib.SMTP, sender: str, addresses: Sequence[str], size: int, options: Sequence[str]) -> None:
    """Everything before the text, up to where the server asks for it."""
    sizes = [f"SIZE={size}"] if client.has_extn("size") else []
    commands = [
        " ".join([f"MAIL FROM:{smtplib.quoteaddr(sender)}", *sizes, *options]),
        *(f"RCPT TO:{smtplib.quoteaddr(each)}" for each in addresses),
        "DATA",
    ]
    (sent, said), *answers = _asked(client, commands)
    if sent == _TOO_BUSY:
        client.close()
        raise smtplib.SMTPServerDisconnected(said.decode(errors="replace"))
    asks = len(answers) == len(addresses) + 1 and answers[-1][0] == _GO_ON
    refused = {each: answer for each, answer in zip(addresses, answers, strict=False) if answer[0] not in {250, 251}}
    if sent == 250 and len(refused) < len(addresses) and asks:
        return
    if asks:  # it wants the text all the same: an empty one ends that
        client.send(b".\r\n")
        client.getreply()
    _clean(client)
    if sent != 250:
        raise smtplib.SMTPSenderRefused(sent, said, sender)
    if len(refused) == len(addresses):
        raise smtplib.SMTPRecipientsRefused(refused)
    raise smtplib.SMTPDataError(*answers[-1])


def _asked(client: smtplib.SMTP, commands: Sequence[str]) -> list[tuple[int, bytes]]:
    """The server's answers, in the order of the commands; without PIPELINING it is asked no further than a refusal."""
    lines = [f"{command}\r\n".encode() for command in commands]
    if client.has_extn("pipelining"):
        client.send(b"".join(lines))
        return [client.getreply() for _ in lines]
    answers = []
    taken = 0
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        if last and not taken:
            break  # nobody to send it to
        client.send(line)
        answers.append(client.getreply())
        good = answers[-1][0] in {250, 251}
        taken += good and number > 0
        if number == 0 and not good:
            break
    return answers


def _clean(client: smtplib.SMTP) -> None:
    """Let the next letter begin anew; a connection over which that cannot be said is closed."""
    try:
        client.rset()
    except (smtplib.SMTPException, OSError):
        client.close()
