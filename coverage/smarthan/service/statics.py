"""The files of the pages: read once, told apart by what is in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FILES = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent."""

    data: bytes
    media: str
    etag: str


@cache
def find_static(name: str) -> StaticFile | None:
    """Return a file of the pages by its name, None where there is none."""
    if name not in _FILES:
        return None
    data = (files("smarthan.service") / "static" / name).read_bytes()
    return StaticFile(data, _FILES[name], f'"{hashlib.sha256(data).hexdigest()[:16]}"')
