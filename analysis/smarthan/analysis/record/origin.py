"""Where the record comes from: files and hashes, seeds, draws, versions, problems, and what is frozen."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

import pandas as pd

from .frozen import FROZEN_STATUSES, HASH_PLACE, HISTORY_PLACE, PLACE, Frozen
from .markup import Block, Code, Heading, Table, Text, Verbatim
from .results import Results
from .statement import Section
from .words import day, plain

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

_PACKAGES = ("smarthan", "numpy", "pandas", "scipy")  # whose versions can change a figure on the page


def problems_section(appraisal: Appraisal) -> Section:
    """Return the warnings noted while the files were read."""
    table = appraisal.problems()
    if not len(table):
        return Section("problems", "Problems", (Text("None: the files were read without an error or a warning."),))
    shown = table[["message", "severity", "code", "file", "line", "option", "criterion"]]
    headings = {name: name.capitalize() for name in shown} | {"message": "What is wrong"}
    caption = f"{len(shown)} warnings noted while reading"
    blocks = (
        Text(
            "The answer stands, and is weaker for each of these. An error would have kept the appraisal from being "
            "read."
        ),
        Table("problem-list", shown, caption, headings=headings, missing="none"),
    )
    return Section("problems", "Problems", blocks)


def origin_section(appraisal: Appraisal, results: Results, frozen: Frozen) -> Section:
    """Return files, settings, versions, and the frozen weights and ranges with their hash and history."""
    return Section("origin", "Where this record comes from", tuple(_origin(appraisal, results, frozen)))


def _origin(appraisal: Appraisal, results: Results, frozen: Frozen) -> Iterator[Block]:
    yield Text(
        "The same files, results and versions give this page again, byte for byte; it holds no time and no name of a "
        "machine, and asks nothing of any other."
    )
    files = [(each.name, each.size, each.rows, each.sha256) for each in appraisal.sources]
    frame = pd.DataFrame(files, columns=["file", "bytes", "rows", "sha256"]).astype({"rows": "Int64"})
    headings = {"file": "File", "bytes": "Bytes", "rows": "Rows", "sha256": "SHA-256"}
    if files:
        yield Table("files", frame, "Files it was made from", headings, {"bytes": ",", "rows": ","}, missing="no table")
    else:
        yield Text("The appraisal was not read from files, so there is nothing to hash.", "absent")
    yield Table(
        "settings", _list_settings(appraisal, results), "Settings and versions", {"what": "What", "value": "Value"}
    )
    yield Heading("Frozen weights, ranges and scales")
    yield from _freeze_blocks(appraisal, frozen)


def _list_settings(appraisal: Appraisal, results: Results) -> pd.DataFrame:
    rows = [
        ("appraisal", appraisal.id),
        ("status", appraisal.status),
        ("as of", day(appraisal.as_of)),
        ("synthetic", "yes: every number is invented" if appraisal.synthetic else "no"),
        ("allowed regret, points", "not stated" if appraisal.max_regret is None else plain(appraisal.max_regret)),
        ("longest shortlist", "not stated" if appraisal.max_shortlist is None else str(appraisal.max_shortlist)),
        ("spread by confidence", ", ".join(f"{name} {share:g}" for name, share in appraisal.spread.items())),
    ]
    for place, simulation in enumerate(results.simulations, 1):
        text = f"{simulation.draws:,} draws, seed {simulation.seed}, weights {simulation.weights}, generator PCG64"
        rows.append((f"simulation {place}", text))
    rows += [(f"cross-check {place}", each.library) for place, each in enumerate(results.cross_checks, 1)]
    rows += [(name, version(name)) for name in _PACKAGES]
    rows.append(("Python", platform.python_version()))
    return pd.DataFrame(rows, columns=["what", "value"])


def _freeze_blocks(appraisal: Appraisal, frozen: Frozen) -> Iterator[Block]:
    if appraisal.status in FROZEN_STATUSES:
        yield Text(
            f"The appraisal is {appraisal.status}: the weights, ranges, scales and the shortlist rule are frozen. "
            "Their hash "
            "stands below; the next record written over this page reports every change."
        )
    else:
        yield Text("The appraisal is a draft: weights and ranges may still change. Their hash is kept all the same.")
    yield Code(HASH_PLACE, "SHA-256 of the text that is hashed", frozen.sha256)
    for place, (digest, changes) in enumerate(frozen.history, 1):
        frame = pd.DataFrame({"change": changes})
        yield Text(f"Changed after scores existed, from the state {digest[:12]}:", "notice")
        yield Table(
            f"changes-{place}", frame, f"Change {place} since the weights and ranges were agreed", {"change": "What"}
        )
    if frozen.is_agreed and not frozen.history:
        yield Text("No change since they were agreed is known to this record.")
    yield Verbatim(PLACE, "The text that is hashed", frozen.text)
    yield Verbatim(HISTORY_PLACE, "What the next record needs to know", frozen.history_text)
