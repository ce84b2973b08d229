"""`smarthan serve` and `smarthan audit ...`: the look-up service, and what its audit says."""

from pathlib import Path
from typing import Annotated

import typer

from smarthan.commands.forms import Finish, Form, Say

_STORE_HELP = "a release store, folder or file; default: what a bare look-up asks"
_ROLES_HELP = "roles.toml: who may ask what; without it the service is for this machine alone"
_HOST_NAME_HELP = "a further host name that requests may name, such as that of a proxy; may be repeated"


def add_serve(app: typer.Typer, finish: Finish, say: Say) -> None:
    """Add `serve` to the command line; `finish` and `say` as in `app.build_app`."""

    @app.command("serve")
    def serve(
        host: Annotated[str, typer.Option(help="the address to listen on")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="the port; 0 takes a free one", min=0, max=65535)] = 8000,
        store: Annotated[Path | None, typer.Option(metavar="DIR", help=_STORE_HELP)] = None,
        roles: Annotated[Path | None, typer.Option(metavar="FILE", help=_ROLES_HELP)] = None,
        audit: Annotated[Path, typer.Option(metavar="FILE", help="where each request is written down")] = Path(
            "smarthan-audit.jsonl"
        ),
        allow_host: Annotated[list[str] | None, typer.Option(metavar="NAME", help=_HOST_NAME_HELP)] = None,
    ) -> int:
        """Serve look-ups: a page for people, JSON and DUIS 12.1 for programs.

        Runs until it is stopped. A release published to the store is taken up without a restart.

        Example: smarthan serve --store releases --roles roles.toml --host 0.0.0.0
        """
        from smarthan.commands.services import serve_releases

        return finish(
            lambda: serve_releases(
                store, host=host, port=port, roles=roles, audit=audit, hosts=allow_host or [], say=say
            ),
            Form.text.value,
        )


def build_group(finish: Finish) -> typer.Typer:
    """Return the group of commands on the audit; `finish` as in `app.build_app`."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What the look-up service was asked.")

    @group.callback()
    def _hold() -> None:
        """What the look-up service was asked."""

    @group.command("summary")
    def summary(
        file: Annotated[Path, typer.Argument(help="an audit file of smarthan serve")],
        form: Annotated[Form, typer.Option("--format", help="what stdout shows")] = Form.text,
    ) -> int:
        """Count requests and answers by role, action, status and release.

        Exit code: 0 all lines were read, 1 some could not be, 2 no such file.

        Example: smarthan audit summary smarthan-audit.jsonl
        """
        from smarthan.commands.services import sum_audit

        return finish(lambda: sum_audit(file), form.value)

    return group
