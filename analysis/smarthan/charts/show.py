"""Charts, tables and answers as they stand on a page: one display bundle each, with everything a reader needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from smarthan.personal import refuse_personal

from .bundle import Facts, caption_html, check_facts, figure_id, text_html
from .checks import find_chart_problems
from .hiding import without_status
from .tabular import csv_text, table_html

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def show_chart(
    ax: Axes,
    *,
    name: str,
    title: str,
    subtitle: str,
    alt: str,
    source: str,
    data: pd.DataFrame,
    n: str = "",
    method: str = "",
    notes: Sequence[str] = (),
    headings: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    level: int = 2,
    synthetic: bool | None = None,
    disclosure: Mapping[str, Any] | None = None,
) -> None:
    """Show a chart in a notebook with headline, caption, alternative text and its data.

    Parameters
    ----------
    ax : Axes
        What a chart function returned.
    name : str
        Short name, lower case letters, digits and underscores; unique in a pack, where it names the files.
    title : str
        The finding, in at most 10 words.
    subtitle : str
        Measure, geography, period.
    alt : str
        What the chart shows, for those who do not see it; at least 20 characters and not the title.
    source : str
        Where the data comes from.
    data : DataFrame
        The figures behind the chart; shown under it and offered as CSV.
    n : str
        Sample size, what is missing, what was left out and why.
    method : str
        How intervals were made and what the sampling unit is; needed when `data` holds an interval.
    notes : sequence of str
        Further lines of the caption, such as licences.
    headings : mapping of str to str, optional
        Column of `data` to the words above it.
    formats : mapping of str to str, optional
        Column of `data` to a format such as ".1%" or ",.0f".
    level : int
        Heading level of the title, 2 to 6.
    synthetic : bool, optional
        Whether the data is made up; by default what `data.attrs["synthetic"]` says.
    disclosure : mapping of str to plain values, optional
        The record of disclosure control, kept with the pack. A row whose column `status` says "suppressed" reads so in
        the page and in the CSV file.

    Returns
    -------
    None
        The bundle goes to the notebook's output.

    Raises
    ------
    ValueError
        When a text is missing or breaks its rule, or the drawing breaks a rule of `find_chart_problems`: all problems
        at once. Also, as PersonalRefused, when `data` holds personal data.

    References
    ----------
    ONS style guide, "Titles and text"; WCAG 2.2 success criteria 1.1.1, 1.3.1, 1.4.5; Analysis Function, "Data
    visualisation: charts".
    """
    refuse_personal(data, to=f"show_chart({name!r})")
    made_up = bool(data.attrs.get("synthetic", False)) if synthetic is None else synthetic
    facts = Facts(
        "chart", name, title, subtitle, alt, source, n, method, tuple(notes), level, made_up, dict(disclosure or {})
    )
    problems = [*check_facts(facts, data), *find_chart_problems(ax)]
    if problems:
        raise ValueError(f"show_chart({name!r}): " + "; ".join(problems))
    svg, png = _render(ax, made_up)
    table = table_html(data, caption=f"Data: {title}", headings=headings, formats=formats, synthetic=made_up)
    bundle = {
        "text/html": _chart_html(facts, svg, table),
        "image/svg+xml": svg,
        "image/png": png,
        "text/csv": csv_text(data),
        "text/plain": f"{title}\n{alt}",
    }
    _display(bundle, facts, data, headings, formats)


def show_table(
    frame: pd.DataFrame,
    *,
    name: str,
    title: str,
    source: str,
    subtitle: str = "",
    n: str = "",
    method: str = "",
    notes: Sequence[str] = (),
    headings: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    row_headers: int = 1,
    missing: str = "not available",
    synthetic: bool | None = None,
    disclosure: Mapping[str, Any] | None = None,
) -> None:
    """Show a table in a notebook with caption, scoped headers and its CSV.

    Parameters
    ----------
    frame : DataFrame
        A finished table; its index is not shown.
    name, title, source, subtitle, n, method, notes, headings, formats, synthetic, disclosure
        As in `show_chart`; a table's title may be longer than 10 words and its subtitle may be empty.
    row_headers : int
        How many columns, from the left, head their rows.
    missing : str
        Words for a missing cell; never blank.

    Returns
    -------
    None
        The bundle goes to the notebook's output.

    Raises
    ------
    ValueError
        When a text is missing or breaks its rule, or the table has no rows or columns. Also, as PersonalRefused,
        when it holds personal data.
    """
    refuse_personal(frame, to=f"show_table({name!r})")
    made_up = bool(frame.attrs.get("synthetic", False)) if synthetic is None else synthetic
    facts = Facts(
        "table", name, title, subtitle, "", source, n, method, tuple(notes), 2, made_up, dict(disclosure or {})
    )
    problems = check_facts(facts, frame)
    if problems:
        raise ValueError(f"show_table({name!r}): " + "; ".join(problems))
    table = table_html(
        frame, caption=title, headings=headings, formats=formats, row_headers=row_headers, missing=missing,
        synthetic=made_up,
    )  # fmt: skip
    bundle = {
        "text/html": f'<figure class="table" id="{figure_id(facts)}">{table}{caption_html(facts)}</figure>',
        "text/csv": csv_text(frame),
        "text/plain": f"{title}\n{without_status(frame).to_string(index=False, max_rows=20)}",
    }
    _display(bundle, facts, frame, headings, formats)


def show_answer(text: str) -> None:
    """Show words made from the numbers: paragraphs, lines that start with "- " as a list, **strong** words.

    Parameters
    ----------
    text : str
        All else is shown as it stands: foreign text cannot become markup.

    Returns
    -------
    None
        The bundle goes to the notebook's output.

    Raises
    ------
    ValueError
        When there are no words.

    Examples
    --------
    >>> from smarthan.charts.bundle import text_html
    >>> text_html("Reach is **90%**.")
    '<p>Reach is <strong>90%</strong>.</p>'
    """
    if not text.strip():
        raise ValueError("show_answer: the text is empty; say what was found, or why nothing could be")
    from IPython.display import display

    bundle = {"text/html": f'<div class="answer">{text_html(text)}</div>', "text/plain": text}
    display(bundle, raw=True, metadata={"smarthan": {"kind": "answer"}})


class Shown(Protocol):
    """A finished table with its words, as `smarthan.findings.Finding` holds them."""

    @property
    def table(self) -> pd.DataFrame: ...
    @property
    def title(self) -> str: ...
    @property
    def missing(self) -> str: ...
    @property
    def drawn(self) -> Mapping[str, Any]: ...
    @property
    def caption(self) -> dict[str, Any]: ...
    @property
    def table_caption(self) -> dict[str, Any]: ...


def show_finding(found: Shown | Sequence[Shown], draw: Callable[..., Axes] | None = None, **options: Any) -> None:
    """Show a finding as a chart or as a table; where there is nothing to show, say what is missing instead.

    Parameters
    ----------
    found : Finding, or sequence of them
        Several are shown one after the other.
    draw : callable, optional
        A chart function; without one the finding is shown as a table.
    **options
        For the chart function, beside and before what the finding's `drawn` gives it.

    Returns
    -------
    None
        The bundles go to the notebook's output.

    Raises
    ------
    KeyError, TypeError, ValueError
        As the chart function, `show_chart` and `show_table`.
    """
    for one in found if isinstance(found, Sequence) else [found]:
        if one.missing:
            show_answer(f"**{one.title}.** {one.missing}")
        elif draw is None:
            show_table(one.table, **one.table_caption)
        else:
            show_chart(draw(one.table, **{**one.drawn, **options}), **one.caption)


def _chart_html(facts: Facts, svg: str, table: str) -> str:
    from base64 import b64encode
    from html import escape

    picture = b64encode(svg.encode()).decode()
    return (
        f'<figure class="chart" id="{figure_id(facts)}">'
        f'<h{facts.level} class="headline">{escape(facts.title)}</h{facts.level}>'
        f'<p class="subtitle">{escape(facts.subtitle)}</p>'
        f'<img alt="{escape(facts.alt)}" src="data:image/svg+xml;base64,{picture}">'
        f"{caption_html(facts)}"
        f"<details><summary>Data behind this chart: {escape(facts.title)}</summary>{table}</details>"
        "</figure>"
    )


def _render(ax: Axes, synthetic: bool) -> tuple[str, str]:
    """Return the picture as SVG text and as base64 PNG, marked when its data is synthetic."""
    import io
    from base64 import b64encode

    from .style import INK_SOFT, SMALL_TEXT_PT, chart_style

    figure: Any = ax.figure
    with chart_style():
        if synthetic and not any(text.get_gid() == "synthetic" for text in figure.texts):
            mark = figure.supxlabel("Synthetic data", x=0.99, ha="right", size=SMALL_TEXT_PT, color=INK_SOFT)
            mark.set_gid("synthetic")
        vector, raster = io.StringIO(), io.BytesIO()
        figure.savefig(vector, format="svg", dpi=144, metadata={"Date": None, "Creator": None})
        figure.savefig(raster, format="png", dpi=144, metadata={"Software": None})
    return vector.getvalue(), b64encode(raster.getvalue()).decode()


def _display(
    bundle: dict[str, str],
    facts: Facts,
    frame: pd.DataFrame,
    headings: Mapping[str, str] | None,
    formats: Mapping[str, str] | None,
) -> None:
    from IPython.display import display

    from .tabular import number_columns

    known = {
        **facts.as_dict(),
        "columns": [str(column) for column in without_status(frame).columns],
        "number_columns": number_columns(frame),
        "headings": dict(headings or {}),
        "formats": dict(formats or {}),
    }
    display(bundle, raw=True, metadata={"smarthan": known})
