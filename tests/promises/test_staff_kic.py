"""KIC: who works there is trained, granted what they may do, and reads how things are done."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Person, Role
from skola.ground.people.tests import make as people
from skola.services.courses.tests import make as courses
from skola.services.groups.tests import make as groups
from skola.services.staff.models import Grant, Version
from skola.services.staff.tests import make
from tests.promises.keeping import keeps

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("kic")]

AT = make.A_DAY
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def as_whom(client: Client) -> Callable[[Person], Client]:
    """The browser of somebody."""

    def enter(person: Person) -> Client:
        client.force_login(person.account)
        return client

    return enter


def office(kind: str) -> Person:
    """Somebody of the office whose role was there before."""
    made = people.account().person
    people.role(made, kind)
    return made


@keeps("kic-security-access")
def test_a_grant_needs_approval_and_lapses_when_nobody_reviews_it(
    as_whom: Callable[[Person], Client],
) -> None:
    asker, officer = office("administrator"), office("officer")
    holder = people.account().person
    make.passed(holder, make.course(), at=AT)
    client_page = reverse("groups:office")
    with clock.standing_at(AT):
        giving = reverse("web:people:grant", args=[holder.pk])
        told = {"kind": "coordinator", "scope": "", "reason": "New in the team"}
        assert as_whom(asker).post(giving, told).status_code == 302
        grant = Grant.objects.get()
        approving = reverse("staff:approve", args=[grant.pk])
        reviewing = reverse("staff:review", args=[grant.pk])
        assert as_whom(holder).get(client_page).status_code == 404, "not before it is approved"
        assert as_whom(asker).post(approving).status_code == 409, "not by who asked"
        assert as_whom(holder).get(client_page).status_code == 404
        page = as_whom(officer).get(reverse("staff:grants")).content.decode()
        assert "New in the team" in page
        assert as_whom(officer).post(approving).status_code == 302
        assert as_whom(holder).get(client_page).status_code == 200

    half_a_year = datetime(2026, 9, 2, 21, 0, tzinfo=AT.tzinfo)
    """The midnight in Riga after the last day of six months."""
    with clock.standing_at(half_a_year - 20 * A_DAY):
        assert "is to be reviewed" in as_whom(officer).get("/").content.decode()
        assert as_whom(asker).post(reviewing).status_code == 409, "not by who asked"
    with clock.standing_at(half_a_year - A_MINUTE):
        assert as_whom(holder).get(client_page).status_code == 200
    with clock.standing_at(half_a_year):
        assert as_whom(holder).get(client_page).status_code == 404, "it lapsed by the clock"
        assert as_whom(officer).post(reviewing).status_code == 409

    kinds = list(
        Entry.objects.filter(kind__startswith="staff.grant").values_list("kind", flat=True)
    )
    assert kinds == ["staff.grant.asked", "staff.grant.approved"]


@keeps("kic-security-access")
def test_a_reviewed_grant_goes_on_for_another_term(
    as_whom: Callable[[Person], Client],
) -> None:
    officer, holder = office("officer"), people.account().person
    grant = make.granted(holder, "coordinator", at=AT)
    make.passed(holder, make.course(), at=AT)
    with clock.standing_at(AT + 170 * A_DAY):
        reviewing = reverse("staff:review", args=[grant.pk])
        assert as_whom(officer).post(reviewing).status_code == 302
    with clock.standing_at(AT + 340 * A_DAY):
        assert as_whom(holder).get(reverse("groups:office")).status_code == 200
    with clock.standing_at(AT + 364 * A_DAY):
        assert as_whom(holder).get(reverse("groups:office")).status_code == 404


@keeps("kic-security-training")
@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("coordinator", "groups:office"),
        ("support", "desk:queue"),
        ("administrator", "web:people:people"),
    ],
)
def test_who_is_new_sees_clients_once_the_training_is_passed_and_while_it_is_valid(
    as_whom: Callable[[Person], Client], kind: str, page: str
) -> None:
    seat = groups.participant(groups.run(at=AT), at=AT)
    holder = people.account().person
    make.granted(holder, kind, at=AT)
    course = make.course()
    lesson = courses.lessons_of(course)[0]
    data = reverse(page)
    with clock.standing_at(AT):
        me = as_whom(holder)
        refused = me.get(data)
        assert refused.status_code in (403, 404)
        assert seat.person.family_name not in refused.content.decode()
        assert "Training of the staff" in me.get("/").content.decode()
        assert me.post(reverse("staff:take")).status_code == 302
        assert me.get(data).status_code in (403, 404), "begun is not passed"
        done = reverse("courses:complete", args=[course.slug, lesson.slug])
        assert me.post(done, {"done": "yes"}).status_code == 302
        assert me.get(data).status_code == 200

    Role.objects.filter(person=holder).update(ends_at=None)  # another test is about reviews
    a_year = datetime(2027, 3, 2, 22, 0, tzinfo=AT.tzinfo)
    with clock.standing_at(a_year - A_DAY):
        assert "Training of the staff" in as_whom(holder).get("/").content.decode(), "a reminder"
        assert as_whom(holder).get(data).status_code == 200
    with clock.standing_at(a_year):
        me = as_whom(holder)
        assert me.get(data).status_code in (403, 404)
        me.post(reverse("staff:take"))
        me.post(done, {"done": "yes"})
        assert me.get(data).status_code == 200, "it opens again"


@keeps("kic-security-practice")
def test_a_guideline_is_reviewed_on_its_day_and_acknowledged_by_version(
    as_whom: Callable[[Person], Client],
) -> None:
    officer, reader = office("officer"), office("support")
    Person.objects.filter(pk=reader.pk).update(given_name="Dace", family_name="Ozola")
    written = {"title": "Clean desk", "text": "Lock it.", "review_on": "2026-06-01"}
    with clock.standing_at(AT):
        assert as_whom(officer).post(reverse("staff:guidelines"), written).status_code == 302
        version = Version.objects.get()
        mine = as_whom(reader)
        assert "Clean desk" in mine.get("/").content.decode()
        reading = reverse("staff:read", args=[version.pk])
        assert "Lock it." in mine.get(reading).content.decode()
        for _ in range(2):
            assert mine.post(reading).status_code == 302
        assert "Clean desk" not in mine.get("/").content.decode()

    there = reverse("staff:guideline", args=[version.guideline_id])
    task = "to be looked at again since"
    as_whom(officer)
    with clock.standing_at(datetime(2026, 5, 31, 20, 0, tzinfo=AT.tzinfo)):
        assert task not in as_whom(officer).get("/").content.decode()
    with clock.standing_at(datetime(2026, 5, 31, 21, 0, tzinfo=AT.tzinfo)):
        assert task in as_whom(officer).get("/").content.decode()
        better = {"text": "Lock it, and shred.", "review_on": "2026-12-01"}
        assert as_whom(officer).post(there, better).status_code == 302
        assert task not in as_whom(officer).get("/").content.decode()

        page = as_whom(officer).get(there).content.decode()
        read, left = page.partition("Not read yet")[::2]
        assert "Lock it, and shred." in read
        assert "Dace Ozola" not in read
        assert "Dace Ozola" in left
        page = as_whom(officer).get(there, {"version": "1"}).content.decode()
        assert "Dace Ozola" in page
        assert "2 March 2026" in page
        assert "Clean desk" in as_whom(reader).get("/").content.decode(), "to be read anew"
    noted = Entry.objects.filter(kind="staff.guideline.acknowledged")
    assert noted.count() == 1, "twice is as once"
