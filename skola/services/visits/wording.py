"""What fields of a visit are called."""

from collections.abc import Callable

from django.utils.translation import gettext as _

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
