"""Display settings, language, brand, style page, and the plain pages of errors."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from pytest_django.fixtures import Settings

from skola.ground.ui import display, views
from skola.ground.ui.errors import PLAIN, PlainErrors, page
from skola.ground.ui.hooks import Announcement, Brand, MenuLink, Place
from skola.ground.ui.language import LanguageMiddleware, choose
from skola.ground.ui.rules import Choice, Scheme
from skola.ground.ui.tests import make

pytestmark = pytest.mark.urls("skola.ground.ui.tests.urls")

HERE = "skola.ground.ui.tests.test_views"
STORED: dict[str, Any] = {}


def school(request: HttpRequest) -> Brand:
    return Brand(
        service="North School",
        accent="#ffe000",
        controller="North School AS",
        registration="12345678",
        address="Example Street 1",
        email="info@example.org",
        phone="+371 6000 0000",
        accessibility_url="/accessibility/",
    )


def six_places(request: HttpRequest) -> list[Place]:
    return [Place(f"Place {at}", f"/{at}/", current=at == 1, count=at) for at in range(6)]


def menu(request: HttpRequest) -> list[MenuLink]:
    return [MenuLink("Account", "/account/"), MenuLink("Sign out", "/out/", post=True)]


def said(request: HttpRequest) -> list[Announcement]:
    return [Announcement("Closed on Friday", kind="warning", url="/news/")]


def stored(request: HttpRequest) -> Choice:
    return Choice(size=150)


def store(request: HttpRequest, choice: Choice, language: str) -> None:
    STORED.update(choice=choice, language=language)


@pytest.fixture(autouse=True)
def no_hooks(settings: Settings) -> Iterator[None]:
    settings.UI_HOOKS = {}
    STORED.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def hooks(settings: Settings) -> Callable[..., None]:
    def use(**names: str) -> None:
        settings.UI_HOOKS = {hook: f"{HERE}.{name}" for hook, name in names.items()}

    return use


def _page(response: HttpResponse) -> str:
    return response.content.decode()


CHOSEN = {"scheme": "dark", "more_contrast": "1", "size": "125", "readable_font": "1"}


def test_a_choice_is_remembered_in_two_first_party_cookies() -> None:
    response = views.settings_page(make.post("/display/", language="lv", next="/here/", **CHOSEN))
    assert response.headers["Location"] == "/here/"
    assert response.cookies["display"].value == "c1.s125.f1.d2"
    assert response.cookies["display"]["samesite"] == "Lax"
    assert response.cookies["display"]["max-age"] == 365 * 24 * 3600
    assert response.cookies["language"].value == "lv"


def test_a_choice_is_on_the_next_page() -> None:
    shown = _page(views.settings_page(make.get("/display/", display="c1.s125.f1.d2")))
    html = shown[: shown.index("<head>")]
    assert 'data-contrast="more" data-size="125" data-font="readable" data-scheme="dark"' in html


@pytest.mark.parametrize("broken", ["", "c1", "c1.s999.f1.d2", '"><script>'])
def test_a_broken_cookie_counts_as_none(broken: str) -> None:
    assert display.current(make.get(display=broken)) == Choice()


def test_the_choice_of_the_person_goes_before_the_cookie(hooks: Callable[..., None]) -> None:
    hooks(stored_choice="stored", store_choice="store")
    assert display.current(make.get(display="c1.s125.f1.d2")) == Choice(size=150)
    views.settings_page(make.post("/display/", language="et", **CHOSEN))
    assert {"choice": Choice(True, 125, True, Scheme.DARK), "language": "et"} == STORED


def test_a_choice_that_is_not_on_offer_changes_nothing() -> None:
    response = views.settings_page(make.post("/display/", scheme="pink"))
    assert response.status_code == 422
    assert "display" not in response.cookies
    assert "need another look" in _page(response)


def test_the_way_back_never_leaves_this_host() -> None:
    for away in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        response = views.choose_language(make.post("/display/language/", language="sv", next=away))
        assert response.headers["Location"] == "/"


def test_a_language_is_switched_by_a_plain_form() -> None:
    response = views.choose_language(make.post("/x/", language="sv", next="/a/?b=1"))
    assert response.cookies["language"].value == "sv"
    assert response.headers["Location"] == "/a/?b=1"
    assert "display" not in response.cookies


def test_a_form_of_another_site_changes_no_language() -> None:
    request = make.post("/x/", language="sv")
    request.META["HTTP_SEC_FETCH_SITE"] = "cross-site"
    response = views.choose_language(request)
    assert response.status_code == 403
    assert not response.cookies


def test_a_hint_that_was_closed_stays_closed() -> None:
    response = views.close_hint(make.post("/hints/", hint="cta", next="/a/"))
    assert response.headers["Location"] == "/a/"
    assert response.cookies["cta"].value == "closed"


def test_only_hints_that_exist_can_be_closed() -> None:
    response = views.close_hint(make.post("/hints/", hint="sessionid"))
    assert response.status_code == 403
    assert not response.cookies


def test_a_language_that_is_not_on_offer_is_not_remembered() -> None:
    assert not views.choose_language(make.post("/x/", language="xx")).cookies


@pytest.mark.parametrize(
    ("stored", "cookie", "accepted", "chosen"),
    [
        ("lv", "sv", ["en"], "lv"),
        ("", "sv", ["en"], "sv"),
        ("", "xx", ["de", "en-gb"], "en"),
        ("", "", ["sv-fi"], "sv"),
        ("", "", [], "et"),
    ],
)
def test_the_language_is_the_first_wish_on_offer(
    stored: str, cookie: str, accepted: list[str], chosen: str
) -> None:
    assert choose(["et", "en", "lv", "sv"], stored, cookie, accepted) == chosen


def test_the_middleware_speaks_the_chosen_language() -> None:
    request = make.get(language="lt")
    response = LanguageMiddleware(lambda _: HttpResponse(translation.get_language()))(request)
    assert isinstance(response, HttpResponse)
    assert response.content == b"lt"
    assert response.headers["Content-Language"] == "lt"
    assert "Cookie" in response.headers["Vary"]


def test_the_frame_shows_the_controller_the_places_and_the_menu(
    hooks: Callable[..., None],
) -> None:
    hooks(brand="school", places="six_places", account_menu="menu", announcements="said")
    request = make.get("/display/")
    request.person = "Ilze Paraugs"  # type: ignore[attr-defined]
    shown = _page(views.settings_page(request))
    for words in ("North School AS", "12345678", "Example Street 1", "Closed on Friday"):
        assert words in shown
    assert 'href="/privacy/"' in shown
    assert 'href="/cookies/"' in shown
    assert 'aria-current="page"' in shown
    assert "Sign out" in shown
    assert shown.count("rail-later") == 2
    assert 'class="rail-more rail-phone"' in shown, "on a desk six places need no more"


def test_the_brands_colour_is_served_as_a_style_sheet(hooks: Callable[..., None]) -> None:
    hooks(brand="school")
    response = views.brand(make.get("/brand.css?accent=ffe000"))
    assert response.headers["Content-Type"].startswith("text/css")
    assert "--accent-on-slate: #ffe000" in _page(response)
    assert "immutable" in response.headers["Cache-Control"]


def test_a_colour_in_the_address_alone_changes_nothing(hooks: Callable[..., None]) -> None:
    hooks(brand="school")
    response = views.brand(make.get("/brand.css?accent=000000"))
    assert "--accent-on-slate: #ffe000" in _page(response)
    assert "Cache-Control" not in response.headers


def test_the_style_page_is_for_development_and_the_demo_only(settings: Settings) -> None:
    settings.DEBUG, settings.DEMO = False, False
    with pytest.raises(Http404):
        views.style_page(make.get("/styleguide/"))


def test_no_component_needs_inline_style_script_or_another_host(settings: Settings) -> None:
    settings.DEMO = True
    shown = _page(views.style_page(make.get("/styleguide/")))
    assert not re.search(r"<[^>]* (style|on\w+)=", shown)
    assert not re.search(r"<(style|script)\b", shown)
    assert not re.search(
        r'<(?:img|link|script|source|iframe)[^>]*(?:src|href)="(?:https?:)?//', shown
    )
    outside = re.findall(r'<a [^>]*href="https?://[^>]*>', shown)
    assert outside
    assert all('rel="noopener noreferrer"' in link for link in outside)


def test_every_style_sheet_is_found_and_the_first_page_stays_small(
    settings: Settings,
) -> None:
    from django.contrib.staticfiles import finders

    sheets = [finders.find(f"ui/{name}") for name in ("base.css", "components.css", "data.css")]
    sizes = [len(Path(str(sheet)).read_bytes()) for sheet in sheets]
    assert sum(sizes) < 60_000


@pytest.mark.parametrize("status", PLAIN)
def test_every_error_has_a_plain_page(status: int) -> None:
    response = page(status)
    assert response.status_code == status
    assert f'<p class="eyebrow">{status}</p>' in _page(response)
    assert "<h1>" in _page(response)


def test_an_unusual_status_gets_the_page_of_its_kind() -> None:
    assert page(502).status_code == 502
    assert "our side" in _page(page(502))
    assert "cannot be read" in _page(page(418))


def test_an_empty_answer_gets_its_plain_page_and_keeps_its_headers() -> None:
    empty = HttpResponse(status=405, headers={"Allow": "GET"})
    response = PlainErrors(lambda _: empty)(make.post("/"))
    assert isinstance(response, HttpResponse)
    assert b"does not do that" in response.content
    assert response.headers["Allow"] == "GET"


def test_an_answer_with_words_of_its_own_is_left_alone() -> None:
    own = HttpResponse("my words", status=404)
    assert PlainErrors(lambda _: own)(make.get()) is own
