"""`smarthan appraisal ...`: what an appraisal starts from, its two forms, what providers are asked, the record."""

from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form

_FORM = typer.Option("--format", help="what stdout shows")
_FORCE = typer.Option("--force", help="write over files of those names")


def build_group(finish: Finish) -> typer.Typer:
    """Return the group of commands; `finish` as in `app.build_app`."""
    group = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Appraisals: templates, copies, requests, records."
    )
    _add_template(group, finish)
    _add_copy(group, finish)
    _add_request(group, finish)
    _add_responses(group, finish)
    _add_audit(group, finish)
    return group


def _add_template(group: typer.Typer, finish: Finish) -> None:
    @group.command("template")
    def template(
        path: Annotated[Path, typer.Argument(help="a folder, or FILE.xlsx for a workbook")],
        force: Annotated[bool, _FORCE] = False,
        form: Annotated[Form, _FORM] = Form.text,
    ) -> int:
        """Write an appraisal to start from: small, complete, every example in it to be replaced.

        Example: smarthan appraisal template mine.xlsx
        """
        from smarthan.commands.appraisals import make_template

        return finish(lambda: make_template(path, force=force), form.value)


def _add_copy(group: typer.Typer, finish: Finish) -> None:
    @group.command("copy")
    def copy(
        appraisal: Annotated[Path, typer.Argument(help="folder or workbook of an appraisal")],
        out: Annotated[Path, typer.Argument(help="a new folder, or FILE.xlsx for a workbook")],
        force: Annotated[bool, _FORCE] = False,
        form: Annotated[Form, _FORM] = Form.text,
    ) -> int:
        """Write an appraisal in the other form: a folder as a workbook, a workbook as a folder.

        Example: smarthan appraisal copy mine mine.xlsx
        """
        from smarthan.commands.appraisals import copy_form

        return finish(lambda: copy_form(appraisal, out, force=force), form.value)


def _add_request(group: typer.Typer, finish: Finish) -> None:
    @group.command("request")
    def request(
        file: Annotated[Path, typer.Argument(help="the form to write, FILE.xlsx")],
        appraisal: Annotated[
            Path | None, typer.Option(help="folder or workbook of the appraisal; default the demonstration's")
        ] = None,
        option: Annotated[list[str] | None, typer.Option(help="ask about this option only; may be repeated")] = None,
        force: Annotated[bool, _FORCE] = False,
        form: Annotated[Form, _FORM] = Form.text,
    ) -> int:
        """Write the form that technology providers fill in: architecture, protocols, hardware, spectrum, cost, claims.

        Example: smarthan appraisal request form.xlsx --appraisal mine
        """
        from smarthan.commands.appraisals import make_request

        return finish(lambda: make_request(file, appraisal, options=option, force=force), form.value)


def _add_responses(group: typer.Typer, finish: Finish) -> None:
    @group.command("responses")
    def responses(
        path: Annotated[Path, typer.Argument(help="a returned form, or a folder of them")],
        appraisal: Annotated[Path, typer.Option(help="folder or workbook of the appraisal they were asked about")],
        reviews: Annotated[Path | None, typer.Option(help="claims.csv of an earlier run, edited")] = None,
        out: Annotated[Path | None, typer.Option(help="write claims, accepted rows and accounts here")] = None,
        into: Annotated[
            Path | None, typer.Option(help="write the appraisal with accepted claims: a folder, or FILE.xlsx")
        ] = None,
        force: Annotated[bool, _FORCE] = False,
        form: Annotated[Form, _FORM] = Form.text,
    ) -> int:
        """Read what providers sent back: claims and their review, what was set aside, what was not answered.

        Exit code: 0 clean, 1 rows or forms set aside, 2 unusable.

        Example: smarthan appraisal responses returned --appraisal mine --out answers
        """
        from smarthan.commands.appraisals import read_responses

        return finish(
            lambda: read_responses(path, appraisal, reviews=reviews, out=out, into=into, force=force), form.value
        )


def _add_audit(group: typer.Typer, finish: Finish) -> None:
    @group.command("audit")
    def audit(
        appraisal: Annotated[Path, typer.Argument(help="folder or workbook of an appraisal")],
        out: Annotated[Path, typer.Option(help="the page to write, FILE.html; an earlier record there is compared")],
        draws: Annotated[
            int, typer.Option(metavar="N", help="draws of the simulation", min=1, max=10_000_000)
        ] = 100_000,
        seed: Annotated[int, typer.Option(metavar="N", help="seed of the simulation", min=0)] = 0,
        since: Annotated[Path | None, typer.Option(metavar="FILE", help="an earlier record elsewhere")] = None,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write the record of an appraisal: one page on which each number can be checked.

        Every score with its source, weights with their swings, must-haves, robustness, dissent, what would have to be
        true, hashes. Weights and ranges changed after they were agreed are told.

        Example: smarthan appraisal audit mine/appraisal --out mine/audit.html
        """
        from smarthan.commands.records import audit_appraisal

        return finish(lambda: audit_appraisal(appraisal, out, draws=draws, seed=seed, since=since), form.value)
