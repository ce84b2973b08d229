"""The commands as typer knows them: their arguments and help. What they do stands in the modules beside this one."""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form, Say
from smarthan.commands.outcome import Refused
from smarthan.commands.progress import show_progress
from smarthan.coverage.releases.release import parse_day


class Kind(StrEnum):
    """What `check` can look at."""

    coverage = "coverage"
    trial = "trial"
    appraisal = "appraisal"


_AS_OF_HELP = "coverage: the day the release describes, where it states none; trial: the day asked (default today)"


def build_app(finish: Finish, say: Say) -> typer.Typer:
    """Return the command line.

    Parameters
    ----------
    finish : function
        Prints the outcome of a command and returns the exit code.
    say : function
        Tells the person something on the side.
    """
    from smarthan.commands.appraisal_app import build_group as build_appraisal_group
    from smarthan.commands.coverage_app import build_group
    from smarthan.commands.report_app import build_group as build_report_group
    from smarthan.commands.service_app import add_serve
    from smarthan.commands.service_app import build_group as build_audit_group
    from smarthan.commands.trial_app import build_group as build_trial_group

    app = typer.Typer(
        name="smarthan",
        help="Analytics for the WAN and HAN of Great Britain's smart meters.\n\n"
        "Exit code: 0 done, 1 done with something set aside, 2 refused and nothing written.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.add_typer(build_report_group(finish, say), name="report")
    _add_lookup(app)
    app.add_typer(build_group(finish, say), name="coverage")
    app.add_typer(build_trial_group(finish), name="trial")
    app.add_typer(build_appraisal_group(finish), name="appraisal")
    _add_check(app, finish, say)
    _add_score(app, finish)
    _add_demo(app, finish, say)
    add_serve(app, finish, say)
    app.add_typer(build_audit_group(finish), name="audit")
    return app


def _add_lookup(app: typer.Typer) -> None:
    @app.command("lookup")
    def lookup() -> None:
        """Look postcodes up in the coverage matrix."""


def _add_check(app: typer.Typer, finish: Finish, say: Say) -> None:
    rejects_help = "write the quarantine to this CSV file"

    @app.command("check")
    def check(
        kind: Annotated[Kind, typer.Argument(help="what the input is")],
        path: Annotated[
            Path, typer.Argument(help="a release file, or the folder or workbook of a trial or an appraisal")
        ],
        rejects: Annotated[Path | None, typer.Option(help=rejects_help)] = None,
        quarantine: Annotated[
            Path | None, typer.Option(help="trial: a new folder for the rows to mend by hand")
        ] = None,
        mended: Annotated[Path | None, typer.Option(help="trial: that folder, its rows edited, to be read too")] = None,
        as_of: Annotated[str | None, typer.Option("--as-of", "--day", metavar="DATE", help=_AS_OF_HELP)] = None,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Say what is wrong with an input, row by row.

        Exit code: 0 clean, 1 rows quarantined, 2 unusable.

        Example: smarthan check trial mine/trial --rejects faulty.csv
        """
        of_trial = {"quarantine": quarantine, "mended": mended}
        if kind is not Kind.trial and any(of_trial.values()):
            given = ", ".join(f"--{name}" for name, value in of_trial.items() if value)
            raise typer.BadParameter(f"{given} belongs to check trial")
        if kind is Kind.trial:
            from smarthan.commands.trial_checks import check_trial

            return finish(
                lambda: check_trial(path, rejects=rejects, mended=mended, quarantine=quarantine, day=as_of, say=say),
                form.value,
            )
        from smarthan.commands import checks

        run = {"coverage": checks.check_coverage, "appraisal": checks.check_appraisal}
        return finish(lambda: run[kind.value](path, rejects=rejects, **day_of(as_of, kind)), form.value)


def _add_score(app: typer.Typer, finish: Finish) -> None:
    @app.command("score")
    def score(
        appraisal: Annotated[Path, typer.Argument(help="folder or workbook of an appraisal")],
        draws: Annotated[
            int, typer.Option(metavar="N", help="draws of the simulation", min=1, max=10_000_000)
        ] = 100_000,
        seed: Annotated[int, typer.Option(metavar="N", help="seed of the simulation", min=0)] = 0,
        weights: Annotated[
            str | None, typer.Option(metavar="NAME", help="whose weights rank; default panel, else the first; or mean")
        ] = None,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Score candidates: problems, must-haves, ranking, contributions, robustness, verdict.

        Example: smarthan score mine/appraisal --draws 20000
        """
        from smarthan.commands.scores import score_appraisal

        return finish(lambda: score_appraisal(appraisal, draws=draws, seed=seed, weights=weights), form.value)


def _add_demo(app: typer.Typer, finish: Finish, say: Say) -> None:
    @app.command("demo")
    def demo(
        folder: Annotated[Path, typer.Argument(help="a new or empty folder")],
        seed: Annotated[int, typer.Option(metavar="N", help="the same seed gives the same files", min=0)] = 1,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write synthetic inputs of every kind to a new folder.

        Example: smarthan demo mine
        """
        from smarthan.commands.demos import write_demo

        with show_progress(say) as told:
            return finish(lambda: write_demo(str(folder), seed=seed, progress=told.step), form.value)


def day_of(as_of: str | None, kind: Kind) -> dict[str, dt.date | None]:
    """Return the day of a release to be checked as an argument; only a release has one."""
    if as_of is None:
        return {}
    if kind is not Kind.coverage:
        raise Refused(f"--as-of {as_of[:64]}: belongs to check coverage and check trial, not to check {kind.value}")
    return {"as_of": parse_day(as_of, "--as-of")}
