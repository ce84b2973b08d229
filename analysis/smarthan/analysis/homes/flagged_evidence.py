"""Whether what the rules flagged moves an estimate: reach with and without the flagged rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.analysis.homes.home_reach import Reach, reach

if TYPE_CHECKING:
    from smarthan.trial_data import Trial

# Trial design, section 4: both estimates are printed when they differ by more than half a standard error.
MATERIAL_SE = 0.5


def reach_without_flagged(trial: Trial, stock: pd.DataFrame, reached: Reach) -> pd.DataFrame:
    """Return the national share that each technology reaches, with all accepted rows and without the flagged ones.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    stock : DataFrame
        The stock that `reached` was made with.
    reached : Reach
        `reach(trial, stock)`; roles, limits and adjustment are taken over from it where they are its own.

    Returns
    -------
    DataFrame
        One row a technology, in the order of `reached`. estimate, se, n (dwellings) with all rows;
        estimate_without_flagged, n_without_flagged; difference (without less with), difference_in_se, is_material
        (beyond half a standard error, or no estimate is left). Shares 0 to 1.

    Examples
    --------
    >>> from smarthan.analysis import housing_stock, reach
    >>> from smarthan.trial_data import sample_trial
    >>> trial, stock = sample_trial(), housing_stock()
    >>> table = reach_without_flagged(trial, stock, reach(trial, stock, ["zigbee_sub"]))
    >>> bool(table["n_without_flagged"].iloc[0] < table["n"].iloc[0])
    True
    """
    again = reach(
        trial.without_flagged(),
        stock,
        list(reached.technologies),
        roles=reached.roles,
        adjust="none" if reached.adjust == "none" else "poststratify",
        model=False,
    )
    lines = []
    for name in reached.technologies:
        whole, less = (result.estimates[name, "ALL", "ALL"] for result in (reached, again))
        lines.append(
            {
                "technology": name,
                "estimate": whole.value,
                "se": whole.se,
                "n": whole.n,
                "estimate_without_flagged": less.value,
                "n_without_flagged": less.n,
            }
        )
    table = pd.DataFrame(lines)
    table["difference"] = table["estimate_without_flagged"] - table["estimate"]
    table["difference_in_se"] = table["difference"] / table["se"].where(table["se"].gt(0))
    moved = table["difference"].abs().gt(MATERIAL_SE * table["se"])
    table["is_material"] = moved | (table["estimate_without_flagged"].isna() & table["estimate"].notna())
    table.attrs["synthetic"] = reached.synthetic
    return table
