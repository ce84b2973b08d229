"""A small appraisal, written in the open, whose totals can be checked by eye: three options, three criteria, a gate."""

from __future__ import annotations

from pathlib import Path

from smarthan.analysis import Appraisal, read_appraisal

TOML = """\
format = "smarthan-appraisal/1"
id = "small"
title = "Small & <simple>"
status = "draft"
synthetic = true
decision = "Which one?"
baseline = "a"
as_of = 2020-01-01
max_regret = 0.5
max_shortlist = 1
options = [{id = "a", label = "Option A"}, {id = "b", label = "Option B"}, {id = "c", label = "Option C"}]
gates = [{id = "safe", label = "Is safe"}]
criteria = [
  {id = "cost", label = "Cost", unit = "GBP", better = "low", range = [0, 100], value = "linear"},
  {id = "reach", label = "Reach", unit = "share", better = "high", range = [0, 1], value = "linear"},
  {id = "ease", label = "Ease", scale = "ease"},
]
[scales]
ease = [{id = "hard_work", value = 0, means = "two visits"}, {id = "easy", value = 100, means = "no visit"}]
[agreed]
on = 2019-12-01
by = "The group"
[money]
criterion = "cost"
premises = 1000
"""
# Points by hand: a 80, 60, 100; b 60, 90, 100; c 20, 50 (missing), 0.
SCORES = """\
option,criterion,assessor,level,best,low,high,dist,n,k,p,evidence,confidence,note
a,cost,x,,20,10,40,triangular,,,,E1,high,
a,reach,x,,0.6,0.5,0.7,uniform,,,,E1,medium,
a,ease,x,easy,,,,,,,,E1,high,
b,cost,x,,30,20,40,,,,,E2,low,
b,cost,y,,50,45,90,,,,,,,quoted <b>
b,reach,x,,0.9,0.5,1.0,,,,,E2,low,
b,ease,x,easy,,,,,,,,E1,high,
c,cost,x,,80,70,90,,,,,E1,medium,
c,reach,x,,,,,,,,,,,nobody knows
c,ease,x,hard_work,,,,,,,,E1,high,
a,safe,x,yes,,,,,,,,E1,high,
b,safe,x,yes,,,,,,,,E1,high,
b,safe,y,unknown,,,,,,,0.5,E1,low,
c,safe,x,yes,,,,,,,,E1,high,
"""
# one: cost .5, reach .25, ease .25 -> a 80, b 77.5, c 22.5; two: cost .25, reach .5, ease .25 -> a 75, b 85, c 30.
WEIGHTS = """\
assessor,criterion,swing,rank,weight,low,high,note
one,cost,100,,,,,money first
one,reach,50,,,,,
one,ease,50,,,,,
two,cost,,,0.25,,,
two,reach,,,0.5,,,
two,ease,,,0.25,,,
"""
EVIDENCE = """\
id,title,kind,date,where,quality,owner
E1,A trial,measurement,2019-06-01,trial.csv,high,the group
E2,An old claim,claim,2010-01-01,claim.pdf,low,a maker
"""


def write_small(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the small appraisal, each (old, new) text changed once, and return its folder."""
    files = {"appraisal.toml": TOML, "scores.csv": SCORES, "weights.csv": WEIGHTS, "evidence.csv": EVIDENCE}
    for old, new in changes:
        names = [name for name, text in files.items() if old in text]
        assert len(names) == 1, f"{old!r} stands in {names}"
        files[names[0]] = files[names[0]].replace(old, new, 1)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read_small(folder: Path, *changes: tuple[str, str]) -> Appraisal:
    """Read the small appraisal, changed."""
    return read_appraisal(write_small(folder, *changes))
