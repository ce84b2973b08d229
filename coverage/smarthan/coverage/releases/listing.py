"""The releases of a store as a table."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from .current import Entry, list_names, open_member, open_store, read_manifest
from .opening import ReleaseDamaged

_COLUMNS = {
    "release_id": "str",
    "current": "bool",
    "condition": "category",
    "problem": "str",
    "as_of": "datetime64[us]",
    "published": "datetime64[us]",
    "source": "str",
    "row_count": "Int64",
    "locations": "Int64",
    "share_covered": "Float64",
    "synthetic": "boolean",
    "sequence": "Int64",
    "before": "str",
    "warnings": "str",
    "accepted_drift": "str",
    "licence": "str",
    "note": "str",
    "sha256": "str",
}


def list_releases(store: str) -> pd.DataFrame:
    """Return one row a release of a store; see `ReleaseStore.releases`."""
    served, notes = _find_served(store)
    rows = [{**_describe(store, name), "current": name == served} for name in list_names(store)]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    frame["condition"] = frame["condition"].cat.set_categories(["complete", "damaged"])
    frame = frame.sort_values(["as_of", "sequence", "release_id"], na_position="first", ignore_index=True)
    frame.attrs = {"store": store, "notes": list(notes)}
    return frame


def _find_served(store: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the release that readers are served, and what is wrong with the store."""
    try:
        opened = open_store(store)
    except ReleaseDamaged as error:
        empty = not list_names(store)
        return None, () if empty else (str(error),)
    return opened.mapped.release.release_id, opened.notes


def _describe(store: str, name: str) -> dict[str, Any]:
    """Return the facts of one release as far as they can be read, and its condition."""
    facts: dict[str, Any] = {"release_id": name, "condition": "complete"}
    try:
        manifest = Entry(name, read_manifest(store, name)).manifest
        release, summary = manifest["release"], manifest.get("summary") or {}
        facts |= {key: release.get(key) for key in _COLUMNS if key in release and key != "release_id"}
        facts |= {key: summary.get(key) for key in ("locations", "share_covered")}
        facts |= {key: manifest.get(key) for key in ("sequence", "before")}
        facts["warnings"] = "; ".join(manifest.get("warnings") or ()) or None
        facts["accepted_drift"] = (manifest.get("accepted_drift") or {}).get("reason")
        problem = "; ".join(open_member(store, name).notes)
    except ReleaseDamaged as error:
        facts["condition"], problem = "damaged", str(error)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        facts["condition"], problem = "damaged", f"{os.path.join(store, 'releases', name)}: its manifest cannot be read"
    return {**facts, "problem": problem or None}
