"""The one thing every template gets: ``frame``, what the page around the content needs.

A single name, because Django's Jinja2 backend lets a context processor overwrite what a view
passed: a view may call its own things ``person``, ``policy`` or ``places``. Every part is looked up
when a template asks for it, so a fragment that extends nothing costs nothing.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from skola.ground.ui import display, hooks
from skola.ground.ui.rules import Choice


class Frame:
    """What ``ui/base.html`` shows around a page; see the hooks for where each part comes from."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def tenant(self) -> Any:
        """The tenant of the request; None on the operator's pages."""
        return getattr(self.request, "tenant", None)

    @cached_property
    def person(self) -> Any:
        """Who is signed in at this tenant; None for a visitor."""
        return getattr(self.request, "person", None)

    @cached_property
    def brand(self) -> hooks.Brand:
        """Name, accent and controller of the service."""
        return hooks.brand(self.request)

    @cached_property
    def brand_css(self) -> str:
        """Address of the style sheet with the accent; a new colour has a new address."""
        return reverse("ui:brand") + "?" + urlencode({"accent": self.brand.accent.lstrip("#")})

    @cached_property
    def places(self) -> Sequence[hooks.Place]:
        """The rail."""
        return hooks.places(self.request)

    @cached_property
    def office_tabs(self) -> Sequence[tuple[str, str, bool]]:
        """The tabs of the officer's place."""
        return hooks.office_tabs(self.request)

    @cached_property
    def menu(self) -> Sequence[hooks.MenuLink]:
        """The account menu."""
        return hooks.account_menu(self.request)

    @cached_property
    def announcements(self) -> Sequence[hooks.Announcement]:
        """Sentences above the page."""
        return hooks.announcements(self.request)

    @cached_property
    def cookie_question(self) -> Any:
        """What the page asks about cookies, if it still does."""
        return hooks.cookie_question(self.request)

    @cached_property
    def talk(self) -> hooks.Talk | None:
        """The way to talk to somebody at once."""
        return hooks.talk(self.request)

    @cached_property
    def measures(self) -> Sequence[Any]:
        """What the page tells providers that count besides us."""
        return hooks.measures(self.request)

    @cached_property
    def languages(self) -> Sequence[tuple[str, str]]:
        """Codes and own names of the languages on offer."""
        return hooks.languages(self.request)

    @property
    def language(self) -> str:
        """The language of this page."""
        return translation.get_language() or settings.LANGUAGE_CODE

    @cached_property
    def display(self) -> Choice:
        """How this person wants to see pages."""
        return display.current(self.request)

    @cached_property
    def here(self) -> str:
        """Path and query of this page, to come back to after a form."""
        return self.request.get_full_path()


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: everything the frame of a page needs, under one name."""
    return {"frame": Frame(request)}
