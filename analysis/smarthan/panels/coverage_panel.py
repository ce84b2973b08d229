"""The coverage look-up as fields in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smarthan.coverage import CoverageMatrix

if TYPE_CHECKING:
    from ipywidgets import VBox


def lookup_panel(matrix: CoverageMatrix, postcode: str = "") -> VBox:
    """Return fields for postcode, UPRN and day, with the answer of the matrix below them.

    Parameters
    ----------
    matrix : CoverageMatrix
        What answers.
    postcode : str
        A postcode, sector or outward code to begin with; the panel then opens with its answer.

    Returns
    -------
    ipywidgets.VBox
        Two rows: the fields with their button, and the answer. Shown by being the last line of a cell. Enter in a
        field, leaving it, or the button asks.

    Notes
    -----
    The day is the day asked, which decides between planned and overdue; empty is the release's own day. Postcodes that
    may have been meant are named, never applied. A panel lives only while its kernel does: a report shows
    `matrix.lookup(postcode)` instead.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> panel = lookup_panel(sample_matrix(), "ZE1 0AA")
    >>> [type(part).__name__ for part in panel.children]
    ['HBox', 'HTML']
    >>> "ZE1 0AA" in panel.children[1].value
    True
    """
    import ipywidgets as widgets

    wide = {"style": {"description_width": "initial"}, "layout": {"width": "15rem"}}
    typed = wide | {"continuous_update": False}  # asks when Enter is pressed or the field is left, not at each letter
    key = widgets.Text(value=postcode, description="Postcode", placeholder="SW1A 1AA", **typed)
    uprn = widgets.Text(description="UPRN", placeholder="optional", **typed)
    day = widgets.DatePicker(description="Day asked", **wide)
    ask = widgets.Button(description="Look up", button_style="primary")
    answer = widgets.HTML()

    def show(_: object = None) -> None:
        said = matrix.lookup(key.value, uprn.value.strip() or None, as_of=day.value, suggest=True)
        answer.value = f'<div role="status">{said._repr_html_()}{_meant(said.suggestions)}</div>'

    ask.on_click(show)
    for field in (key, uprn, day):
        field.observe(show, names="value")
    if postcode:
        show()
    return widgets.VBox([widgets.HBox([key, uprn, day, ask], layout={"flex_flow": "row wrap"}), answer])


def _meant(suggestions: tuple[str, ...]) -> str:
    return f"<p>Did you mean {', '.join(suggestions)}?</p>" if suggestions else ""
