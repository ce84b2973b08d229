"""`smarthan register ...`: what gaps, comments and consultation answers are written in."""

from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form


def build_group(finish: Finish) -> typer.Typer:
    """Return the group of commands; `finish` as in `app.build_app`."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Registers, comments, consultation answers.")

    @group.callback()
    def _group() -> None:
        """Registers of gaps and issues, comments on documents, answers to a consultation."""

    @group.command("template")
    def template(
        file: Annotated[Path, typer.Argument(help="the workbook to write, FILE.xlsx")],
        force: Annotated[bool, typer.Option("--force", help="write over a file of that name")] = False,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write the blank workbook: sheets register, comments and responses, with lists to choose from.

        Example: smarthan register template lists.xlsx
        """
        from smarthan.commands.registers import make_template

        return finish(lambda: make_template(file, force=force), form.value)

    return group
