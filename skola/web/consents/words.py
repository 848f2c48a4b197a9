"""What ways of consenting, channels of messages and ends of a consent are called."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.promises.consents.api import Consent

WAYS: dict[str, Promise] = {
    "account": gettext_lazy("in the account"),
    "app": gettext_lazy("in the app"),
    "application-form": gettext_lazy("on an application form"),
    "cookie-banner": gettext_lazy("in the cookie banner"),
    "cookie-settings": gettext_lazy("in the cookie settings"),
    "device-settings": gettext_lazy("in the settings of the device"),
    "email": gettext_lazy("by e-mail"),
    "event-form": gettext_lazy("on the form of an event"),
    "in-person": gettext_lazy("in person"),
    "interest-button": gettext_lazy("by the button beside an offer"),
    "link-in-message": gettext_lazy("by the link in a message"),
    "order": gettext_lazy("with an order"),
    "personal-link": gettext_lazy("by a personal link"),
    "phone": gettext_lazy("by phone"),
    "post": gettext_lazy("by letter"),
    "preference-page": gettext_lazy("on the page of preferences"),
    "site-form": gettext_lazy("on a form of the site"),
}
CHANNELS: dict[str, Promise] = {
    "account": gettext_lazy("in the account"),
    "auto-call": gettext_lazy("calls by a machine"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
    "post": gettext_lazy("letters"),
    "push": gettext_lazy("messages on the device"),
    "sms": gettext_lazy("text messages"),
}
"""Channels of messages."""


def way(name: str) -> str:
    """Return how a consent was given or withdrawn, in words."""
    return str(WAYS.get(name, name))


def channels(names: Iterable[str]) -> str:
    """Return channels of messages in words: ``phone, letters``."""
    return ", ".join(str(CHANNELS.get(name, name)) for name in names)


def about(name: str, by: Iterable[str]) -> str:
    """Return what somebody is asked: the purpose, and by which channels of messages."""
    told = channels(by)
    return _("%(purpose)s: %(channels)s") % {"purpose": name, "channels": told} if told else name


def scope(one: Consent) -> str:
    """Return what a consent is limited to, in words; empty where it is not."""
    return str(CHANNELS.get(one.scope, one.scope))
