"""Pages of the register: what they cost, and what they answer to nonsense."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.promises.reports.tests import make

AT_MOST = 8
PAGES = ("/office/reports/", "/office/reports/new/", "/office/reports/new/?purpose=planning")


@pytest.fixture
def officer(sign_in: Callable[[Account], Account], now: datetime) -> None:
    account = people.account()
    people.role(account.person, "officer", starts_at=now)
    sign_in(account)


@pytest.mark.usefixtures("officer")
def test_lists_ask_the_database_as_often_for_thirty_reports_as_for_one(
    client: Client, now: datetime
) -> None:
    counts = set()
    for many in (1, 29):
        for _number in range(many):
            make.report(at=now)
        with clock.standing_at(now):
            for page in PAGES:
                if many == 1:
                    client.get(page)  # what a process remembers
                with CaptureQueriesContext(
                    connection,
                ) as seen:
                    assert client.get(page).status_code == 200
                counts.add((page, len(seen)))
    assert len(counts) == len(PAGES), counts
    assert max(count for _page, count in counts) <= AT_MOST, counts


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    "told",
    [
        {"form": "numbers", "model": "people.nobody", "by": "x"},
        {"form": "numbers", "model": "courses.enrolment", "by": "person_id"},
        {
            "form": "numbers",
            "model": "courses.enrolment",
            "by": "started_at",
            "across": "started_at",
        },
        {"form": "pseudonyms", "model": "courses.enrolment"},
        {"form": "names", "listing": "nothing"},
        {"form": "poem", "model": "courses.enrolment"},
        {},
    ],
)
def test_what_cannot_be_read_is_not_registered(
    client: Client, now: datetime, told: dict[str, str]
) -> None:
    with clock.standing_at(now):
        answer = client.post("/office/reports/new/", {"title": "x", "purpose": "planning", **told})
    assert answer.status_code == 422


@pytest.mark.usefixtures("officer")
def test_a_report_is_removed_once_and_what_is_gone_is_not_there(
    client: Client, now: datetime
) -> None:
    report = make.report(at=now)
    there = f"/office/reports/{report.pk}/"
    with clock.standing_at(now):
        assert client.get(there).status_code == 200
        assert client.post(f"{there}removals/").status_code == 302
        assert client.post(f"{there}removals/").status_code == 404
        assert client.get(there).status_code == 404
