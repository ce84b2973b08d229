"""Which edition of the demonstration this code makes: a short hash of what it is made from."""

from __future__ import annotations

import hashlib
from pathlib import Path


def _hash_makers() -> str:
    """Hash the generator, the index format and the sheet of the postcodes: a change of any makes a new edition."""
    here = Path(__file__).parent
    makers = [*sorted((here / "demonstration").glob("*.py")), *sorted((here / "index").glob("*.py"))]
    digest = hashlib.sha256((here / "data" / "postcodes.toml").read_bytes())
    for path in (*makers, here / "releases" / "folder.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


EDITION = _hash_makers()
