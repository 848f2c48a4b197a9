"""The door of ``cookies``."""

from skola.promises.cookies.banner import banner
from skola.promises.cookies.check import examine
from skola.promises.cookies.choosing import follow_switch
from skola.promises.cookies.crawled import Fault, Kind, Seen, Stage, days, entry_of, faults
from skola.promises.cookies.embeds import LOAD, Embed, embed
from skola.promises.cookies.queries import refusals, register, standing
from skola.promises.cookies.rules import Register
from skola.promises.cookies.views import from_elsewhere, sign_in_needs_cookies

__all__ = [
    "LOAD",
    "Embed",
    "Fault",
    "Kind",
    "Register",
    "Seen",
    "Stage",
    "banner",
    "days",
    "embed",
    "entry_of",
    "examine",
    "faults",
    "follow_switch",
    "from_elsewhere",
    "refusals",
    "register",
    "sign_in_needs_cookies",
    "standing",
]
