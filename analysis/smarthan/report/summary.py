"""The page for those who decide: what each notebook asked and what it answered, in the words of its own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A first paragraph is cut for the one page, at the end of a sentence, when it is longer than this.
LONGEST_LINE = 300
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9*])")


@dataclass(frozen=True)
class Answered:
    """A question and its answer.

    Attributes
    ----------
    id : str
        Of the part of the page that leads to the answer.
    question : str
    answer : str
        The whole answer: paragraphs, "- " lists and **strong** words; empty when the notebook gave none.
    """

    id: str
    question: str
    answer: str

    @property
    def short(self) -> str:
        """The first paragraph, of which whole sentences are kept; what leads to a list takes its items along.

        Examples
        --------
        >>> Answered("part-01", "Where?", "**Here**. There.\\n\\nMore.").short
        '**Here**. There.'
        >>> Answered("part-01", "Where?", "At these:\\n\\n- A: 3. Or so.\\n- B: 2.").short
        'At these: A: 3; B: 2.'
        """
        first, *later = self.answer.split("\n\n")
        kept = ""
        for sentence in _sentences(line for line in first.splitlines() if not line.startswith("- ")):
            leads_to_a_list = sentence.endswith(":")
            if kept and (leads_to_a_list or len(kept) + len(sentence) > LONGEST_LINE):
                break
            kept = f"{kept} {sentence}".strip()
        return f"{kept}{self._what_follows(later, len(kept))}" if kept.endswith(":") else kept

    def _what_follows(self, later: Sequence[str], length: int) -> str:
        """Return what stands behind a colon: the first sentence of each item that has room, else of what comes next."""
        items = [_sentences([line[2:]])[0] for line in self.answer.splitlines() if line.startswith("- ")]
        found = [item.removesuffix(".") for item in items or _sentences(later)[:1] if item]
        said = ""
        for item in found:
            if said and length + len(said) + len(item) > LONGEST_LINE:
                break
            said = f"{said}; {item}" if said else f" {item}"
        return f"{said}." if said else " see there."


def _sentences(lines: Iterable[str]) -> list[str]:
    return _SENTENCE.split(" ".join(" ".join(lines).split()))


def part_id(name: str) -> str:
    """Return the id of a notebook's part of the page."""
    return f"part-{name.split('_')[0]}"


def read_answers(notebooks: Mapping[str, Mapping[str, Any]]) -> list[Answered]:
    """Return the question and the last answer of each executed notebook, in order.

    Parameters
    ----------
    notebooks : mapping of str to mapping
        Name to executed notebook.

    Returns
    -------
    list of Answered
    """
    return [
        Answered(part_id(name), _read_question(notebook) or name, _read_answer(notebook))
        for name, notebook in notebooks.items()
    ]


def _read_question(notebook: Mapping[str, Any]) -> str:
    words = "".join(notebook["cells"][0]["source"]) if notebook["cells"] else ""
    found = re.match(r"#\s+([^\n]+)", words)
    return found[1].strip() if found else ""


def _read_answer(notebook: Mapping[str, Any]) -> str:
    answers = [
        "".join(output["data"].get("text/plain", ""))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output.get("metadata", {}).get("smarthan", {}).get("kind") == "answer"
    ]
    return answers[-1] if answers else ""
