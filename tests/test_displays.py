"""How results show themselves: as captioned tables in a notebook, as aligned text in a terminal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis.record.displays import Display, Displayed, mark_table


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Displayed]:
    appraisal = read_small(tmp_path_factory.mktemp("small"))
    simulation = appraisal.simulate(1_000)
    information = simulation.value_of_information()
    results = (appraisal, appraisal.score(), simulation, information, information.decide(), simulation.shortlist())
    return {type(each).__name__: each for each in results}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Appraisal", ["Which one?", "no score", "hard work", "20 GBP"]),
        ("Score", ["weights of one", "80.00", "Is safe: not known"]),
        ("Simulation", ["1,000 draws, weights all, seed 0", "standard errors up to 0.0"]),
        ("ValueOfInformation", ["Of knowing everything", "one", "two"]),
        ("Decision", ["Verdict: consult", "  1. No option is out", "  2. No list of up to 1"]),
        ("Shortlist", ["Shortlist b", "does not meet 0.5", "Regret by weight set"]),
    ],
)
def test_a_result_reads_well_in_both_places(shown: dict[str, Displayed], name: str, words: list[str]) -> None:
    text, html = repr(shown[name]), shown[name]._repr_html_()
    assert "synthetic: every number is invented" in text.splitlines()[0]
    for each in words:
        assert each in text
    assert "synthetic" in html
    assert "<simple>" not in html
    assert html.count("<table>") == html.count("<caption>")
    assert "DataFrame" not in text


def test_text_of_a_file_cannot_steer_a_terminal() -> None:
    frame = pd.DataFrame({"a": ["\x1b[2J"]})
    display = Display("\x1b[31mred", [mark_table(frame, "c")], ["\x07"])
    assert "\x1b" not in display.to_text()
    assert "\x07" not in display.to_text()
    assert "\\x1b[2J" in display.to_text()


def test_a_table_without_rows_says_so() -> None:
    assert "(no row)" in Display("h", [mark_table(pd.DataFrame({"a": []}), "c")]).to_text()


def test_what_shows_nothing_of_itself_is_a_fault() -> None:
    with pytest.raises(NotImplementedError):
        repr(Displayed())


def test_a_display_that_is_real_does_not_say_synthetic(tmp_path: Path) -> None:
    real = read_small(tmp_path, ("synthetic = true", "synthetic = false"))
    assert "synthetic" not in repr(real.score())
