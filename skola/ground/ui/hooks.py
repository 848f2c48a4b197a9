"""What the frame of a page shows comes from above: callables that ``settings.UI_HOOKS`` names.

This room is at the bottom and may not ask the policy or the people's room. Each hook has a default
that shows a page without a tenant, so an operator's page and an error page need none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.utils.module_loading import import_string

from skola.ground.ui.rules import AMBER, Choice


@dataclass(frozen=True)
class Brand:
    """Who serves this page: name and look of the service, and its controller, from the policy."""

    service: str
    accent: str = AMBER
    controller: str = ""
    registration: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    privacy_url: str = "/privacy/"
    cookies_url: str = "/cookies/"
    manifest_url: str = ""
    """What a phone needs to put the service on its first screen."""
    accessibility_url: str = ""
    fault_url: str = ""
    """Where a fault is reported; the page it is about is added to it."""
    home_url: str = "/"
    logo_url: str = ""
    """A picture in place of the mark beside the name."""


@dataclass(frozen=True)
class Place:
    """One entry of the rail: where a person works. ``icon`` is a name of ``icons.py``."""

    label: str
    url: str
    icon: str = "dot"
    current: bool = False
    count: int = 0
    """How many things wait for an answer there; 0 shows nothing."""


@dataclass(frozen=True)
class MenuLink:
    """One entry of the account menu; ``post`` makes it a button that changes something."""

    label: str
    url: str
    post: bool = False


@dataclass(frozen=True)
class Talk:
    """The way to talk to somebody at once, in the header of every page."""

    label: str
    url: str
    script: str = ""
    """What tells of new answers, while there is a talk; empty loads nothing."""
    news: str = ""
    """Where that script asks."""
    current: bool = False


@dataclass(frozen=True)
class Announcement:
    """A sentence above the page: of the service, or about the demo."""

    text: str
    kind: str = "note"
    url: str = ""
    link: str = ""
    close: str = ""
    """The name under which its closing is remembered; empty keeps it open."""


Hook = Callable[..., Any]


@cache
def _hook(name: str) -> Hook | None:
    path = getattr(settings, "UI_HOOKS", {}).get(name)
    return cast(Hook, import_string(path)) if path else None


def _forget(*, setting: str, **_: object) -> None:
    if setting == "UI_HOOKS":
        _hook.cache_clear()


setting_changed.connect(_forget)


def _ask(name: str, default: Any, *args: object) -> Any:
    hook = _hook(name)
    return default if hook is None else hook(*args)


def brand(request: HttpRequest) -> Brand:
    """Return the brand of the request's tenant; the product's own where there is none."""
    return cast(Brand, _ask("brand", None, request) or Brand(service="Skola"))


def places(request: HttpRequest) -> Sequence[Place]:
    """Return the rail of this person, most used first; empty for a visitor."""
    return cast(Sequence[Place], _ask("places", (), request))


def office_tabs(request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
    """Return the tabs of the officer's place as (label, address, current); empty for others."""
    return cast(Sequence[tuple[str, str, bool]], _ask("office_tabs", (), request))


def account_menu(request: HttpRequest) -> Sequence[MenuLink]:
    """Return the entries of the account menu; empty shows a sign-in link only."""
    return cast(Sequence[MenuLink], _ask("account_menu", (), request))


def announcements(request: HttpRequest) -> Sequence[Announcement]:
    """Return what the service says above every page."""
    return cast(Sequence[Announcement], _ask("announcements", (), request))


def talk(request: HttpRequest) -> Talk | None:
    """Return the way to talk to somebody at once, if there is one."""
    return cast(Talk | None, _ask("talk", None, request))


def measures(request: HttpRequest) -> Sequence[Any]:
    """Return what the page tells providers that count besides us; empty tells nobody anything."""
    return cast(Sequence[Any], _ask("measures", (), request))


def languages(request: HttpRequest) -> Sequence[tuple[str, str]]:
    """Return (code, own name) of the languages on offer; all of the interface by default."""
    return cast(Sequence[tuple[str, str]], _ask("languages", settings.LANGUAGES, request))


def cookie_question(request: HttpRequest) -> Any:
    """Return what the page asks about cookies, with the ``template`` that asks it; else None."""
    return _ask("cookie_question", None, request)


def stored_choice(request: HttpRequest) -> Choice | None:
    """Return the display choice stored with the signed-in person, if there is one."""
    return cast(Choice | None, _ask("stored_choice", None, request))


def store_choice(request: HttpRequest, choice: Choice, language: str) -> None:
    """Store the choice with the signed-in person; does nothing for a visitor."""
    _ask("store_choice", None, request, choice, language)


def stored_language(request: HttpRequest) -> str:
    """Return the language stored with the signed-in person; empty where there is none."""
    return cast(str, _ask("stored_language", "", request))


def language_cookie(request: HttpRequest) -> str:
    """Return the name of the cookie that remembers the language; a policy may name its own."""
    return cast(str, _ask("language_cookie", settings.LANGUAGE_COOKIE_NAME, request))
