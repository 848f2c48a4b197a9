"""Pages that tell the policy tell all of it in the language of the page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from msgspec import to_builtins

from skola.ground import clock
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
