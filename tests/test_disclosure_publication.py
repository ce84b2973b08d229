"""The one way out: judged, recorded, written."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.personal import PersonalRefused
from smarthan.trial_data import (
    PublicationRefused,
    find_class_disclosure,
    k_anonymity,
    publish,
    read_identity,
    suppress,
)
from smarthan.trial_data.disclosure.gate import check_impersonal

HOMES = pd.DataFrame(
    {"place": ["x", "y", "z", "Total"], "n": [4, 30, 50, 84], "share": [0.25, 0.5, 0.75, 0.6], "fit": [True] * 4}
)


def test_a_table_with_a_small_cell_goes_out_hidden_and_is_to_be_looked_at() -> None:
    done = publish(HOMES, dims=["place"], count="n")
    assert done.verdict == "review"
    assert done.reasons == ("2 of 4 cells are suppressed; look at what is left",)
    assert done.table["status"].tolist() == ["suppressed", "suppressed", "shown", "shown"]
    assert done.record == {
        "method": "suppression",
        "dims": ["place"],
        "count": "n",
        "threshold": 10,
        "dominance": None,
        "protection": 10.0,
        "cells": 4,
        "cells_suppressed": 2,
        "narrowest_interval": 34.0,
        "verdict": "review",
        "reasons": list(done.reasons),
        "rows": 4,
        "columns": ["place", "n", "share", "fit"],
        "synthetic": False,
    }


def test_a_safe_table_passes() -> None:
    done = publish(HOMES, dims=["place"], count="n", threshold=3)
    assert (done.verdict, done.reasons) == ("pass", ())
    assert done.record["narrowest_interval"] is None
    assert done.printed()["n"].tolist() == HOMES["n"].tolist()


def test_numbers_stay_numbers_and_hidden_ones_are_the_word() -> None:
    printed = publish(HOMES, dims=["place"], count="n").printed()
    assert printed.columns.tolist() == HOMES.columns.tolist()
    assert printed.iloc[0].tolist() == ["x", "suppressed", "suppressed", "suppressed"]
    assert printed.iloc[2].tolist() == ["z", 50, 0.75, True]


def test_what_was_missing_before_is_not_called_suppressed() -> None:
    done = publish(HOMES.assign(share=[0.25, 0.5, None, 0.6]), dims=["place"], count="n")
    assert done.printed()["share"].isna().tolist() == [False, False, True, False]


def test_which_cell_is_primary_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    publish(HOMES, dims=["place"], count="n", to=path)
    everything = path.read_text() + (tmp_path / "homes.csv.disclosure.json").read_text()
    assert "primary" not in everything
    assert "secondary" not in everything
    assert path.read_text() == (
        "place,n,share,fit\nx,suppressed,suppressed,suppressed\ny,suppressed,suppressed,suppressed\n"
        "z,50,0.75,True\nTotal,84,0.6,True\n"
    )
    assert json.loads((tmp_path / "homes.csv.disclosure.json").read_text())["cells_suppressed"] == 2


def test_a_synthetic_table_says_so_in_the_file_and_in_the_record(tmp_path: Path) -> None:
    made_up = HOMES.copy()
    made_up.attrs["synthetic"] = True
    done = publish(made_up, dims=["place"], count="n", to=tmp_path / "homes.csv.gz")
    assert done.record["synthetic"] is True
    assert pd.read_csv(tmp_path / "homes.csv.gz")["synthetic"].all()


def test_a_workbook_holds_numbers_words_and_nothing_else(tmp_path: Path) -> None:
    risky = HOMES.assign(place=["=1+1", "y", "z", "Total"], wide=[1.0, 2.0, np.inf, None])
    publish(risky, dims=["place"], count="n", to=tmp_path / "a.xlsx")
    publish(risky, dims=["place"], count="n", to=tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        words = packed.read("xl/sharedStrings.xml").decode()
        assert not [name for name in packed.namelist() if "external" in name or "vba" in name or "comments" in name]
    assert "<f>" not in sheet
    assert "<v>50</v>" in sheet
    assert "<v>0.75</v>" in sheet
    assert "'=1+1" in words
    assert "suppressed" in words
    assert "no limit" in words


def test_rounding_is_the_alternative() -> None:
    done = publish(HOMES, dims=["place"], count="n", method="round")
    assert done.verdict == "review"
    assert done.table["n"].tolist() == [5, 30, 50, 85]
    assert done.record["base"] == 5
    assert "status" not in done.printed()


def test_checking_only_fails_a_table_with_an_unsafe_cell(tmp_path: Path) -> None:
    done = publish(HOMES, dims=["place"], count="n", method="check")
    assert done.verdict == "fail"
    assert done.reasons == ("2 of 4 cells are unsafe to show; suppress or round them",)
    pd.testing.assert_frame_equal(done.table, HOMES)
    assert publish(HOMES, dims=["place"], count="n", method="check", threshold=3).verdict == "pass"
    with pytest.raises(PublicationRefused, match="not published: 2 of 4 cells") as refused:
        publish(HOMES, dims=["place"], count="n", method="check", to=tmp_path / "homes.csv")
    assert refused.value.reasons == done.reasons
    assert list(tmp_path.iterdir()) == []


def test_what_is_out_already_fails_a_table() -> None:
    done = publish(HOMES, dims=["place"], count="n", earlier=HOMES)
    assert done.verdict == "fail"
    assert "1 suppressed cells can be worked out from what is already published" in done.reasons


def test_a_table_nobody_can_check_is_to_be_looked_at() -> None:
    done = publish(pd.DataFrame({"wall": ["brick"], "loss_db": [6.9]}))
    assert done.verdict == "review"
    assert done.record["method"] == "none"


def test_rows_that_are_left_out_say_that_they_are_empty() -> None:
    crossed = pd.DataFrame({"a": ["x", "x", "y"], "b": ["1", "2", "1"], "n": [20, 30, 40]})
    done = publish(crossed, dims=["a", "b"], count="n")
    assert done.verdict == "review"
    assert done.reasons == ("1 combinations have no row, which says that they are 0; add those that could occur",)
    margins = pd.DataFrame({"a": ["x", "y", "Total"], "b": ["Total"] * 3, "n": [20, 30, 50]})
    assert publish(margins, dims=["a", "b"], count="n").verdict == "pass"


def test_a_suppressed_table_is_taken_as_it_is() -> None:
    safe = suppress(HOMES, dims=["place"], count="n", threshold=5, largest="n", dominance=1.0)
    done = publish(safe)
    assert done.record["threshold"] == 5
    assert done.record["dominance"] == 1.0
    assert done.record["cells_suppressed"] == 2
    assert safe.table["status"].tolist()[0] == "primary"


def test_a_cell_that_nothing_bounds_has_no_narrowest_interval() -> None:
    done = publish(HOMES.iloc[:3], dims=["place"], count="n")
    assert done.record["narrowest_interval"] is None
    assert done.record["cells_suppressed"] == 1


def test_records_go_out_only_when_k_anonymous() -> None:
    alike = pd.DataFrame({"region": ["Wales"] * 6, "wall": ["brick"] * 6})
    assert publish(k_anonymity(alike)).verdict == "pass"
    shared = publish(k_anonymity(alike, sensitive=["wall"]))
    assert shared.reasons == ("in some class every record has the same sensitive value",)
    few = publish(k_anonymity(alike, k=2, ladder=[]))
    assert few.verdict == "pass"
    two = publish(k_anonymity(alike.iloc[:3], k=2))
    assert two.verdict == "fail"
    left_out = publish(k_anonymity(pd.DataFrame({"region": ["Wales"] * 6 + ["Scotland"]})))
    assert left_out.verdict == "review"
    assert left_out.record["rows_suppressed"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "hide"}, "method: 'hide' is not one of suppress, round, check"),
        ({"to": "homes.pdf"}, "neither .csv"),
    ],
)
def test_what_is_not_offered_is_refused(options: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        publish(HOMES, dims=["place"], count="n", **options)  # type: ignore[arg-type]


def test_personal_columns_go_nowhere(tmp_path: Path) -> None:
    for name in ("uprn", "MPAN", " address", "postcode", "latitude", "contact"):
        with pytest.raises(match="is personal data and is never written") as refused:
            publish(HOMES.assign(**{name: "secret"}), dims=["place"], count="n", to=tmp_path / "a.csv")
        assert name in str(refused.value)
        assert "secret" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_table_joined_with_identity_goes_nowhere_under_any_name(tmp_path: Path) -> None:
    path = tmp_path / "identity.csv"
    path.write_text("building_id,uprn\nB1,10001\n")
    identity = read_identity(path).frame
    renamed = identity[["building_id", "uprn"]].rename(columns={"uprn": "number"})
    untagged = renamed.copy()
    untagged.attrs = {}
    for frame in (identity, renamed, untagged):
        with pytest.raises(PersonalRefused, match="personal"):
            publish(frame, to=tmp_path / "a.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["identity.csv"]


@pytest.mark.parametrize("cell", ["near SW1A 1AA", "ring 020 7946 0018", "a.b@example.com"])
def test_a_cell_that_looks_personal_goes_nowhere(cell: str) -> None:
    with pytest.raises(match="note is personal") as refused:
        check_impersonal(HOMES.assign(note=[cell, None, "fine", "fine"]))
    assert cell not in str(refused.value)


def test_times_are_not_personal() -> None:
    check_impersonal(HOMES.assign(day=pd.Timestamp("2026-01-01")))


def test_shares_of_all_or_none_in_small_groups_are_found() -> None:
    reach = pd.DataFrame(
        {"share": [0.0, 1.0, 0.5, 1.0, None], "homes": pd.array([12, 29, 12, 30, None], dtype="Int64")}
    )
    assert find_class_disclosure(reach, share="share", of="homes").index.tolist() == [0, 1]
    assert find_class_disclosure(reach, share="share", of="homes", small_group=20).index.tolist() == [0]
    with pytest.raises(KeyError, match="no column n"):
        find_class_disclosure(reach, share="share", of="n")


def test_canaries_never_reach_a_file(tmp_path: Path) -> None:
    canary = "canary-7f3a"
    path = tmp_path / "identity.csv"
    path.write_text(f"building_id,address,contact\nB1,{canary},{canary}\n")
    frame = read_identity(path).frame
    out = tmp_path / "out"
    out.mkdir()
    said = io.StringIO()
    for shape in (frame, frame.rename(columns=str.upper), frame.rename(columns={"address": "a", "contact": "b"})):
        for name in ("t.csv", "t.xlsx"):
            with pytest.raises(PersonalRefused) as refused:
                publish(shape, to=out / name)
            said.write(str(refused.value))
    assert list(out.iterdir()) == []
    assert canary not in said.getvalue()
