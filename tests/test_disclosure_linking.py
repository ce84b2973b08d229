"""Several tables at once, and what is out already."""

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data import publish, suppress, suppress_linked

BY_TYPE = pd.DataFrame({"type": ["flat", "house", "Total"], "n": [30, 70, 100]})
BY_TYPE_AND_REGION = pd.DataFrame(
    {
        "type": ["flat", "flat", "house", "house", "Total", "Total"],
        "region": ["North", "South"] * 3,
        "n": [4, 26, 40, 30, 44, 56],
    }
)
BOTH = {"types": BY_TYPE, "cells": BY_TYPE_AND_REGION}
DIMS = {"types": ["type"], "cells": ["type", "region"]}


def statuses(frame: pd.DataFrame) -> list[str]:
    return frame["status"].tolist()


def test_a_cell_is_hidden_in_every_table_that_holds_it() -> None:
    small = pd.DataFrame({"type": ["flat", "house", "hut", "Total"], "n": [30, 70, 2, 102]})
    crossed = pd.DataFrame(
        {
            "type": ["flat", "house", "hut", "Total"] * 2,
            "region": ["All"] * 4 + ["Total"] * 4,
            "n": [30, 70, 2, 102] * 2,
        }
    )
    done = suppress_linked({"a": small, "b": crossed}, dims={"a": ["type"], "b": ["type", "region"]}, count="n")
    assert statuses(done["a"].table) == ["secondary", "shown", "primary", "shown"]
    assert statuses(done["b"].table)[4:] == statuses(done["a"].table)


def test_a_total_in_one_table_gives_a_cell_of_another_away_unless_both_are_looked_at() -> None:
    alone = suppress(BY_TYPE_AND_REGION, dims=["type", "region"], count="n")
    assert statuses(alone.table) == ["primary", "shown", "secondary", "shown", "shown", "shown"]
    # With 30 flats known from the other table, 30 - 26 = 4 of them are in the North.
    linked = suppress_linked(BOTH, dims=DIMS, count="n")
    assert linked["cells"].table["status"].ne("shown").sum() == 4
    assert linked["cells"].narrowest >= 10
    assert statuses(linked["types"].table) == ["shown"] * 3


def test_tables_of_different_records_are_refused() -> None:
    other = BY_TYPE.assign(n=[31, 70, 101])
    with pytest.raises(ValueError, match="'type flat, region Total' is"):
        suppress_linked(
            {"types": other, "again": BY_TYPE, "cells": BY_TYPE_AND_REGION}, dims=DIMS | {"again": ["type"]}, count="n"
        )


def test_every_table_needs_its_dimensions_and_one_must_be_new() -> None:
    with pytest.raises(KeyError, match="dims: none given for the table 'cells'"):
        suppress_linked(BOTH, dims={"types": ["type"]}, count="n")
    with pytest.raises(ValueError, match=r"published: \['other'\]"):
        suppress_linked(BOTH, dims=DIMS, count="n", published=["other"])
    with pytest.raises(ValueError, match="name some of types, cells, not all"):
        suppress_linked(BOTH, dims=DIMS, count="n", published=["types", "cells"])


def test_what_is_out_already_cannot_protect_a_cell_any_more() -> None:
    done = suppress_linked(BOTH, dims=DIMS, count="n", published=["types"])
    assert set(done) == {"cells"}
    assert statuses(done["cells"].table)[:4] == ["primary", "secondary", "secondary", "secondary"]
    assert done["cells"].is_safe


ONE = pd.DataFrame({"place": ["x", "y", "z", "Total"], "n": [4, 30, 50, 84]})


def test_the_same_table_again_gets_the_same_cells_hidden() -> None:
    first = suppress(ONE, dims=["place"], count="n")
    printed = first.table.drop(columns="status").astype({"n": "object"}).fillna({"n": "suppressed"})
    for out in (first.table, printed):
        again = suppress(ONE, dims=["place"], count="n", earlier=out)
        assert statuses(again.table) == statuses(first.table)
        assert again.is_safe


def test_another_pattern_earlier_takes_a_larger_one_now() -> None:
    # z was hidden beside x then, so y is known: it cannot be what protects x now.
    out = pd.DataFrame({"place": ["x", "y", "z", "Total"], "n": [None, 30, None, 84]})
    done = suppress(ONE, dims=["place"], count="n", earlier=out)
    assert statuses(done.table) == ["primary", "shown", "secondary", "shown"]
    assert done.is_safe


def test_a_cell_published_before_is_exposed_and_the_audit_says_so() -> None:
    done = suppress(ONE, dims=["place"], count="n", earlier=[ONE])
    assert done.table["status"].iloc[0] == "primary"
    assert not done.is_safe
    assert done.audit[["low", "high", "width", "is_protected"]].iloc[0].tolist() == [4, 4, 0, False]


def test_a_cell_pinned_by_what_is_out_is_exposed_too() -> None:
    out = pd.DataFrame({"place": ["y", "z", "Total"], "n": [30, 50, 84]})
    done = suppress(ONE, dims=["place"], count="n", earlier=out)
    assert done.audit["place"].tolist() == ["x"]
    assert not done.is_safe


def test_a_difference_of_few_from_what_is_out_hides_the_new_figure() -> None:
    before = pd.DataFrame({"place": ["x", "y", "Total"], "n": [40, 30, 70]})
    now = pd.DataFrame({"place": ["x", "y", "Total"], "n": [43, 55, 98]})
    done = suppress(now, dims=["place"], count="n", earlier=before)
    assert statuses(done.table) == ["primary", "secondary", "shown"]
    # Figures only grew, so a reader may take 40 and 30 as the least.
    assert done.audit["low"].tolist() == [40, 30]
    assert done.audit["high"].tolist() == [68, 58]


def test_a_figure_that_did_not_change_is_known() -> None:
    before = pd.DataFrame({"place": ["x", "y", "Total"], "n": [40, 30, 70]})
    now = pd.DataFrame({"place": ["x", "y", "w", "Total"], "n": [43, 30, 50, 123]})
    done = suppress(now, dims=["place"], count="n", earlier=before)
    assert statuses(done.table) == ["primary", "shown", "secondary", "shown"]


def test_a_figure_that_fell_says_nothing_of_the_least() -> None:
    before = pd.DataFrame({"place": ["x", "y", "Total", "gone"], "n": [60, 30, 90, 12]})
    now = pd.DataFrame({"place": ["x", "y", "Total"], "n": [57, 55, 112]})
    done = suppress(now, dims=["place"], count="n", earlier=before)
    assert done.audit["low"].tolist() == [0, 0]


def test_a_published_table_may_hold_labels_that_the_new_one_lacks() -> None:
    out = pd.DataFrame({"type": ["flat", "house", "Total"], "region": ["West"] * 3, "n": [12, 15, 27]})
    done = suppress(BY_TYPE_AND_REGION, dims=["type", "region"], count="n", earlier=out)
    assert done.is_safe
    assert done.table["status"].iloc[0] == "primary"


def test_a_table_published_in_part_does_not_make_the_rest_impossible() -> None:
    done = suppress_linked(
        {"types": BY_TYPE.iloc[[1, 2]], "cells": BY_TYPE_AND_REGION}, dims=DIMS, count="n", published=["types"]
    )
    assert done["cells"].is_safe
    assert statuses(done["cells"].table)[:4] == ["primary", "secondary", "secondary", "secondary"]


def test_a_new_table_must_not_give_away_what_an_earlier_one_hid() -> None:
    first = suppress(BY_TYPE_AND_REGION, dims=["type", "region"], count="n")  # hides 4 and 40 in the North
    out = {"cells": first.table.drop(columns="status"), "types": BY_TYPE}
    done = suppress_linked(out, dims=DIMS, count="n", published=["cells"])
    # With 30 flats published, 30 - 26 = 4 of them are in the North: both types are hidden.
    assert statuses(done["types"].table) == ["secondary", "secondary", "shown"]
    assert done["types"].is_safe
    assert done["types"].endangered == ()


def test_cells_that_were_never_safe_are_told() -> None:
    out = {"cells": BY_TYPE_AND_REGION.assign(n=[None, 26, 40, 30, 44, 56]), "types": BY_TYPE}
    done = suppress_linked(out, dims=DIMS, count="n", published=["cells"])
    assert done["types"].endangered == ("type flat, region North",)
    assert not done["types"].is_safe
    assert publish(done["types"]).verdict == "fail"


def test_contributors_are_taken_from_the_tables_that_have_them() -> None:
    cells = BY_TYPE_AND_REGION.assign(b=[4, 20, 30, 20, 34, 40])
    done = suppress_linked(
        {"types": BY_TYPE, "cells": cells}, dims=DIMS, count="n", contributors="b", published=["types"]
    )
    assert done["cells"].is_safe
    assert np.isfinite(done["cells"].audit["b_high"]).all()
