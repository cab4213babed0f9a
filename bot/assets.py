"""Files of a page: read once, compressed once, named by their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file, as it is and gzipped."""

    content: bytes
    gzipped: bytes
    content_type: str
    version: str


def load_assets(folder: Path) -> dict[str, Asset]:
    """All files of a folder, by name."""
    return {path.name: _load(path) for path in folder.iterdir() if path.suffix in TYPES}


def asset_response(asset: Asset, request: web.Request) -> web.Response:
    """The file. Its address holds its version, so a browser may keep it for ever."""
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    body = asset.content
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body, headers["Content-Encoding"] = asset.gzipped, "gzip"
    return web.Response(
        body=body, headers=headers, content_type=asset.content_type, charset="utf-8"
    )


def _load(path: Path) -> Asset:
    content = path.read_bytes()
    version = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, 9, mtime=0), TYPES[path.suffix], version)
