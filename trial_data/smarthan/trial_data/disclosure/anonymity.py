"""Records coarsened until each agrees with at least k - 1 others in what could identify it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from smarthan.trial_data.declared import TRIAL_TABLES

from .cells import require_columns
from .defaults import RULES
from .gate import check_impersonal
from .ladder import LADDER, TOP_CODED, Rung

QUASI_COLUMNS = tuple(
    dict.fromkeys(field.name for table in TRIAL_TABLES.values() for field in table.fields if field.quasi)
)


@dataclass(frozen=True)
class KAnonymity:
    """Records that may be released, and how they were made so.

    Attributes
    ----------
    frame : DataFrame
        The records kept, coarsened, with the index they had.
    suppressed_rows : int
        Records left out because no step made them alike enough.
    smallest_class : int
        Size of the smallest class of records alike in the quasi-identifiers; 0 when no record is left.
    steps : DataFrame
        One row a step: step, column, about, rows_below_before, rows_below_after (rows in classes smaller than k),
        helped (rows that left them), smallest_class.
    smallest_diversity : int or None
        Fewest distinct values of a sensitive column in one class, where such columns were named: 1 means that whoever
        is known to be in that class is known to have that value.
    """

    frame: pd.DataFrame
    suppressed_rows: int
    smallest_class: int
    steps: pd.DataFrame
    smallest_diversity: int | None = None


def k_anonymity(
    frame: pd.DataFrame,
    *,
    quasi: Sequence[str] | None = None,
    k: int = RULES.k,
    ladder: Sequence[Rung | tuple[str, Mapping[Any, Any] | Callable[[Any], Any]]] | None = LADDER,
    top_code: Sequence[str] = TOP_CODED,
    sensitive: Sequence[str] = (),
) -> KAnonymity:
    """Coarsen records, step by step, until every one is alike at least k - 1 others; leave out what stays alone.

    Parameters
    ----------
    frame : DataFrame
        One row a record (a building, a dwelling).
    quasi : sequence of str, optional
        The columns by which somebody could be known; None takes those the trial's tables declare (archetype, storeys,
        built_band, region, meter_class) and the frame has.
    k : int
        Least size of a class, 1 or more [records].
    ladder : sequence of Rung or (column, mapping or function)
        Steps, mildest first; None takes the trial's (storeys, years built, region, meter place). Each recodes its
        column in every record; steps on columns that are not quasi-identifiers are passed over. Climbing stops as soon
        as every class is large enough.
    top_code : sequence of str
        Columns of numbers whose largest values are brought down to the k-th largest, where the frame has them.
    sensitive : sequence of str
        Columns whose diversity within the classes is to be told.

    Returns
    -------
    KAnonymity

    Raises
    ------
    KeyError
        When a column is not there.
    ValueError
        When k is below 1, or there is no quasi-identifier.
    PersonalRefused
        When the frame holds personal data: no coarsening makes a name anonymous.

    Notes
    -----
    A missing value is a value of its own: a record is alike only to others that miss it too. Identifiers of records
    (building_id) stay as they are; leave them out of a release, since tables joined by them say more together.
    k-anonymity does not hide what all records of a class share: name `sensitive` columns and read `smallest_diversity`.

    References
    ----------
    Sweeney, k-anonymity: a model for protecting privacy, International Journal of Uncertainty, Fuzziness and
    Knowledge-Based Systems 10 (2002) 557-570. Machanavajjhala et al., l-diversity, ACM TKDD 1 (2007) 3.

    Examples
    --------
    >>> homes = pd.DataFrame({"region": ["London"] * 5 + ["North East"] * 4 + ["Wales"]})
    >>> done = k_anonymity(homes, k=5)
    >>> done.frame["region"].unique().tolist(), done.suppressed_rows, done.smallest_class
    (['England'], 1, 9)
    """
    check_impersonal(frame, what="frame")
    if k < 1 or k != int(k):
        raise ValueError(f"k: {k} is not a whole number of 1 or more")
    known = [name for name in QUASI_COLUMNS if name in frame.columns] if quasi is None else list(quasi)
    if not known:
        raise ValueError(
            f"quasi: the frame has none of {', '.join(QUASI_COLUMNS)}; name the columns that could identify"
        )
    require_columns("frame", frame, [*known, *sensitive])
    coarse, steps = frame.copy(), []
    for name in [name for name in top_code if name in frame.columns]:
        capped = _cap(coarse[name], k)
        if not capped.equals(coarse[name]):
            coarse, step = _take_step(coarse, known, k, name, capped, "largest values brought down")
            steps.append(step)
    for rung in [step if isinstance(step, Rung) else Rung(*step) for step in (LADDER if ladder is None else ladder)]:
        if rung.column in known and (_class_sizes(coarse, known) < k).any():
            values = rung.apply(coarse[rung.column])
            coarse, step = _take_step(coarse, known, k, rung.column, values, rung.about or "coarser")
            steps.append(step)
    sizes = _class_sizes(coarse, known)
    kept = coarse[(sizes >= k).to_numpy()]
    if len(kept) < len(coarse):
        steps.append(_describe_step("", "rows left out", sizes, _class_sizes(kept, known), k))
    smallest = _smallest(_class_sizes(kept, known))
    if smallest and smallest < k:  # pragma: no cover - the proof of the rule, not a branch of it
        raise RuntimeError(f"a class of {smallest} records is left for k = {k}; this is a fault of the software")
    table = pd.DataFrame(steps, columns=_STEP_COLUMNS)
    table.insert(0, "step", np.arange(1, len(table) + 1))
    return KAnonymity(kept, len(coarse) - len(kept), smallest, table, _diversity(kept, known, sensitive))


_STEP_COLUMNS = ["column", "about", "rows_below_before", "rows_below_after", "helped", "smallest_class"]


def _take_step(
    frame: pd.DataFrame, known: list[str], k: int, column: str, values: pd.Series, about: str
) -> tuple[pd.DataFrame, dict[str, object]]:
    after = frame.assign(**{column: values})
    return after, _describe_step(column, about, _class_sizes(frame, known), _class_sizes(after, known), k)


def _describe_step(column: str, about: str, before: pd.Series, after: pd.Series, k: int) -> dict[str, object]:
    below, still = int((before < k).sum()), int((after < k).sum())
    return dict(zip(_STEP_COLUMNS, [column, about, below, still, below - still, _smallest(after)], strict=True))


def _cap(values: pd.Series, k: int) -> pd.Series:
    """Return numbers none of which is above the k-th largest, so that k records share the top value."""
    present = values.dropna()
    if len(present) < k or not pd.api.types.is_numeric_dtype(values.dtype):
        return values
    return values.clip(upper=present.nlargest(k).iloc[-1])


def _class_sizes(frame: pd.DataFrame, known: list[str]) -> pd.Series:
    """Return, for each record, how many are alike it in the quasi-identifiers; missing is alike to missing."""
    if frame.empty:
        return pd.Series([], index=frame.index, dtype="int64")
    return frame.groupby(known, dropna=False, observed=True)[known[0]].transform("size").astype("int64")


def _smallest(sizes: pd.Series) -> int:
    return int(sizes.min()) if len(sizes) else 0


def _diversity(frame: pd.DataFrame, known: list[str], sensitive: Sequence[str]) -> int | None:
    if not len(sensitive) or frame.empty:
        return None
    grouped = frame.groupby(known, dropna=False, observed=True)
    return int(min(grouped[name].nunique(dropna=False).min() for name in sensitive))
