"""The command line: the one place that reads arguments, prints and exits.

A single look-up is answered before typer, numpy or pandas are imported; every other command goes through typer.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from smarthan.commands.outcome import REFUSED, Outcome

if TYPE_CHECKING:
    import typer


class Form(StrEnum):
    """What stdout shows."""

    text = "text"
    json = "json"


class TableForm(StrEnum):
    """What stdout shows of a table."""

    text = "text"
    json = "json"
    csv = "csv"


class NetBy(StrEnum):
    """What a difference is summed by."""

    area = "area"
    lad = "lad"
    region = "region"


class Kind(StrEnum):
    """What `check` can look at."""

    coverage = "coverage"
    trial = "trial"
    appraisal = "appraisal"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code: 0 done, 1 something set aside, 2 refused."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["lookup"]:
        sys.exit(_run_lookup(given[1:]))
    sys.exit(_run_typer(given or ["--help"]))


def _run_lookup(given: list[str]) -> int:
    from smarthan.commands.lookups import answer, read_arguments

    asked = read_arguments(given)  # argparse prints its own help and errors, and exits
    return _finish(lambda: answer(asked, say=_say), asked.format)


def _run_typer(given: list[str]) -> int:
    app = _build_app()
    try:
        code = app(given, standalone_mode=False)
    except Exception as error:
        return _explain(error, given)
    return int(code or 0)


def _finish(work: Callable[[], Outcome], form: str) -> int:
    """Print an outcome, or the reason why there is none; return the exit code."""
    try:
        outcome = work()
        for note in outcome.notes:
            _say(note)
        print(outcome.render(form), flush=True)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _explain(error)
    return outcome.code


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _explain(error: Exception, given: Sequence[str] = ()) -> int:
    """Say what went wrong in one sentence on stderr, never as a traceback."""
    if os.environ.get("SMARTHAN_DEBUG"):
        raise error
    show = getattr(error, "format_message", None)
    if show is not None:
        words = show().replace("Value error, ", "").rstrip(".")
        _say(f"smarthan: {words} (given: smarthan {' '.join(given)}). Try: smarthan --help")
    elif isinstance(error, ValueError | OSError | KeyError | TypeError | ImportError):
        words = error.args[0] if isinstance(error, KeyError) and error.args else error
        _say(f"smarthan: {words}")
    else:
        _say(f"smarthan: stopped by a fault of the program ({type(error).__name__}: {error}).")
        _say("Set SMARTHAN_DEBUG=1 to see where, and report it.")
    return REFUSED


def _build_app() -> "typer.Typer":
    import typer

    app = typer.Typer(
        name="smarthan",
        help="Analytics for the WAN and HAN of Great Britain's smart meters.\n\n"
        "Exit code: 0 done, 1 done with something set aside, 2 refused and nothing written.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    for add in (_add_report, _add_lookup, _add_check, _add_score, _add_demo, _add_coverage):
        add(app)
    return app


def _add_lookup(app: "typer.Typer") -> None:
    @app.command("lookup")
    def lookup() -> None:
        """Look postcodes up in the coverage matrix."""


def _add_report(app: "typer.Typer") -> None:
    import typer

    @app.command("report")
    def report(
        config: Annotated[
            Path | None, typer.Option(help="report.toml; default ./report.toml, else demonstration")
        ] = None,
        out: Annotated[Path | None, typer.Option(help="folder of the pack; default reports/<name>")] = None,
        only: Annotated[str | None, typer.Option(help="run this notebook only: its name or how it starts")] = None,
        fast: Annotated[bool, typer.Option(help="small parameters, for a first look")] = False,
        force: Annotated[bool, typer.Option(help="run every notebook again, changed or not")] = False,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Make the consultation pack.

        One HTML page, the charts with their data, a workbook, the executed notebooks, and where it all came from.

        Example: smarthan report --config mine/report.toml --out reports/mine
        """
        from smarthan.commands.reports import make_pack

        with _progress() as progress:
            return _finish(
                lambda: make_pack(config, out, only=only, fast=fast, force=force, progress=progress), form.value
            )


def _add_check(app: "typer.Typer") -> None:
    import typer

    rejects_help = "write the quarantine to this CSV file"

    @app.command("check")
    def check(
        kind: Annotated[Kind, typer.Argument(help="what the input is")],
        path: Annotated[Path, typer.Argument(help="a release file, a trial folder or an appraisal folder")],
        rejects: Annotated[Path | None, typer.Option(help=rejects_help)] = None,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Say what is wrong with an input, row by row.

        Exit code: 0 clean, 1 rows quarantined, 2 unusable.

        Example: smarthan check trial mine/trial --rejects faulty.csv
        """
        from smarthan.commands import checks

        run = {"coverage": checks.check_coverage, "trial": checks.check_trial, "appraisal": checks.check_appraisal}
        return _finish(lambda: run[kind.value](path, rejects=rejects), form.value)


def _add_score(app: "typer.Typer") -> None:
    import typer

    @app.command("score")
    def score(
        appraisal: Annotated[Path, typer.Argument(help="folder with appraisal.toml, scores, weights, evidence")],
        draws: Annotated[int, typer.Option(help="draws of the simulation", min=1, max=10_000_000)] = 100_000,
        seed: Annotated[int, typer.Option(help="seed of the simulation", min=0)] = 0,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Score candidates: problems, gates, ranking, robustness.

        Example: smarthan score mine/appraisal --draws 20000
        """
        from smarthan.commands.scores import score_appraisal

        return _finish(lambda: score_appraisal(appraisal, draws=draws, seed=seed), form.value)


def _add_demo(app: "typer.Typer") -> None:
    import typer

    @app.command("demo")
    def demo(
        folder: Annotated[Path, typer.Argument(help="a new or empty folder")],
        seed: Annotated[int, typer.Option(help="the same seed gives the same files", min=0)] = 1,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write synthetic inputs of every kind to a new folder.

        Example: smarthan demo mine
        """
        from smarthan.commands.demos import write_demo

        with _progress() as progress:
            return _finish(lambda: write_demo(str(folder), seed=seed, progress=progress), form.value)


def _add_coverage(app: "typer.Typer") -> None:
    import typer

    group = typer.Typer(
        help="Releases of the coverage matrix: compare them, roll them up.",
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    for add in (_add_coverage_diff, _add_coverage_rollup):
        add(group)
    app.add_typer(group, name="coverage")


def _add_coverage_diff(group: "typer.Typer") -> None:
    import typer

    @group.command("diff")
    def diff(
        before: Annotated[str, typer.Argument(help="the earlier release: a folder or file; with --store its id")],
        after: Annotated[str, typer.Argument(help="the later release")],
        store: Annotated[Path | None, typer.Option(help="a release store that holds both")] = None,
        by: Annotated[NetBy | None, typer.Option(help="show the net change of each area, district or region")] = None,
        out: Annotated[Path | None, typer.Option(help="write the changed locations to this CSV file")] = None,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Say what changed between two releases.

        Added and removed, gained and lost, plans fulfilled, slipped and overdue; premises; alarms.

        Example: smarthan coverage diff releases/2026-08 releases/2026-11 --by region
        """
        from smarthan.commands.differences import compare_releases

        by_name = by.value if by else None
        return _finish(lambda: compare_releases(before, after, store=store, by=by_name, out=out), form.value)


def _add_coverage_rollup(group: "typer.Typer") -> None:
    import typer

    @group.command("rollup")
    def rollup(
        by: Annotated[str, typer.Option(help="area, outward, sector, lad, region, country ...; several with commas")],
        matrix: Annotated[Path | None, typer.Option(help="a release folder, file or store")] = None,
        as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day asked; today")] = None,
        out: Annotated[Path | None, typer.Option(help="write the table to this CSV file")] = None,
        form: Annotated[TableForm, typer.Option("--format", help="what stdout shows")] = TableForm.text,
    ) -> int:
        """Sum a release up: premises in each state, and the covered share, per area.

        Example: smarthan coverage rollup --by region
        """
        from smarthan.commands.rollups import roll_release_up

        day = as_of.date() if as_of else None
        return _finish(
            lambda: roll_release_up(by, matrix=matrix, as_of=day, out=out, form=form.value, say=_say), form.value
        )


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """Yield a function that is told steps done, steps in all and what runs; it shows them on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total, words: _say(f"[{done}/{total}] {words}")
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda done, total, words: bar.update(task, completed=done, total=total, description=words)
