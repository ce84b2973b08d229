"""The three lists as a demonstration: made up, and marked so in every row."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.files import write_csv

from .comments import Comments, read_comments
from .declared import COMMENT_KINDS, OWNER_GROUPS, RESPONDENT_TYPES, STANCES
from .register import Register, read_register
from .responses import Responses, read_responses

SAMPLE_DAY = dt.date(2026, 11, 2)

# Title, kind, area, links: invented, of the sort that such a register holds.
_ENTRIES = (
    (
        "Loss through riser cupboard doors is not measured",
        "gap",
        "building",
        "building_type:flat_high; criterion:reach_flat",
    ),
    ("No basement meter room in two regions of the sample", "gap", "building", "building_type:flat_high"),
    (
        "Sub-gigahertz share of converted flats rests on few buildings",
        "gap",
        "building",
        "building_type:flat_converted",
    ),
    ("Equipment price is a supplier's claim, no second quotation", "gap", "cost", "criterion:capex"),
    (
        "Visit time for new cable differs by a factor of two between respondents",
        "issue",
        "installation",
        "criterion:install; option:tp",
    ),
    ("Profile not shown end to end over the alternative link", "gap", "security", "option:wmbus; criterion:app"),
    ("Security characteristics of one candidate not assessed", "gap", "security", "option:moca; criterion:security"),
    (
        "Battery life of gas meters under the candidate's polling is unknown",
        "gap",
        "metering",
        "option:wifi; criterion:gas",
    ),
    ("Noise in the evening hour was recorded on weekdays only", "gap", "power line", "criterion:noise"),
    ("Landlord's consent may delay wired work", "risk", "installation", "option:eth; criterion:disruption"),
    ("Vendors may leave before volume supply", "risk", "procurement", "criterion:vendors"),
    ("Spectrum rules may change before roll-out", "risk", "spectrum", "option:zb868"),
    ("Two readings of the hub mounting rule in the standard", "issue", "architecture", ""),
    ("Test house has one slot a quarter", "risk", "project", ""),
    ("Ask for a second quotation of power-line modems", "action", "procurement", "option:nbplc; criterion:capex"),
    ("Agree the fade margin with suppliers", "action", "architecture", "technology:zigbee_2g4"),
    (
        "Hub and meter share a supply phase in houses",
        "assumption",
        "power line",
        "technology:nb_plc; building_type:semi",
    ),
    ("Housing stock of 2011 stands for today's", "assumption", "building", ""),
    ("Weak coverage in two upland districts is a matter of planned masts", "issue", "coverage", "coverage_area:PH41"),
    (
        "Delivered packets in the noisiest hour are a panel's estimate",
        "gap",
        "power line",
        "criterion:noise; option:bbplc",
    ),
    ("Outbuilding meters are not in the frame", "gap", "building", "building_type:detached"),
    ("Who owns shared equipment in a block is not settled", "issue", "procurement", "building_type:flat_low"),
    ("Operation cost of a repeater is unknown", "gap", "cost", "option:rep; criterion:o_m"),
    ("In-home display does not show the link's state", "issue", "consumer", "criterion:usability"),
)
_DOCUMENTS = (
    "Technical specification v0.9",
    "Security architecture v1.2",
    "Installation guide v2",
    "Trial protocol v3",
)
# One sentence a theme, with ways to put it: near-duplicates are meant.
_THEMES = (
    ("Please state the frequency band in which the hub must operate", "clarify"),
    ("The standing power of the hub should have an upper limit", "change"),
    ("Section should say who may open the riser cupboard", "clarify"),
    ("Tariff display is not a matter for this document", "out_of_scope"),
    ("The test method for reach in flats is missing", "change"),
    ("Define what counts as a working link", "clarify"),
    ("Allow a repeater where the first link fails", "change"),
    ("Billing disputes should be covered", "out_of_scope"),
)
_OPENINGS = ("", "We think: ", "As said before, ", "Again: ")
_ENDINGS = (".", ", and by when.", " (see our letter).", "; this held up our work.")
_QUESTIONS = (
    ("Q1", "market", (0.12, 0.33, 0.25, 0.19, 0.11)),
    ("Q1", "mandate", (0.05, 0.15, 0.20, 0.35, 0.25)),
    ("Q2", "zb868", (0.30, 0.45, 0.15, 0.07, 0.03)),
    ("Q2", "nbplc", (0.12, 0.26, 0.22, 0.26, 0.14)),
    ("Q3", "", (0.20, 0.30, 0.30, 0.12, 0.08)),
)
_REASONS = (
    "Competition will find the cheapest equipment for each building",
    "A mandate avoids stranded equipment when a home changes supplier",
    "Flats need one shared solution, whoever supplies the energy",
    "The evidence for high flats is too thin to choose now",
)
_LEANING = {"supplier": 1, "manufacturer": 1, "consumer_body": -1, "landlord": -1}


def sample_register() -> Register:
    """Return the demonstration register: synthetic, and says so.

    Returns
    -------
    Register
        48 entries as of 2 November 2026.

    Examples
    --------
    >>> sample_register()
    Register of 48 entries, 34 live, as of 2026-11-02, SYNTHETIC
    """
    with tempfile.TemporaryDirectory() as folder:
        write_demonstration_registers(folder)
        return read_register(folder, day=SAMPLE_DAY)


def sample_comments() -> Comments:
    """Return the demonstration comments: synthetic, and say so.

    Returns
    -------
    Comments
        200 comments of 24 bodies on four documents.

    Examples
    --------
    >>> len(sample_comments().table)
    200
    """
    with tempfile.TemporaryDirectory() as folder:
        write_demonstration_registers(folder)
        return read_comments(folder)


def sample_responses() -> Responses:
    """Return the demonstration answers to a consultation: synthetic, and say so.

    Returns
    -------
    Responses
        Answers of 240 respondents to three questions, one in eight in confidence.

    Examples
    --------
    >>> sample_responses().tally()[["option", "word"]].values.tolist()[0]
    ['mandate', 'weak disagreement']
    """
    with tempfile.TemporaryDirectory() as folder:
        write_demonstration_registers(folder)
        return read_responses(folder)


def write_demonstration_registers(folder: str | os.PathLike[str], *, seed: int = 1) -> Path:
    """Write synthetic `register.csv`, `comments.csv` and `responses.csv`.

    Parameters
    ----------
    folder : path
        An existing folder.
    seed : int
        The same seed gives the same bytes.

    Returns
    -------
    Path
        The folder.
    """
    target = Path(folder)
    for number, (name, make) in enumerate((("register", _entries), ("comments", _comments), ("responses", _answers))):
        write_csv(make(np.random.default_rng([seed, number])).assign(synthetic="true"), target / f"{name}.csv")
    return target


def _entries(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for number in range(2 * len(_ENTRIES)):
        title, kind, area, links = _ENTRIES[number % len(_ENTRIES)]
        again = number >= len(_ENTRIES)
        raised = SAMPLE_DAY - dt.timedelta(days=int(rng.integers(200 if again else 5, 420 if again else 260)))
        due = raised + dt.timedelta(days=int(rng.integers(30, 330)))
        status = (
            str(rng.choice(["closed", "withdrawn", "open"], p=[0.5, 0.1, 0.4]))
            if again
            else str(rng.choice(["open", "in_progress"]))
        )
        ended = (
            raised + (SAMPLE_DAY - raised) * float(rng.uniform(0.2, 0.95))
            if status in ("closed", "withdrawn")
            else None
        )
        rows.append(
            {
                "id": f"SYN-{number + 1:03d}",
                "kind": kind,
                "title": f"{title}, second round" if again else title,
                "area": area,
                "owner_group": str(rng.choice(OWNER_GROUPS)),
                "raised": raised.isoformat(),
                "due": due.isoformat() if rng.random() < 0.85 else "",
                "status": status,
                "closed": ended.isoformat() if ended else "",
                "priority": str(rng.choice(["high", "medium", "low"], p=[0.3, 0.45, 0.25])),
                "source": f"Meeting {int(rng.integers(3, 12))}",
                "links": "" if again else links,
                "note": "",
            }
        )
    return pd.DataFrame(rows)


def _comments(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for number in range(200):
        text, kind = _THEMES[int(rng.integers(len(_THEMES)))]
        wording = f"{rng.choice(_OPENINGS)}{text}{rng.choice(_ENDINGS)}"
        document, section = str(rng.choice(_DOCUMENTS)), f"{rng.integers(1, 9)}.{rng.integers(1, 6)}"
        answered = rng.random() < 0.62
        rows.append(
            {
                "id": f"SYN-C{number + 1:03d}",
                "respondent": f"Synthetic body {int(24 * rng.beta(1, 2)) + 1:02d}",
                "document": document,
                "section": section,
                "comment": wording,
                "kind": kind if rng.random() < 0.9 else str(rng.choice(COMMENT_KINDS)),
                "response": "Taken over in the next version." if answered else "",
                "answered_in": f"{document}, section {section}" if answered and rng.random() < 0.9 else "",
                "next_milestone": "" if answered or rng.random() < 0.2 else f"Meeting {int(rng.integers(12, 15))}",
            }
        )
    return pd.DataFrame(rows)


def _answers(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for number in range(240):
        kind = str(rng.choice(RESPONDENT_TYPES, p=[0.2, 0.1, 0.15, 0.08, 0.17, 0.08, 0.05, 0.12, 0.05]))
        confidential = rng.random() < 0.125
        for question, option, chances in _QUESTIONS:
            if rng.random() < 0.8:
                stance = (
                    str(rng.choice(STANCES, p=_lean(chances, _LEANING.get(kind, 0)))) if rng.random() < 0.92 else ""
                )
                rows.append(
                    {
                        "respondent": f"Synthetic respondent {number + 1:03d}",
                        "respondent_type": kind,
                        "question": question,
                        "option": option,
                        "stance": stance,
                        "text": f"{rng.choice(_OPENINGS)}{rng.choice(_REASONS)}." if rng.random() < 0.3 else "",
                        "confidential": "true" if confidential else "false",
                    }
                )
    return pd.DataFrame(rows)


def _lean(chances: Sequence[float], towards: int) -> npt.NDArray[np.float64]:
    """Return the chances of the stances, moved one way for a type of respondent that leans."""
    tilt = np.exp(0.5 * towards * np.array([1, 0.5, 0, -0.5, -1])) * np.array(chances)
    return tilt / tilt.sum()
