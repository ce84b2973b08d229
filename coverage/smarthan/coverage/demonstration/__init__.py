"""Demonstration inputs of this room, all synthetic and from a seed: releases of the matrix, and install outcomes."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .earlier import make_earlier as make_earlier
    from .installs import make_installs as make_installs
    from .pair import keep_release as keep_release
    from .pair import publish_pair as publish_pair
    from .release_file import make_release as make_release

__all__ = ["keep_release", "make_earlier", "make_installs", "make_release", "publish_pair"]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "keep_release": "smarthan.coverage.demonstration.pair",
        "make_earlier": "smarthan.coverage.demonstration.earlier",
        "make_installs": "smarthan.coverage.demonstration.installs",
        "make_release": "smarthan.coverage.demonstration.release_file",
        "publish_pair": "smarthan.coverage.demonstration.pair",
    },
)
