"""The public pages: few queries, no cookie, nothing of another tenant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.jobs.api import waiting
from skola.ground.people.models import Role
from skola.ground.people.tests import make
from skola.promises.notices.api import look
from skola.promises.notices.models import Look
from skola.promises.notices.tasks import look_whether_promises_are_kept
from skola.promises.retention.tasks import sweep

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


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/privacy/{path}")
    assert answer.status_code == 200
    assert not answer.cookies
    return len(queries)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.tenant("ilearn")
def test_a_page_asks_little_and_sets_no_cookie_cold_or_warm(client: Client, path: str) -> None:
    client.get("/robots.txt")
    never = asked(client, path)
    look(clock.now())
    cold, warm = asked(client, path), asked(client, path)
    assert (never, warm) == (cold, cold)
    assert cold <= 8


def told(client: Client, at: datetime) -> dict[str, Any]:
    with clock.standing_at(at):
        found: dict[str, Any] = client.get("/privacy/is-it-true.json").json()
    return found


@pytest.mark.tenant("ilearn")
def test_before_the_first_look_nothing_is_green(client: Client) -> None:
    first = told(client, NOW)
    assert (first["checked_at"], first["kept"], first["broken"]) == (None, 0, 0)
    page = client.get("/privacy/truth/").content.decode()
    assert "Nothing was looked at yet." in page
    assert 'class="verdict verdict-kept"' not in page


@pytest.mark.tenant("ilearn")
def test_the_worker_looks_and_a_look_that_is_too_old_is_not_green(client: Client) -> None:
    with clock.standing_at(NOW):
        look_whether_promises_are_kept()
        look_whether_promises_are_kept()
    assert Look.objects.count() == 1
    fresh = told(client, NOW + timedelta(minutes=2))
    assert fresh["checked_at"].startswith("2026-03-02T09:00")
    assert fresh["kept"] > 20
    assert not fresh["stale"]

    old = told(client, NOW + timedelta(minutes=4))
    assert (old["kept"], old["not_checked_lately"], old["stale"]) == (0, fresh["kept"], True)
    with clock.standing_at(NOW + timedelta(minutes=4)):
        for path in ("", "truth/"):
            page = client.get(f"/privacy/{path}").content.decode()
            assert "Last checked at 2 March 2026" in page
            assert 'class="verdict verdict-stale"' in page
            assert "sign-kept" not in page.split("<main")[1].replace(
                'sign-kept"></i><span>Kept', ""
            )


@pytest.mark.tenant("ilearn")
def test_what_was_broken_stays_broken_however_old(client: Client) -> None:
    with clock.standing_at(NOW):
        look(clock.now())
    row = Look.objects.get()
    row.marks[0]["state"] = "broken"
    row.save()
    old = told(client, NOW + timedelta(days=1))
    assert (old["broken"], old["kept"]) == (1, 0)


@pytest.mark.tenant("ilearn")
def test_a_look_at_another_text_says_nothing(client: Client) -> None:
    with clock.standing_at(NOW):
        look(clock.now())
    Look.objects.update(policy="another")
    assert told(client, NOW)["checked_at"] is None


@pytest.mark.tenant("ilearn")
def test_after_a_sweep_it_is_looked_at_once(client: Client) -> None:
    sweep()
    assert waiting("notices.look") == [{}]


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
