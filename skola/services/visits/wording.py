"""What fields of a visit are called, and the purpose for which looks are kept."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from skola.promises.policy.schema import Purpose

_FIELDS: dict[str, Callable[[], str]] = {
    "page": lambda: _("Pages"),
    "come_from": lambda: _("Page before"),
    "browser": lambda: _("Browser"),
    "language": lambda: _("Language"),
    "system": lambda: _("Operating system"),
    "region": lambda: _("Region"),
    "error": lambda: _("Errors"),
}


def field(name: str) -> str:
    """Return what a field of a visit is called."""
    return _FIELDS[name]()


def purpose(found: Purpose) -> str:
    """Return the name of a purpose in the language of the page, else in one that it has."""
    language = translation.get_language() or "en"
    return found.name.get(language) or next(iter(found.name.values()))
