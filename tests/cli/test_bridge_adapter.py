"""The adapter of docs/bridge.md, carried out against a system that speaks HTTP: the tables travel by themselves."""

import json
import re
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import bridge, importing
from services.reporting.projection import RecapProjection
from shared.application.dossiers.codec import decode
from shared.platform.settings import PROJECT
from shared.store.projection.runner import apply_batch
from tests.cli.command import settings_of
from tests.fixtures.office import Office

PAGE = (PROJECT / "docs" / "bridge.md").read_text(encoding="utf-8")
TOKEN = "kunci-rahasia"
REPORTS = [
    {"Tracking ID": "1", "Isi Laporan Awal": "Jembatan retak", "Status Laporan": "Proses", "Tipe Laporan": "Publik"},
    {"Tracking ID": "2", "Isi Laporan Awal": "Lampu padam", "Nama Pelapor": "=1+1"},
]


class Central:
    """Another system, at an address of its own.

    :ivar told: what it was sent, table by table.
    :ivar refuses: numbers that it does not take.
    """

    def __init__(self) -> None:
        central, self.told, self.refuses = self, list[Any](), dict[str, str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(REPORTS)

            def do_PUT(self) -> None:
                rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                central.told.append(rows)
                numbers = [row["Tracking ID"] for row in rows]
                self._answer({number: why for number, why in central.refuses.items() if number in numbers})

            def _answer(self, body: Any) -> None:
                known = self.headers["Authorization"] == f"Bearer {TOKEN}" and self.path == "/bantul"
                self.send_response(200 if known else 403)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def central() -> Iterator[Central]:
    """The other system, up."""
    made = Central()
    thread = Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def package(tmp_path: Path) -> Iterator[None]:
    """The page's adapter, installed as installers leave one."""
    folder = tmp_path / "site"
    told = folder / "pusat-1.dist-info"
    told.mkdir(parents=True)
    [source] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (folder / "pusat.py").write_text(source)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: pusat\nVersion: 1\n")
    [group] = re.findall(r'`\[project\.entry-points\."([^"]+)"\]`', PAGE)
    [entry] = re.findall(r"`(pusat = \"[^`]+)`", PAGE)
    (told / "entry_points.txt").write_text(f"[{group}]\n{entry.replace(chr(34), '')}\n")
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))
    sys.modules.pop("pusat", None)


def test_the_adapter_of_the_page_works_as_it_stands(
    office: Office, package: None, central: Central, tmp_path: Path
) -> None:
    """Fetched, imported once, brought back; what is not taken comes again; a wrong key is told without it."""
    del package
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "bantul.pusat.address").write_text(central.address)
    (secrets / "bantul.pusat.token").write_text(TOKEN)
    file = tmp_path / "laporan.csv"
    one = ("--tenant", "bantul", "--via", "pusat")
    whole = ("--tenant", "bantul", "--map", "sp4n", "--channel", "lapor_sp4n")

    def run(command: Any, *arguments: object) -> Result:
        apply_batch(office.runtime.database, RecapProjection(), decode, office.news())
        runner = CliRunner(env={**settings_of(office), "ADUAN_SECRETS_DIR": str(secrets)})
        return runner.invoke(command, [str(each) for each in arguments])

    back = (*whole, "--actor", "coordinator", "--via", "pusat")
    fetched = run(bridge.command, "fetch", *one, "--output", file)
    filed, again = run(importing.command, file, *whole), run(importing.command, file, *whole)
    central.refuses = {"2": "sedang diubah"}
    refused = run(bridge.command, "export", *back)
    central.refuses = {}
    brought = run(bridge.command, "export", *back)
    (secrets / "bantul.pusat.token").write_text("salah")
    shut = run(bridge.command, "fetch", *one, "--output", file)

    assert (0, "2 complaints\n") == (fetched.exit_code, fetched.stdout), fetched.output
    assert ["2 filed, 0 filed before, 0 refused\n", "0 filed, 2 filed before, 0 refused\n"] == [
        filed.stdout,
        again.stdout,
    ]
    assert (1, "2 was not taken: sedang diubah\n") == (refused.exit_code, refused.stderr)
    assert "1 complaints; 1 not taken, so again --since 0" in refused.stdout
    assert brought.stdout.startswith("2 complaints; the next time --since ")
    assert [["1", "2"]] * 2 == [[row["Tracking ID"] for row in rows] for rows in central.told]
    assert {"Proses"} == {row["Status Laporan"] for row in central.told[-1]}
    assert (1, "Error: the system does not answer: HTTPError\n") == (shut.exit_code, shut.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fetch", "--tenant", "bantul", "--via", "nirvana", "--output", "x.csv"), "no installed package"),
        (("export", "--tenant", "bantul", "--map", "sp4n", "--actor", "coordinator"), "either --output or --via"),
    ],
)
def test_a_way_that_is_not_there_is_told(office: Office, arguments: tuple[str, ...], words: str) -> None:
    """By name, with those that there are; and somewhere a table must go."""
    ran = CliRunner(env=settings_of(office)).invoke(bridge.command, arguments)

    assert (2, True) == (ran.exit_code, words in ran.output)
