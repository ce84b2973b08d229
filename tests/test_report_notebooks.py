"""Notebooks are committed stripped, and stripping twice changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from smarthan.report import ReportRefused, notebook_folder
from smarthan.report.normalising import normalise_notebook
from smarthan.report.notebooks import list_notebooks, notebook_text, read_notebook, strip_notebook
from smarthan.report.strip import strip_files

RUN: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "id": "ask", "metadata": {"papermill": {"duration": 0.1}}, "source": ["# Why", "?"]},
        {
            "cell_type": "code",
            "id": "b!",
            "metadata": {"tags": ["parameters"], "execution": {"start": "now"}, "collapsed": True},
            "source": "seed: int = 1  # seed",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}],
            "execution_count": 4,
        },
        {
            "cell_type": "code",
            "id": "x1",
            "metadata": {"tags": ["injected-parameters"]},
            "source": "seed = 2",
            "outputs": [
                {
                    "output_type": "display_data",
                    "data": {"text/html": ["<p>", "x"]},
                    "metadata": {"a": 1, "smarthan": {}},
                }
            ],
            "execution_count": 5,
        },
    ],
    "metadata": {"papermill": {"end_time": "now"}, "language_info": {"name": "python", "version": "3.11.2"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def test_stripping_leaves_words_tags_and_ids_only() -> None:
    stripped = strip_notebook(RUN)
    assert [cell["id"] for cell in stripped["cells"]] == ["ask", "cell-01"]
    code = stripped["cells"][1]
    assert (code["metadata"], code["outputs"], code["execution_count"]) == ({"tags": ["parameters"]}, [], None)
    assert stripped["metadata"]["language_info"] == {"name": "python"}
    assert "papermill" not in json.dumps(stripped)


def test_stripping_is_idempotent_and_changes_no_input() -> None:
    before = json.dumps(RUN)
    once = strip_notebook(RUN)
    assert strip_notebook(once) == once
    assert json.dumps(RUN) == before


def test_files_are_stripped_in_place_once(tmp_path: Path) -> None:
    file = tmp_path / "01_why.ipynb"
    file.write_text(json.dumps(RUN))
    assert strip_files([file]) == [file]
    assert strip_files([file]) == []
    assert read_notebook(file)["cells"][0]["source"] == ["# Why?"]
    assert file.read_text() == notebook_text(strip_notebook(RUN))


@pytest.mark.parametrize("text", ["", "[]", '{"nbformat": 3}', "\x00"])
def test_what_is_no_notebook_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "01_why.ipynb"
    file.write_text(text)
    with pytest.raises(ReportRefused, match=r"01_why\.ipynb"):
        read_notebook(file)


def test_an_executed_notebook_keeps_results_and_loses_times_ids_and_versions() -> None:
    normal = normalise_notebook(RUN)
    assert [cell["id"] for cell in normal["cells"]] == ["c000", "c001", "c002"]
    assert normal["cells"][1]["outputs"][0]["text"] == "a\nb"
    assert normal["cells"][2]["outputs"][0] == {
        "output_type": "display_data",
        "data": {"text/html": "<p>x"},
        "metadata": {"smarthan": {}},
    }
    text = json.dumps(normal)
    assert [word for word in ("papermill", "3.11.2", "now", "collapsed") if word in text] == []


def test_the_reading_order_names_every_notebook_once_and_ends_with_the_consultation() -> None:
    folder = notebook_folder()
    named = (folder / "reading_order.txt").read_text(encoding="utf-8").split()
    assert list(list_notebooks(folder)) == named
    assert sorted(named) == sorted(path.stem for path in folder.glob("*.ipynb"))
    assert named[-1] == "06_what_should_be_consulted_on"


def test_notebooks_without_a_place_in_the_order_follow_by_name(tmp_path: Path) -> None:
    for name in ("01_a", "02_b", "03_c"):
        (tmp_path / f"{name}.ipynb").write_text("{}")
    (tmp_path / "reading_order.txt").write_text("03_c\n09_gone\n")
    assert list(list_notebooks(tmp_path)) == ["03_c", "01_a", "02_b"]
