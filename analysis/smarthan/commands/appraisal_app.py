"""`smarthan appraisal ...`: what belongs to one appraisal beside its score."""

from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form


def build_group(finish: Finish) -> typer.Typer:
    """Return the group of commands; `finish` as in `app.build_app`."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Appraisals: the record that others check.")
    _add_audit(group, finish)
    return group


def _add_audit(group: typer.Typer, finish: Finish) -> None:
    @group.command("audit")
    def audit(
        appraisal: Annotated[Path, typer.Argument(help="folder with appraisal.toml, scores, weights, evidence")],
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
