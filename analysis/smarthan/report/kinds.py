"""The three reports that one machinery makes: which notebooks each is of, and what it asks of them."""

from __future__ import annotations

from dataclasses import dataclass

from .needs import Needs


@dataclass(frozen=True)
class Kind:
    """One report.

    Attributes
    ----------
    name : str
    title : str
        Its usual title; empty takes the pack's own.
    about : str
        What it is, in a sentence for the person.
    needs, without : frozenset of str
        A notebook belongs to it that needs all of these inputs and none of those.
    lead : str
        What the name of the notebook holds whose answer leads the summary; where there is none, the last one leads.
    is_of_trial : bool
        Whether it is a publication of trial data: then nothing leaves without a record of disclosure control.
    """

    name: str
    title: str
    about: str
    needs: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    lead: str = ""
    is_of_trial: bool = False

    def holds(self, needs: Needs) -> bool:
        """Return whether a notebook belongs to this report.

        Examples
        --------
        >>> from smarthan.report.needs import find_needs
        >>> cell = {"cell_type": "code", "source": "data.matrix, data.installs"}
        >>> KINDS["coverage"].holds(find_needs({"cells": [cell]}))
        True
        """
        return self.needs <= set(needs.needed) and not self.without & set(needs.needed)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("consultation", "", "all notebooks, for a consultation", lead="consulted"),
        Kind(
            "characterisation",
            "Building characterisation trial: what was found",
            "the publishable report of a trial, through disclosure control",
            needs=frozenset({"trial"}),
            without=frozenset({"appraisal"}),
            lead="reaches_which_homes",
            is_of_trial=True,
        ),
        Kind(
            "coverage",
            "WAN coverage: the release, its changes and its accuracy",
            "one coverage release, what changed, and how it fared",
            needs=frozenset({"matrix"}),
            without=frozenset({"trial", "appraisal"}),
            lead="wan_reach",
        ),
    )
}
WHOLE = "consultation"
