"""Small panels for JupyterLab: fields to fill in, an answer below. They ask the library and compute nothing."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .coverage_panel import lookup_panel as lookup_panel

__all__ = ["lookup_panel"]

__getattr__, __dir__ = lazy_names(__name__, {"lookup_panel": "smarthan.panels.coverage_panel"})
