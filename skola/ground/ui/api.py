"""The door of the design system."""

from skola.ground.ui.display import current, remember
from skola.ground.ui.errors import page as error_page
from skola.ground.ui.fields import CountryField, DateInput, MomentInput, TimeInput
from skola.ground.ui.formats import day
from skola.ground.ui.hooks import Announcement, Brand, MenuLink, Place, Talk
from skola.ground.ui.jinja2_env import render_block
from skola.ground.ui.language import guessed_language
from skola.ground.ui.markdown import markdown, outside_mark
from skola.ground.ui.qr import qr_path, qr_svg
from skola.ground.ui.rules import Choice, Scheme, contrast, read_choice, safe_accent

ROWS_A_PAGE = 50
"""Rows of a list page; more are a page further."""

__all__ = [
    "ROWS_A_PAGE",
    "Announcement",
    "Brand",
    "Choice",
    "CountryField",
    "DateInput",
    "MenuLink",
    "MomentInput",
    "Place",
    "Scheme",
    "Talk",
    "TimeInput",
    "contrast",
    "current",
    "day",
    "error_page",
    "guessed_language",
    "markdown",
    "outside_mark",
    "qr_path",
    "qr_svg",
    "read_choice",
    "remember",
    "render_block",
    "safe_accent",
]
