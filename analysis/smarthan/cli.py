"""The command line: the one place that reads arguments, prints and exits.

A single look-up is answered before typer, numpy or pandas are imported; every other command goes through typer.
"""

from __future__ import annotations

import os
import sys

from smarthan.commands.outcome import REFUSED, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code: 0 done, 1 something set aside, 2 refused."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["lookup"]:
        sys.exit(_run_lookup(given[1:]))
    sys.exit(_run_typer(given or ["--help"]))


def _run_lookup(given: list[str]) -> int:
    from smarthan.commands.lookups import answer, read_usual

    asked = read_usual(given)
    if asked is None:
        from smarthan.commands.lookup_arguments import read_arguments

        asked = read_arguments(given)  # argparse prints its own help and errors, and exits
    return _finish(lambda: answer(asked, say=_say), asked.format)


def _run_typer(given: list[str]) -> int:
    from smarthan.commands.app import build_app

    app = build_app(_finish, _say)
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
