"""Pages that tell the policy tell all of it in the language of the page."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from msgspec import to_builtins

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make
from skola.promises.notices.api import look
from skola.promises.policy.api import in_force

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGES = ("", "truth/", "data/", "purposes/", "recipients/")
NAMES = ("address", "contact", "controller", "name", "names", "phone", "version", "to", "source")
"""Keys whose values are names and places, the same in every language, or are no sentence."""
TENANTS = {"ekool": "et", "ema": "lt", "ilearn": "lv", "kic": "lv", "learnifier": "sv"}


def english(value: object, key: str = "") -> Iterator[str]:
    """English words of a policy: those of its texts, and what stands there in one language."""
    match value:
        case dict() if isinstance(value.get("en"), str):
            if value["en"] not in [each for code, each in value.items() if code != "en"]:
                yield value["en"]
        case dict():
            for name, each in value.items():
                yield from english(each, name)
        case list():
            for each in value:
                yield from english(each, key)
        case str() if key not in NAMES:
            yield value


def sentences(value: object) -> set[str]:
    """Those of four words and more without a placeholder, which stand nowhere by chance."""
    said = {" ".join(each.split()) for each in english(value)}
    return {each for each in said if each.count(" ") > 2 and "{" not in each}


def read(client: Client, path: str, language: str) -> str:
    """The words of a page without what it marks as English, the names of tests."""
    with clock.standing_at(NOW):
        answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    marked = re.sub(r'<(\w+) lang="en">.*?</\1>', " ", answer.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", marked)).split())


@pytest.mark.parametrize(
    ("name", "own"),
    [pytest.param(*each, marks=pytest.mark.tenant(each[0])) for each in TENANTS.items()],
)
def test_no_english_stands_on_a_page_in_the_language_of_the_tenant(
    name: str, own: str, client: Client
) -> None:
    look(NOW)
    told = sentences(to_builtins(in_force(NOW).policy))

    for page in PAGES:
        abroad = read(client, f"/privacy/{page}?language=en", "en")
        assert any(each in abroad for each in told), f"{page} tells nothing of {name}"
        said = read(client, f"/privacy/{page}?language={own}", own)
        assert [each for each in sorted(told) if each in said] == [], page


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=pytest.mark.tenant(each)) for each in TENANTS]
)
def test_the_first_page_tells_numbers_and_not_where_they_stand(name: str, client: Client) -> None:
    summary = in_force(NOW).policy.summary.line[TENANTS[name]]

    said = read(client, "/", TENANTS[name])

    assert "{" not in said
    assert summary.partition("{")[0] in said


@pytest.mark.tenant("ema")
@pytest.mark.parametrize("page", ["/account/privacy/", "/account/policy/"])
def test_what_is_told_about_the_own_data_has_the_term_in_it(
    page: str, client: Client, sign_in: Callable[[Account], Account]
) -> None:
    sign_in(make.account())

    assert "since your last act: 10 years." in read(client, page, "en")
