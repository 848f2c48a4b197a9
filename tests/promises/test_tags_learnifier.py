"""Learnifier counts uses of tags and what learners think, and nothing of who they are."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.tests import make as people
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.visits.models import Tally
from tests.promises.keeping import keeps
from tests.promises.marketing import browser, office
from tests.promises.marking import AT

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("learnifier")]


@pytest.fixture(autouse=True)
def standing(db: None) -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield


def counted() -> dict[tuple[str, str], int]:
    found = Tally.objects.values_list("topic", "answer", "times")
    return {(topic, answer): times for topic, answer, times in found}


@keeps("learnifier-5.n")
def test_tags_and_feedback_are_counted_and_no_table_of_counts_has_a_person() -> None:
    author = people.account()
    people.role(author.person, "author", starts_at=AT)
    course = courses.course(title="Bees", author=author.person, lessons=(1,))
    who, page = browser(author), reverse("courses:describe", args=[course.slug])
    told = {"title": "Bees", "summary": "All of it.", "language": "en"}
    assert who.post(page, {**told, "tags": "Nature, hives,nature"}).status_code == 302
    assert who.post(page, {**told, "tags": "nature, hives"}).status_code == 302, "none is new"
    assert who.post(page, {**told, "tags": "a, b, c, d, e, f, g"}).status_code == 422
    assert counted() == {("nature", ""): 1, ("hives", ""): 1}
    assert Course.objects.get(pk=course.pk).tag_words == ["nature", "hives"]

    courses.course(title="Wasps")
    visitor = browser()
    found = visitor.get("/courses/", {"tag": "nature"}).content.decode()
    assert "Bees" in found
    assert "Wasps" not in found
    assert counted()["nature", ""] == 2
    assert "?tag=nature" in visitor.get(f"/courses/{course.slug}/").content.decode()
    visitor.get("/courses/", {"tag": "unheard-of"})
    assert ("unheard-of", "") not in counted(), "only what there is"

    useful = reverse("courses:feedback", args=[course.slug])
    assert visitor.post(useful, {"answer": "yes"}).status_code in (302, 403, 404)
    for number in range(6):
        learner = people.account()
        courses.enrolment(course, learner.person, started_at=AT)
        client = browser(learner)
        assert "Was the course useful?" in client.get(f"/courses/{course.slug}/").content.decode()
        answer = "no" if number == 5 else "yes"
        for _twice in range(2):
            assert client.post(useful, {"answer": answer}).status_code == 302
        assert "It was counted." in client.get(f"/courses/{course.slug}/").content.decode()
    assert counted()["Bees", "yes"] == 5
    assert counted()["Bees", "no"] == 1

    shown = office().get(reverse("visits:tags")).content.decode()
    assert "nature" in shown
    assert "March 2026" in shown
    with connection.cursor() as cursor:
        for table in ("visits_tally", "visits_visit"):
            described = connection.introspection.get_table_description(cursor, table)
            names = {one.name for one in described}
            keys = connection.introspection.get_relations(cursor, table)
            assert set(keys) <= {"tenant_id"}, "nothing leads to a person"
            assert not names & {"person_id", "account_id", "device", "session", "address", "ip"}
        cursor.execute("select * from visits_tally")
        held = " ".join(str(value) for row in cursor.fetchall() for value in row)
    assert str(author.person.pk) not in held


@pytest.mark.tenant("kic")
def test_where_the_policy_counts_none_of_it_nothing_is_asked() -> None:
    learner = people.account()
    course = courses.course(title="Bees", lessons=(1,))
    courses.enrolment(course, learner.person, started_at=AT)
    page = browser(learner).get(f"/courses/{course.slug}/").content.decode()
    assert "Was the course useful?" not in page
    there = reverse("courses:feedback", args=[course.slug])
    assert browser(learner).post(there, {"answer": "yes"}).status_code == 404
    assert browser(learner).get("/visits/tags/").status_code == 404
