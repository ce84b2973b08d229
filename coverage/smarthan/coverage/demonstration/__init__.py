"""Demonstration inputs of this room: a synthetic coverage release and synthetic install outcomes, both from a seed."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .installs import make_installs as make_installs
    from .release_file import make_release as make_release

__all__ = ["make_installs", "make_release"]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "make_installs": "smarthan.coverage.demonstration.installs",
        "make_release": "smarthan.coverage.demonstration.release_file",
    },
)
