"""Writing the record: one page, whole or not at all, that knows what an earlier page said was frozen."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.files import write_whole

from .frozen import Frozen, freeze, read_frozen
from .page import render_record
from .results import sort_results

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal


def write_audit(
    appraisal: Appraisal,
    path: str | os.PathLike[str],
    results: Sequence[object],
    since: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the record of an appraisal; see `Appraisal.audit`."""
    target = Path(path)
    shown = sort_results(appraisal, results)
    frozen = freeze(appraisal, _find_earlier(target, since))
    page = render_record(appraisal, shown, frozen)
    with write_whole(target, "w") as stream:
        stream.write(page)
    if frozen.history:
        changes = [change for _, told in frozen.history for change in told]
        warnings.warn(
            f"{appraisal.id}: weights, ranges or scales were changed after they were agreed and scored by: "
            f"{'; '.join(changes)}. The record says so",
            UserWarning,
            stacklevel=3,
        )
    return target


def _find_earlier(target: Path, since: str | os.PathLike[str] | None) -> Frozen | None:
    if since is not None:
        return read_frozen(Path(since))
    if not target.exists() or target.stat().st_size == 0:
        return None
    return read_frozen(target)
