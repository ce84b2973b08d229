"""What a command has to say, before anything is printed."""

from __future__ import annotations

from smarthan.records import record

DONE, SET_ASIDE, REFUSED = 0, 1, 2


class Refused(ValueError):
    """The command cannot be carried out as asked; nothing was written."""


@record
class Outcome:
    """A command's answer.

    Attributes
    ----------
    text : str
        For a person, to stdout.
    document : object
        The same facts for a program, JSON-ready.
    notes : tuple of str
        Remarks for stderr.
    code : int
        0 done, 1 done with something set aside, 2 refused.
    """

    text: str
    document: object = None
    notes: tuple[str, ...] = ()
    code: int = DONE

    def render(self, form: str) -> str:
        """Return the text, or the document as JSON when `form` is "json"."""
        if form == "json":
            import json

            return json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)
        return self.text
