"""How far a long command has come, told on stderr: bars at a terminal, plain lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from smarthan.commands.forms import Say


class Told:
    """What a long command calls as it goes on; each of the two may be handed over by itself."""

    def __init__(self, step: Callable[[int, int, str], None], cell: Callable[[str, int, int], None] | None) -> None:
        self.step = step
        self.cell = cell


@contextmanager
def show_progress(say: Say) -> Iterator[Told]:
    """Yield functions that show steps done, and cells done of each notebook that runs.

    Parameters
    ----------
    say : function
        Tells the person something on the side; used where stderr is no terminal: one line a step, none a cell.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Told(lambda done, total, words: say(f"[{done}/{total}] {words}"), None)
        return
    with _make_bars(console) as bars:
        yield _tell_bars(bars)


def _make_bars(console: Any) -> Any:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True)


def _tell_bars(bars: Any) -> Told:
    """Return functions that move one bar for all steps, and one for each notebook until its last cell."""
    whole = bars.add_task("starting", total=None)
    running: dict[str, Any] = {}

    def step(done: int, total: int, words: str) -> None:
        bars.update(whole, completed=done, total=total, description=words)

    def cell(name: str, done: int, total: int) -> None:
        if name not in running:
            running[name] = bars.add_task(f"  {name}", total=total)
        bars.update(running[name], completed=done, visible=done < total)

    return Told(step, cell)
