"""`smarthan trial ...`: what a survey team starts from."""

from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form


def build_group(finish: Finish) -> typer.Typer:
    """Return the group of commands; `finish` as in `app.build_app`."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Building trials: blank workbook, made data.")
    _add_template(group, finish)
    _add_make(group, finish)
    return group


def _add_template(group: typer.Typer, finish: Finish) -> None:
    @group.command("template")
    def template(
        file: Annotated[Path, typer.Argument(help="the workbook to write, FILE.xlsx")],
        force: Annotated[bool, typer.Option("--force", help="write over a file of that name")] = False,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write the blank workbook that a survey team fills in: a sheet a table, with drop-downs and notes.

        Example: smarthan trial template survey.xlsx
        """
        from smarthan.commands.trials import make_template

        return finish(lambda: make_template(file, force=force), form.value)


def _add_make(group: typer.Typer, finish: Finish) -> None:
    @group.command("make")
    def make(
        folder: Annotated[Path, typer.Argument(help="a new or empty folder")],
        seed: Annotated[int, typer.Option(help="the same seed gives the same files", min=0)] = 1,
        buildings: Annotated[
            int, typer.Option(help="buildings in all, rounded up to a multiple of 8", min=8, max=200_000)
        ] = 640,
        dwellings: Annotated[int, typer.Option(help="most dwellings sampled in a building", min=1, max=100)] = 4,
        clean: Annotated[bool, typer.Option("--clean", help="put no fault in")] = False,
        manifest: Annotated[Path | None, typer.Option(help="list the faults put in, as CSV outside the folder")] = None,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write a SYNTHETIC trial of a chosen size, to try the room on; nothing in it exists.

        Example: smarthan trial make mine/synthetic --buildings 400 --seed 7 --manifest faults.csv
        """
        from smarthan.commands.trials import write_synthetic

        return finish(
            lambda: write_synthetic(
                folder, seed=seed, buildings=buildings, dwellings=dwellings, errors=not clean, manifest=manifest
            ),
            form.value,
        )
