"""What is kept of a page, and what suits somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.visits.rules import (
    MOST_SUITED,
    Looked,
    Offered,
    campaign_of,
    elsewhere,
    language_of,
    page_of,
    suited,
    told_of_ad,
    told_of_visit,
)


@pytest.mark.parametrize(
    ("route", "parts", "kept"),
    [
        ("", {}, "/"),
        ("courses/<slug:slug>/", {"slug": "first-aid"}, "/courses/first-aid/"),
        ("people/<uuid:pk>/", {"pk": "0198"}, "/people/…/"),
        ("privacy/by-link/<str:token>/", {"token": "secret"}, "/privacy/by-link/…/"),
        ("<path:rest>", {"rest": "anna@example.org"}, "/…"),
        (r"^account/reset/(?P<key>.+)/$", {"key": "secret"}, "/account/reset/"),
    ],
)
def test_a_page_is_kept_without_what_leads_to_a_person(
    route: str, parts: dict[str, object], kept: str
) -> None:
    assert page_of(route, parts) == kept


def test_of_another_site_only_its_host_is_kept() -> None:
    assert elsewhere("https://search.example/?q=anna+berzina") == "search.example"
    assert elsewhere("https://[broken") == elsewhere("") == ""


def test_the_first_language_is_kept_without_its_country() -> None:
    assert language_of("lv-LV,lv;q=0.9,en") == "lv"
    assert language_of("*") == language_of("") == ""


AID = Looked("first-aid", "First aid at work", times=3)
SHELF = [
    Offered("baking", "Baking bread at home"),
    Offered("aid-2", "First aid for children"),
    Offered("first-aid", "First aid at work"),
]


def test_what_has_words_in_common_stands_first_and_what_is_known_does_not() -> None:
    assert suited([AID], SHELF) == ["aid-2"]
    assert suited([], SHELF) == []


@given(
    st.lists(st.builds(Looked, st.text(max_size=3), st.text(), st.integers(1, 9)), max_size=5),
    st.lists(st.builds(Offered, st.text(max_size=3), st.text()), max_size=9),
)
def test_little_stands_first_and_nothing_that_is_not_offered(
    looked: list[Looked], shelf: list[Offered]
) -> None:
    found = suited(looked, shelf)
    assert len(found) <= MOST_SUITED
    assert set(found) <= {one.topic for one in shelf} - {one.topic for one in looked}


@pytest.mark.parametrize(
    ("value", "campaign"),
    [
        ("spring", "spring"),
        ("spring-2026", "spring-2026"),
        ("", ""),
        ("Spring", ""),
        ("elin@example.org", ""),
        ("a" * 40, "a" * 40),
        ("a" * 41, ""),
        ("vår", ""),
    ],
)
def test_a_campaign_is_a_plain_word_or_none(value: str, campaign: str) -> None:
    assert campaign_of(value) == campaign


@given(st.text(), st.text())
def test_providers_are_told_these_fields_and_no_other(account: str, said: str) -> None:
    assert told_of_visit(account, said).keys() == {"v", "tid", "en", "dl"}
    assert told_of_ad(account, said).keys() == {"tid", "en", "campaign"}
