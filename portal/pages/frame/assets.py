"""Style and scripts: files of the package, named by their content, so that a browser may keep them for ever."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound

from portal.pages.frame.caching import FOR_GOOD

EXTENSION: Final = "aduan.assets"
PREFIX: Final = "/static"

_DIRECTORY: Final = Path(__file__).parents[2] / "static"
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_REMARKS: Final = {
    ".css": re.compile(rb"[ \t]*/\*.*?\*/\n?", re.DOTALL),
    ".js": re.compile(rb"^[ \t]*//.*\n", re.MULTILINE),
}
"""Of style all of them, of scripts those that have lines of their own."""
_HASH: Final = 12
"""Hexadecimal digits of a file's hash in its name."""

blueprint = Blueprint("static", __name__, url_prefix=PREFIX)


@dataclass(frozen=True)
class Asset:
    """One file as it is served.

    :param name: with its hash, e.g. ``aduan.1f0c2a9b3d4e.css``.
    """

    name: str
    kind: str
    content: bytes
    packed: bytes


@dataclass(frozen=True)
class Assets:
    """All files, by the names that templates use and by those that browsers ask for."""

    plain: Mapping[str, Asset]
    hashed: Mapping[str, Asset]

    def address(self, name: str) -> str:
        """Where a file is served.

        :raises KeyError: if the package has no such file.
        """
        return f"{PREFIX}/{self.plain[name].name}"


def load_assets() -> Assets:
    """Read every file once, with its name by its content."""
    plain = {path.name: _asset(path) for path in sorted(_DIRECTORY.iterdir()) if path.suffix in _KINDS}
    return Assets(plain, {asset.name: asset for asset in plain.values()})


def assets() -> Assets:
    """The files of the application that serves this request."""
    found: Assets = current_app.extensions[EXTENSION]
    return found


@blueprint.route("/<name>")
def static(name: str) -> Response:
    """A file, for good; by another name there is nothing."""
    asset = assets().hashed.get(name)
    if asset is None:
        raise NotFound
    packs = request.accept_encodings.quality("gzip") > 0
    response = Response(asset.packed if packs else asset.content, content_type=asset.kind)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOR_GOOD
    return response


def _without_remarks(suffix: str, content: bytes) -> bytes:
    """What is written for whoever reads the source, left out: telephones pay for each byte."""
    remark = _REMARKS.get(suffix)
    return content if remark is None else remark.sub(b"", content)


def _asset(path: Path) -> Asset:
    content = _without_remarks(path.suffix, path.read_bytes())
    digest = hashlib.sha256(content).hexdigest()[:_HASH]
    name = f"{path.stem}.{digest}{path.suffix}"
    # Without a time stamp the packed file is the same at each start.
    return Asset(name, _KINDS[path.suffix], content, gzip.compress(content, mtime=0))
