"""What fields of a visit are called."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_FIELDS: dict[str, Callable[[], str]] = {
    "page": lambda: _("Pages"),
    "come_from": lambda: _("Page before"),
    "browser": lambda: _("Browser"),
    "language": lambda: _("Language"),
    "system": lambda: _("Operating system"),
    "region": lambda: _("Region"),
    "error": lambda: _("Errors"),
}


def ad_results() -> dict[str, str]:
    """Return what can come of an advertisement."""
    return {
        "shown": pgettext("of an advertisement", "shown"),
        "clicked": pgettext("of an advertisement", "clicked"),
        "came": pgettext("of an advertisement", "came to our pages"),
    }


def answers() -> dict[str, str]:
    """Return what learners may say of a course."""
    return {
        "yes": pgettext("of a course: was it useful?", "yes"),
        "partly": pgettext("of a course: was it useful?", "partly"),
        "no": pgettext("of a course: was it useful?", "no"),
    }


def field(name: str) -> str:
    """Return what a field of a visit is called."""
    return _FIELDS[name]()
