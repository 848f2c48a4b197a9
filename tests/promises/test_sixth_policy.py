"""A policy that is not in the repository's folder of policies is checked, published and served.

It was written from the reference alone. Its languages are Swedish and Estonian, in this order, so
that whatever takes English, or one of the five tenants, for granted shows here.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.tenants.api import Tenant, inside
from skola.ground.tenants.queries import forget_hosts
from skola.promises.notices.api import compare
from skola.promises.policy.lints import lint
from skola.promises.policy.load import load
from skola.promises.policy.source import read
from skola.promises.retention.api import sweep
from skola.web.people import commands
from skola.web.tenancy import publish_for
from tests.promises.people import latest_mail, log_in_by_code, sign_up

FILE = Path(__file__).parent / "sixth" / "2026-10-01.toml"
NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
STAFF = ("administrator", "officer", "support", "instructor", "examiner", "finance", "recruiter")


@pytest.fixture
def sundet(db: None, tmp_path: Path, settings: Any) -> Tenant:
    """The tenant that its policy made; the fixture's folder holds what is published."""
    settings.POLICIES = tmp_path
    forget_hosts()
    with clock.standing_at(NOW):
        publish_for(FILE, now=NOW)
    return Tenant.objects.get(slug="sundet")


def links_in(page: str) -> list[str]:
    """The addresses of this service that a page leads to, without their questions."""
    found = re.findall(r'href="(/[^"#?]*)', unescape(page))
    return [one for one in dict.fromkeys(found) if not one.startswith(("/static/", "/demo/"))]


def walk(who: Client, start: str, *, deep: bool) -> dict[str, int]:
    """What each page answers that ``start`` leads to, or with ``deep`` each that can be reached."""
    answers: dict[str, int] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop(0)
        answer = who.get(address)
        answers[address] = answer.status_code
        if "html" in answer.headers["Content-Type"] and (deep or address == start):
            waiting += [
                one for one in links_in(answer.content.decode()) if one not in {*answers, *waiting}
            ]
    return answers


def faults(answers: dict[str, int], but: Iterable[int] = (200, 302)) -> dict[str, int]:
    return {address: code for address, code in answers.items() if code not in but}


def test_a_sixth_policy_has_no_errors_and_no_warnings() -> None:
    source = read(FILE)

    found = lint(load(FILE), source=source)

    assert {problem.code for problem in found} == {"P007", "P012"}


@pytest.mark.django_db
def test_a_sixth_policy_is_served_to_visitors_learners_and_staff(sundet: Tenant) -> None:
    with clock.standing_at(NOW):
        elsewhere = Client(HTTP_HOST="sundet.localhost", HTTP_ACCEPT_LANGUAGE="fi")
        assert '<html lang="sv"' in elsewhere.get("/").content.decode()
        visitor = Client(HTTP_HOST="sundet.localhost", HTTP_ACCEPT_LANGUAGE="sv")
        reader = Client(HTTP_HOST="sundet.localhost", HTTP_ACCEPT_LANGUAGE="et")
        answers = walk(reader, "/", deep=True)
        assert len(answers) > 25
        assert faults(answers) == {}

        with inside(sundet.pk):
            assert sign_up(visitor, born="1990-05-06") is not None
            mail = latest_mail("new@example.org")
            assert (mail.subject, mail.text[:5]) == ("Sundets folkskola: Din kod", "Hej!\n")
            assert faults(walk(visitor, "/", deep=False)) == {}

            for kind in STAFF:
                email = f"{kind}@example.org"
                given = commands.role(
                    email, kind, tenant="sundet", host=None, new=("Siv", "Sundin"), now=NOW
                )
                assert given == 0
                worker = Client(HTTP_HOST="sundet.localhost")
                assert log_in_by_code(worker, email), kind
                assert worker.get("/").status_code == 200, kind

            sweep(now=NOW)
            broken = [mark.rule for mark in compare(NOW).broken if mark.table != "security"]
            assert broken == []
