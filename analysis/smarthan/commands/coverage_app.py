"""`smarthan coverage ...`: releases of the coverage matrix, kept, compared, rolled up and drawn."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form, Say, TableForm
from smarthan.commands.outcome import Outcome
from smarthan.coverage.releases.release import parse_day


class NetBy(StrEnum):
    """What a difference is summed by."""

    area = "area"
    lad = "lad"
    region = "region"


def build_group(finish: Finish, say: Say) -> typer.Typer:
    """Return the group of commands; `finish` and `say` as in `app.build_app`."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Releases of the coverage matrix.")
    for add in (_add_publish, _add_releases, _add_diff):
        add(group, finish)
    _add_rollup(group, finish, say)
    _add_boundaries(group, finish, say)
    return group


def _add_publish(group: typer.Typer, finish: Finish) -> None:
    @group.command("publish")
    def publish(
        file: Annotated[Path, typer.Argument(help="a release: csv, csv.gz, parquet or DUIS 12.1 responses")],
        store: Annotated[Path, typer.Option(help="folder of the store, made if need be")] = Path("releases"),
        as_of: Annotated[
            str | None, typer.Option(metavar="DATE", help="the day the release describes, YYYY-MM-DD")
        ] = None,
        release_id: Annotated[
            str | None, typer.Option(metavar="ID", help="its name; default from file and hash")
        ] = None,
        backfill: Annotated[bool, typer.Option("--backfill", help="allow a day before the current release")] = False,
        accept_drift: Annotated[
            str | None, typer.Option(metavar="REASON", help="why it may differ that much from the last")
        ] = None,
        complete: Annotated[
            bool | None,
            typer.Option("--complete/--partial", help="it holds every row, or only what changed; default: as it says"),
        ] = None,
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Publish a release to a store, whole or not at all.

        Exit code: 0 published, 1 published without the rows in quarantine, 2 refused and nothing written.

        Example: smarthan coverage publish 2026-11.csv --store releases --as-of 2026-11-02
        """
        from smarthan.commands.stores import publish_file

        return finish(
            lambda: publish_file(
                file,
                store,
                as_of=parse_day(as_of, "--as-of"),
                release_id=release_id,
                backfill=backfill,
                accept_drift=accept_drift,
                complete=complete,
            ),
            form.value,
        )


def _add_releases(group: typer.Typer, finish: Finish) -> None:
    @group.command("releases")
    def releases(
        store: Annotated[Path, typer.Option(help="folder of the store")] = Path("releases"),
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """List the releases of a store; * marks the current one.

        Example: smarthan coverage releases --store releases
        """
        from smarthan.commands.stores import list_store

        return finish(lambda: list_store(store), form.value)


def _add_diff(group: typer.Typer, finish: Finish) -> None:
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

        Example: smarthan coverage diff 2026-08 2026-11 --store releases --by region
        """
        from smarthan.commands.differences import compare_releases

        by_name = by.value if by else None
        return finish(lambda: compare_releases(before, after, store=store, by=by_name, out=out), form.value)


def _add_rollup(group: typer.Typer, finish: Finish, say: Say) -> None:
    @group.command("rollup")
    def rollup(
        by: Annotated[
            str,
            typer.Option(metavar="KEYS", help="area, outward, sector, lad, region, country ...; several with commas"),
        ],
        matrix: Annotated[Path | None, typer.Option(help="a release folder, file or store")] = None,
        as_of: Annotated[
            str | None, typer.Option(metavar="DATE", help="the day asked, YYYY-MM-DD; default today")
        ] = None,
        out: Annotated[Path | None, typer.Option(help="write the table to this CSV file")] = None,
        form: Annotated[TableForm, typer.Option("--format", help="what stdout shows")] = TableForm.text,
    ) -> int:
        """Sum a release up: premises in each state, and the covered share, per area.

        Example: smarthan coverage rollup --by region
        """
        from smarthan.commands.rollups import roll_release_up

        def roll_up() -> Outcome:
            day = parse_day(as_of, "--as-of")
            return roll_release_up(by, matrix=matrix, as_of=day, out=out, form=form.value, say=say)

        return finish(roll_up, form.value)


def _add_boundaries(group: typer.Typer, finish: Finish, say: Say) -> None:
    @group.command("boundaries")
    def boundaries(
        level: Annotated[str, typer.Argument(help="area, outward, sector, lad, region or country")],
        out: Annotated[Path, typer.Option(help="file that ends in .gpkg, .geojson or .parquet")],
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Write approximate boundaries, derived from postcodes, for a map program.

        Example: smarthan coverage boundaries lad --out lads.gpkg
        """
        from smarthan.commands.boundary_files import write_boundary_file

        return finish(lambda: write_boundary_file(level, out, say=say), form.value)
