"""The door of ``cookies``."""

from skola.promises.cookies.banner import banner
from skola.promises.cookies.check import examine
from skola.promises.cookies.choosing import follow_switch
from skola.promises.cookies.embeds import LOAD, Embed, embed
from skola.promises.cookies.queries import refusals, standing
from skola.promises.cookies.views import from_elsewhere, sign_in_needs_cookies

__all__ = [
    "LOAD",
    "Embed",
    "banner",
    "embed",
    "examine",
    "follow_switch",
    "from_elsewhere",
    "refusals",
    "sign_in_needs_cookies",
    "standing",
]
