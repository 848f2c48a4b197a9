"""The public pages: few queries, no cookie, nothing of another tenant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.people.models import Role
from skola.ground.people.tests import make
from skola.promises.notices.api import forget

PATHS = (
    "",
    "?depth=line",
    "?depth=page",
    "?language=lv",
    "truth/",
    "truth/?state=kept&kind=retention",
    "truth/?state=nonsense",
    "is-it-true.json",
    "data/",
    "purposes/",
    "record.json",
    "dpv.jsonld",
    "recipients/",
    "versions/",
    "versions/2020-08-17/",
    "glossary/",
)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.tenant("ilearn")
def test_a_page_asks_little_and_sets_no_cookie(client: Client, path: str) -> None:
    client.get("/privacy/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/privacy/{path}")
    assert answer.status_code == 200
    assert not answer.cookies
    assert len(asked) <= 8


@pytest.mark.tenant("ilearn")
def test_marks_are_made_anew_after_a_minute_and_not_before(client: Client) -> None:
    forget()

    def moment(at: datetime) -> str:
        with clock.standing_at(at):
            told: dict[str, str] = client.get("/privacy/is-it-true.json").json()
        return told["checked_at"][:19]

    first = moment(NOW)
    assert moment(NOW + timedelta(seconds=50)) == first
    assert moment(NOW + timedelta(seconds=70)) != first


@pytest.mark.tenant("ilearn")
def test_an_unknown_version_and_a_wrong_method_are_refused(client: Client) -> None:
    assert client.get("/privacy/versions/1999-01-01/").status_code == 404
    assert client.post("/privacy/").status_code == 405


@pytest.mark.tenant("ilearn")
def test_only_an_officer_sees_rules_and_tests_by_name(client: Client, sign_in: Any) -> None:
    assert "controller · ilearn-1" not in client.get("/privacy/truth/").content.decode()
    account = make.account()
    make.role(account.person, Role.Kind.OFFICER)
    sign_in(account)
    assert "controller · ilearn-1" in client.get("/privacy/truth/").content.decode()


@pytest.mark.tenant("ilearn")
def test_a_language_that_the_policy_lacks_shows_the_words_that_bind(client: Client) -> None:
    page = client.get("/privacy/?language=sv", headers={"Accept-Language": "sv"}).content.decode()
    assert '<article class="policy policy-full" lang="en">' in page


@pytest.mark.tenant("ilearn")
def test_a_list_without_rows_says_what_to_do(client: Client) -> None:
    page = client.get("/privacy/truth/?state=broken", headers={"Accept-Language": "en"})
    assert "Choose another state or kind." in page.content.decode()
