from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.people.api import kinds_of
from skola.ground.people.models import Person, Role
from skola.ground.people.tests.make import account, person, role
from skola.promises.retention.api import sweep
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.staff import actions, demo, queries, training
from skola.services.staff.models import Acknowledgement, Grant, Guideline, Passed
from skola.services.staff.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("kic")]

Enter = Callable[..., Person]
A_DAY = timedelta(days=1)


def test_a_role_given_past_the_office_comes_under_review_and_keeps_its_grace(
    now: datetime,
) -> None:
    old = role(person(), "support")
    role(person(), "author")

    assert [actions.take_over(by="job", now=now) for _ in range(2)] == [1, 0]
    old.refresh_from_db()

    assert old.ends_at == queries.after("6 months", now)
    assert old.trained_until == queries.after("30 days", now)
    assert "support" in kinds_of(old.person, now=now + 29 * A_DAY)
    assert kinds_of(old.person, now=now + 32 * A_DAY) == frozenset()


def test_who_asked_for_less_gets_no_more_by_a_review(now: datetime) -> None:
    until = now + 40 * A_DAY
    grant = make.grant(person(), until=until, at=now)
    actions.approve(grant, decider=person(), by="office", now=now)
    grant.refresh_from_db()
    assert grant.role is not None

    actions.review(grant, reviewer=person(), by="office", now=now + 20 * A_DAY)

    grant.role.refresh_from_db()
    assert grant.role.ends_at == until
    assert list(Grant.objects.to_review(now + 20 * A_DAY)) == []


def test_a_new_course_does_not_take_what_was_passed_before(now: datetime) -> None:
    holder = person()
    make.granted(holder, at=now)
    make.passed(holder, make.course(at=now), at=now)
    other = courses.course(title="Another")

    training.name_course(other, by="office", now=now)
    make.passed(person(), other, at=now)

    assert "coordinator" in kinds_of(holder, now=now)
    assert Passed.objects.count() == 2


def test_who_has_passed_before_gets_a_role_that_is_open(now: datetime) -> None:
    holder = person()
    make.passed(holder, make.course(at=now), at=now)

    make.granted(holder, at=now + A_DAY)

    assert "coordinator" in kinds_of(holder, now=now + A_DAY)


def test_the_demo_has_something_to_approve_to_review_and_to_read(now: datetime) -> None:
    writer, office, officer = (account(created_at=now - 500 * A_DAY).person for _ in range(3))
    for one, kind in ((writer, "author"), (office, "support"), (officer, "officer")):
        role(one, kind, starts_at=now - 400 * A_DAY)

    demo.populate("kic", [writer, office, officer], Random(1), now)

    assert Grant.objects.waiting().get().person == writer
    assert Grant.objects.to_review(now).count() == 2
    assert queries.due_guidelines(queries.today(now)).count() == 1
    assert {str(one) for one in kinds_of(office, now=now)} == {"support"}
    assert Course.objects.get().title == demo.TITLE


def test_what_was_read_goes_with_the_learning(now: datetime) -> None:
    reader = account(created_at=now).person
    actions.acknowledge(make.guideline(at=now), reader, by="they", now=now)

    sweep(now=now + 730 * A_DAY)
    assert Acknowledgement.objects.count() == 1
    sweep(now=now + 732 * A_DAY)
    assert Acknowledgement.objects.count() == 0


def test_the_same_text_again_is_no_new_version_and_needs_no_new_reading(now: datetime) -> None:
    version = make.guideline(at=now)
    day = (now + 400 * A_DAY).date()

    actions.improve(version.guideline, version.text, review_on=day, by="office", now=now)

    found = Guideline.objects.get()
    assert (found.versions.count(), found.review_on) == (1, day)


def test_an_administrator_asks_and_cannot_ask_twice(client: Client, enter: Enter) -> None:
    enter("administrator")
    somebody = account().person
    giving = reverse("web:people:grant", args=[somebody.pk])
    told = {"kind": "support", "scope": "", "reason": "Holiday"}

    assert client.post(giving, told).status_code == 302
    assert client.post(giving, told).status_code == 409
    assert client.post(giving, {"kind": "author", "scope": ""}).status_code == 302

    assert set(Role.objects.filter(person=somebody).values_list("kind", flat=True)) == {"author"}
    page = client.get(reverse("web:people:roles", args=[somebody.pk])).content.decode()
    assert "somebody else has to approve it" in page


def test_a_grant_is_decided_once(client: Client, enter: Enter, now: datetime) -> None:
    enter("officer")
    grant = make.grant(person(), at=now)

    assert client.post(reverse("staff:refuse", args=[grant.pk])).status_code == 302
    assert client.post(reverse("staff:approve", args=[grant.pk])).status_code == 409
    assert client.post(reverse("staff:review", args=[grant.pk])).status_code == 409
    assert not Role.objects.filter(kind="coordinator").exists()


def test_a_guideline_is_written_withdrawn_and_never_twice(
    client: Client, enter: Enter, now: datetime
) -> None:
    enter("officer")
    told = {"title": "Keys", "text": "Lock it.", "review_on": (now + 9 * A_DAY).date()}
    place = reverse("staff:guidelines")

    assert client.post(place, {**told, "review_on": now.date()}).status_code == 422
    assert client.post(place, told).status_code == 302
    assert client.post(place, told).status_code == 409
    found = Guideline.objects.get()
    assert client.post(reverse("staff:withdraw", args=[found.pk])).status_code == 302
    assert client.get(reverse("staff:guideline", args=[found.pk])).status_code == 404


def test_the_course_is_named_by_an_administrator_who_has_not_passed_one(
    client: Client, enter: Enter, now: datetime
) -> None:
    me = enter()
    make.granted(me, "administrator", at=now)
    course = courses.course()

    assert client.get(reverse("staff:trained")).status_code == 403
    assert client.post(reverse("staff:take")).url == reverse("staff:own")  # type: ignore[attr-defined]
    assert client.post(reverse("staff:course"), {"course": ""}).status_code == 422
    assert client.post(reverse("staff:course"), {"course": course.pk}).status_code == 302
    assert client.post(reverse("staff:take")).status_code == 302
    make.passed(me, course, at=now + A_DAY)

    assert client.get(reverse("staff:trained")).status_code == 200


def test_others_find_nothing_of_the_staff(client: Client, enter: Enter, now: datetime) -> None:
    enter("author")
    version = make.guideline(at=now)

    for address in (
        reverse("staff:own"),
        reverse("staff:read", args=[version.pk]),
        reverse("staff:course"),
        reverse("staff:grants"),
        reverse("staff:guidelines"),
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(reverse("staff:take")).status_code == 404


@pytest.mark.tenant("ema")
def test_without_a_purpose_there_is_no_practice(client: Client, enter: Enter) -> None:
    enter("administrator")
    somebody = account().person

    for name in ("own", "grants", "trained", "guidelines"):
        assert client.get(reverse(f"staff:{name}")).status_code == 404
    client.post(reverse("web:people:grant", args=[somebody.pk]), {"kind": "support", "scope": ""})
    assert Role.objects.filter(person=somebody, kind="support").exists()
    assert actions.take_over(by="job", now=make.A_DAY) == 0


@pytest.mark.parametrize("count", [1, 15])
def test_pages_ask_the_database_as_often_for_fifteen_as_for_one(
    client: Client, enter: Enter, now: datetime, count: int
) -> None:
    me = enter("administrator", "officer")
    make.course(at=now)
    for number in range(count):
        make.granted(person(), at=now)
        make.grant(person(), at=now)
        version = make.guideline(title=f"Guideline {number}", at=now)
        actions.acknowledge(version, me, by="they", now=now)

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    frame = queries_of(reverse("ui:display"))
    pages = [
        reverse("staff:own"),
        reverse("staff:grants"),
        reverse("staff:trained"),
        reverse("staff:guidelines"),
        reverse("staff:guideline", args=[version.guideline_id]),
        reverse("staff:read", args=[version.pk]),
    ]
    assert [page for page in pages if queries_of(page) - frame > 8] == []
