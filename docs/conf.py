"""How `make docs` builds the pages of this folder into a site that works offline; index.md says what it holds."""

from docutils import nodes
from latex2mathml.converter import convert
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

project = "smarthan"
author = "the smarthan authors"
copyright = author  # noqa: A001 (the name that Sphinx reads)
language = "en-GB"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True  # attributes in words: a record's fields would else be described twice
napoleon_use_param = False  # types are words here ("array_like of float"), not names to be linked
napoleon_use_rtype = False

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_title = "smarthan"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False


def write_formula(page: HTML5Translator, formula: nodes.math | nodes.math_block) -> None:
    """Write a formula as MathML, which browsers draw themselves: no script, no font from elsewhere."""
    page.body.append(convert(formula.astext(), display="block" if isinstance(formula, nodes.math_block) else "inline"))
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Make that the way formulae are written, and let fenced rows of CSV stand as they are."""
    app.add_html_math_renderer("mathml", (write_formula, None), (write_formula, None))
    app.connect("config-inited", lambda _, config: setattr(config, "html_math_renderer", "mathml"))
    app.add_lexer("csv", TextLexer)
