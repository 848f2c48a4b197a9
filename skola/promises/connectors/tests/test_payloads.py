"""What leaves is the policy's list, each field in its form, and nothing that rides along."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.connectors.payloads import (
    ErrorEvent,
    Figure,
    Letter,
    ProblemReport,
    cut,
    page_of,
    place_of,
)
from skola.promises.policy.connectors import CONNECTORS

EVENT = ErrorEvent("LookupError", "skola.web.views:home", "0.1.0", "/", "GET", 500, "ema")
ALL = CONNECTORS["error-logging"]


def test_the_words_of_the_policy_language_are_the_fields_of_the_payloads() -> None:
    for payload in (ErrorEvent, ProblemReport, Figure, Letter):
        assert tuple(one.name for one in fields(payload)) == CONNECTORS[payload.task]


def test_what_the_policy_does_not_list_is_cut_off() -> None:
    assert cut(EVENT, ["place", "error", "text"]) == {
        "error": "LookupError",
        "place": "skola.web.views:home",
    }
    assert cut(EVENT, []) == {}


@given(st.text(max_size=80))
def test_no_text_rides_along_in_an_event(text: str) -> None:
    event = ErrorEvent(text, text, text, text, text, 500, "ema")
    left = cut(event, ALL)
    for word in ("error", "place", "release", "page", "method"):
        assert " " not in str(left.get(word, ""))
        assert "@" not in str(left.get(word, ""))


@pytest.mark.parametrize(
    ("route", "page"),
    [
        ("", "/"),
        ("people/<uuid:pk>/papers/", "/people/…/papers/"),
        ("courses/<slug:slug>/", "/courses/…/"),
        ("^media/(?P<name>.*)$", "/media/"),
    ],
)
def test_a_page_is_told_without_whatever_stands_for_something(route: str, page: str) -> None:
    assert page_of(route) == page


def test_the_place_of_an_error_of_nobody_of_ours_is_empty() -> None:
    assert place_of(ValueError("Anna")) == ""
