"""The door of ``cookies``."""

from skola.promises.cookies.banner import banner
from skola.promises.cookies.check import examine
from skola.promises.cookies.queries import refusals, standing
from skola.promises.cookies.views import sign_in_needs_cookies

__all__ = ["banner", "examine", "refusals", "sign_in_needs_cookies", "standing"]
