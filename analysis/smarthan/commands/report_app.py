"""`smarthan report` and what stands under it, as typer knows them: their arguments and help."""

from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form, Say
from smarthan.commands.progress import show_progress

_ABOUT = """Make the consultation pack, or another report.

One HTML page, a PDF, the charts with their data, a workbook, the executed notebooks, and where it all came from.
--only takes a report (consultation, characterisation, coverage) or one notebook by the start of its name; a part, or
a fast run, never takes the place of a fuller report.

Exit code: 0 published, 1 a notebook failed and the old pack stands, 2 refused and nothing written.

Example: smarthan report --config mine/report.toml --out reports/mine
"""


def build_group(finish: Finish, say: Say) -> typer.Typer:
    """Return the group of commands; `finish` and `say` as in `app.build_app`."""
    group = typer.Typer(invoke_without_command=True, rich_markup_mode=None, help=_ABOUT)
    _add_make(group, finish, say)
    _add_verify(group, finish)
    _add_init(group, finish)
    return group


def _add_make(group: typer.Typer, finish: Finish, say: Say) -> None:
    @group.callback(help=_ABOUT)
    def report(
        context: typer.Context,
        config: Annotated[
            Path | None, typer.Option(help="report.toml; default ./report.toml, else demonstration")
        ] = None,
        out: Annotated[Path | None, typer.Option(help="folder of the pack; default reports/<name>")] = None,
        only: Annotated[
            str | None, typer.Option(metavar="NAME", help="one report, or one notebook: its name or how it starts")
        ] = None,
        fast: Annotated[bool, typer.Option("--fast", help="small parameters, for a first look")] = False,
        force: Annotated[bool, typer.Option("--force", help="run every notebook again, changed or not")] = False,
        without_pdf: Annotated[bool, typer.Option("--without-pdf", help="leave the PDF out")] = False,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int | None:
        if context.invoked_subcommand is not None:
            return None
        from smarthan.commands.reports import make_pack

        with show_progress(say) as told:
            return finish(
                lambda: make_pack(
                    config,
                    out,
                    only=only,
                    fast=fast,
                    force=force,
                    pdf=not without_pdf,
                    progress=told.step,
                    cell_progress=told.cell,
                ),
                form.value,
            )


def _add_verify(group: typer.Typer, finish: Finish) -> None:
    @group.command("verify")
    def verify(
        folder: Annotated[Path, typer.Argument(help="the folder of a report")],
        config: Annotated[
            Path | None, typer.Option(help="report.toml of its inputs; default where they stood when it was made")
        ] = None,
        pack_only: Annotated[bool, typer.Option("--pack-only", help="leave the inputs aside")] = False,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Hash a report and its inputs again, and say what differs from its record.

        Exit code: 0 as recorded, 1 something differs, 2 no report.

        Example: smarthan report verify reports/consultation
        """
        from smarthan.commands.reports import verify_pack

        return finish(lambda: verify_pack(folder, config, pack_only=pack_only), form.value)


def _add_init(group: typer.Typer, finish: Finish) -> None:
    @group.command("init")
    def init(
        folder: Annotated[Path, typer.Argument(help="a folder, new or with your inputs in it")],
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write a commented report.toml to start a report of your own.

        Example: smarthan report init autumn
        """
        from smarthan.commands.reports import start_pack

        return finish(lambda: start_pack(folder), form.value)
