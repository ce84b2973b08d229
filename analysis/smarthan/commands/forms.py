"""What the commands share: the forms of output, and the two ways of speaking that the command line lends them."""

from collections.abc import Callable
from enum import StrEnum

from smarthan.commands.outcome import Outcome

Finish = Callable[[Callable[[], Outcome], str], int]
Say = Callable[[str], None]


class Form(StrEnum):
    """What stdout shows."""

    text = "text"
    json = "json"


class TableForm(StrEnum):
    """What stdout shows of a table."""

    text = "text"
    json = "json"
    csv = "csv"
