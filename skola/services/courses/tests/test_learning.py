"""Taking a course: the pages as learners and visitors see them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from skola.ground.audit.api import Entry
from skola.ground.people.api import Account
from skola.ground.people.tests.make import account, person
from skola.ground.tenants.api import Tenant, inside
from skola.services.courses.models import Course, Enrolment, Progress
from skola.services.courses.tests import make
from skola.services.courses.tests.make import NOW

pytestmark = pytest.mark.usefixtures("tenant")
SignIn = Callable[[Account], Account]


@pytest.fixture
def me(sign_in: SignIn) -> Account:
    return sign_in(account())


def _text(response: Any) -> str:
    return str(response.content.decode())


# ---- the catalogue -------------------------------------------------------------------------------


def test_the_catalogue_shows_what_is_published_to_everybody_and_sends_no_cookie(
    client: Client,
) -> None:
    make.course(title="First aid")
    make.course(title="Not yet", state=Course.State.DRAFT)
    make.course(title="No longer", state=Course.State.ARCHIVED)
    response = client.get("/courses/")
    page = _text(response)
    assert response.status_code == 200
    assert [title in page for title in ("First aid", "Not yet", "No longer")] == [
        True,
        False,
        False,
    ]
    assert dict(response.cookies) == {}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("gramatvedibas", {"Grāmatvedības pamati"}),
        ("PAMATI grām", {"Grāmatvedības pamati"}),
        ("100%", set()),
        ("safe", {"Safe passwords"}),
        ("", {"Grāmatvedības pamati", "Safe passwords"}),
    ],
)
def test_the_search_finds_words_without_marks(client: Client, asked: str, found: set[str]) -> None:
    titles = {"Grāmatvedības pamati": "lv", "Safe passwords": "en"}
    for title, language in titles.items():
        make.course(title=title, language=language, summary="")
    page = _text(client.get("/courses/", {"q": asked}))
    assert {title for title in titles if title in page} == found


def test_the_catalogue_can_be_narrowed_to_a_language(client: Client) -> None:
    make.course(title="Pamati", language="lv")
    make.course(title="Basics", language="en")
    page = _text(client.get("/courses/", {"language": "lv"}))
    assert ("Pamati" in page, "Basics" in page) == (True, False)


def test_a_nonsense_filter_shows_everything(client: Client) -> None:
    make.course(title="Basics")
    response = client.get("/courses/", {"language": "xx", "page": "9999"})
    assert (response.status_code, "Basics" in _text(response)) == (200, True)


def test_courses_of_another_tenant_do_not_exist(client: Client, other_tenant: Tenant) -> None:
    with inside(other_tenant.pk):
        foreign = make.course(title="Elsewhere")
    assert "Elsewhere" not in _text(client.get("/courses/"))
    assert client.get(f"/courses/{foreign.slug}/").status_code == 404


# ---- one course ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "status"), [("published", 200), ("draft", 404), ("archived", 404)]
)
def test_a_visitor_sees_only_what_is_published(client: Client, state: str, status: int) -> None:
    course = make.course(state=state)
    assert client.get(f"/courses/{course.slug}/").status_code == status


def test_an_archived_course_stays_open_to_those_who_take_it(client: Client, me: Account) -> None:
    course = make.course(state=Course.State.ARCHIVED)
    make.enrolment(course, me.person)
    first = make.lessons_of(course)[0]
    pages = [f"/courses/{course.slug}/", f"/courses/{course.slug}/lessons/{first.slug}/"]
    assert [client.get(page).status_code for page in pages] == [200, 200]


@pytest.mark.keeps("ilearn-8.c")
def test_without_an_enrolment_a_lesson_is_refused_and_with_it_a_record_is_made(
    client: Client, me: Account
) -> None:
    course = make.course()
    lesson = make.lessons_of(course)[0]
    address = f"/courses/{course.slug}/lessons/{lesson.slug}/"

    refused = client.get(address)
    assert (refused.status_code, "Press" in _text(refused)) == (403, False)
    assert Progress.objects.count() == 0

    begun = client.post(f"/courses/{course.slug}/enrolments/")
    assert begun["Location"] == address
    read = client.get(address)
    assert (read.status_code, "<strong>hard</strong>" in _text(read)) == (200, True)
    record = Progress.objects.get()
    assert (record.lesson_id, record.enrolment.person_id) == (lesson.pk, me.person_id)
    assert record.enrolment.purpose == "contract.perform"


def test_a_preview_may_be_read_by_everybody(client: Client) -> None:
    course = make.course()
    first, second, _ = make.lessons_of(course)
    first.is_preview = True
    first.save()
    read = client.get(f"/courses/{course.slug}/lessons/{first.slug}/")
    other = client.get(f"/courses/{course.slug}/lessons/{second.slug}/")
    assert (read.status_code, other.status_code) == (200, 403)
    assert dict(read.cookies) == {}


def test_a_visitor_is_led_to_the_sign_in_and_back(client: Client) -> None:
    course = make.course()
    response = client.post(f"/courses/{course.slug}/enrolments/")
    assert response.status_code == 302
    assert "/login/" in response["Location"]
    assert f"next=/courses/{course.slug}/" in response["Location"]


def test_enrolling_twice_is_enrolling_once(client: Client, me: Account) -> None:
    course = make.course()
    for _ in range(2):
        client.post(f"/courses/{course.slug}/enrolments/")
    assert Enrolment.objects.count() == 1
    assert Entry.objects.filter(kind="courses.enrolment.made").count() == 1


def test_nobody_enrols_in_an_archived_course(client: Client, me: Account) -> None:
    course = make.course(state=Course.State.ARCHIVED)
    assert client.post(f"/courses/{course.slug}/enrolments/").status_code == 404


# ---- reading on ----------------------------------------------------------------------------------


@pytest.fixture
def taken(me: Account) -> Enrolment:
    return make.enrolment(make.course(lessons=(2, 1)), me.person)


def _mark(client: Client, enrolment: Enrolment, number: int, **told: str) -> Any:
    course = enrolment.course
    assert course is not None
    lesson = make.lessons_of(course)[number]
    address = f"/courses/{course.slug}/lessons/{lesson.slug}/completions/"
    return client.post(address, {"done": "yes", **told})


def test_done_leads_back_to_the_lesson_and_onward_to_the_next(
    client: Client, taken: Enrolment
) -> None:
    assert str(_mark(client, taken, 0)["Location"]).endswith("/lessons/lesson-1-1/")
    assert str(_mark(client, taken, 0, onward="on")["Location"]).endswith("/lessons/lesson-1-2/")
    assert _mark(client, taken, 2, onward="on")["Location"] == "/courses/first-aid-at-work/"


def test_the_last_lesson_finishes_the_course_and_taking_it_back_reopens_it(
    client: Client, taken: Enrolment
) -> None:
    for number in range(3):
        _mark(client, taken, number)
    taken.refresh_from_db()
    assert taken.finished_at is not None
    assert Entry.objects.filter(kind="courses.course.finished").count() == 1

    _mark(client, taken, 1, done="no")
    taken.refresh_from_db()
    assert taken.finished_at is None


def test_marking_without_reload_answers_with_the_one_section(
    client: Client, taken: Enrolment
) -> None:
    assert taken.course is not None
    lesson = make.lessons_of(taken.course)[0]
    address = f"/courses/{taken.course.slug}/lessons/{lesson.slug}/completions/"
    page = _text(client.post(address, {"done": "yes"}, headers={"HX-Request": "true"}))
    assert page.lstrip().startswith('<section id="state"')
    assert ("Done" in page, "<html" in page) == (True, False)


@pytest.mark.parametrize("told", [{"done": "maybe"}, {"done": ""}])
def test_a_wrong_mark_changes_nothing(
    client: Client, taken: Enrolment, told: dict[str, str]
) -> None:
    assert _mark(client, taken, 0, **told).status_code == 400
    assert Progress.objects.count() == 0


def test_a_learner_comes_back_to_where_they_stopped(client: Client, taken: Enrolment) -> None:
    assert taken.course is not None
    slug = taken.course.slug
    assert client.get(f"/courses/{slug}/resumption/")["Location"].endswith("/lesson-1-1/")
    client.get(f"/courses/{slug}/lessons/lesson-1-2/")
    assert client.get(f"/courses/{slug}/resumption/")["Location"].endswith("/lesson-1-2/")
    _mark(client, taken, 1)
    assert client.get(f"/courses/{slug}/resumption/")["Location"].endswith("/lesson-2-1/")


def test_the_place_in_a_video_is_remembered(client: Client, taken: Enrolment) -> None:
    assert taken.course is not None
    address = f"/courses/{taken.course.slug}/lessons/lesson-1-1/place/"
    assert client.post(address, {"seconds": "83"}).status_code == 204
    assert client.post(address, {"seconds": "-1"}).status_code == 400
    assert Progress.objects.get().seconds == 83


def test_the_first_look_and_the_mark_stay_when_a_lesson_is_read_again(
    client: Client, taken: Enrolment
) -> None:
    assert taken.course is not None
    first = make.lessons_of(taken.course)[0]
    earlier = NOW - timedelta(days=3)
    Progress.objects.create(
        enrolment=taken, lesson=first, first_at=earlier, last_at=earlier, done_at=earlier, seconds=5
    )
    client.get(f"/courses/{taken.course.slug}/lessons/{first.slug}/")
    again = Progress.objects.get()
    assert (again.first_at, again.done_at, again.seconds) == (earlier, earlier, 5)
    assert again.last_at > earlier


def test_what_others_take_is_not_mine(client: Client, me: Account, taken: Enrolment) -> None:
    other = make.course(title="Of somebody else")
    make.enrolment(other, person(), done=3)
    page = _text(client.get("/courses/mine/"))
    assert "Of somebody else" not in page
    assert _text(client.get(f"/courses/{other.slug}/")).count("status-ok") == 0


def test_my_page_answers_what_now_with_the_next_lesson(client: Client, me: Account) -> None:
    course = make.course(lessons=(3,))
    make.enrolment(course, me.person, done=1)
    finished = make.enrolment(make.course(title="Behind me"), me.person, done=3)
    Enrolment.objects.filter(pk=finished.pk).update(finished_at=NOW)
    page = _text(client.get("/courses/mine/"))
    assert f"/courses/{course.slug}/lessons/lesson-1-2/" in page
    assert "1 of 3" in page
    assert "Behind me" in page


def test_what_was_learned_stays_known_when_the_course_is_gone(client: Client, me: Account) -> None:
    course = make.course(title="A short life")
    enrolment = make.enrolment(course, me.person, done=1)
    course.delete()
    enrolment.refresh_from_db()
    assert enrolment.course is None
    page = _text(client.get("/courses/mine/"))
    assert ("A short life" in page, "no longer offered" in page) == (True, True)


def test_giving_up_asks_first_and_then_deletes_the_record(client: Client, taken: Enrolment) -> None:
    assert taken.course is not None
    address = f"/courses/{taken.course.slug}/leaving/"
    assert (client.get(address).status_code, Enrolment.objects.count()) == (200, 1)
    assert client.post(address)["Location"] == "/courses/mine/"
    assert Enrolment.objects.count() == 0


# ---- the policy decides --------------------------------------------------------------------------


@pytest.mark.tenant("ekool")
def test_without_a_public_catalogue_visitors_sign_in_first(client: Client) -> None:
    course = make.course()
    assert client.get("/courses/").status_code == 302
    assert client.get(f"/courses/{course.slug}/").status_code == 404


@pytest.mark.tenant("ekool")
def test_without_a_public_catalogue_those_signed_in_find_courses(
    client: Client, me: Account
) -> None:
    make.course(title="For pupils")
    assert "For pupils" in _text(client.get("/courses/"))


# ---- the number of questions ---------------------------------------------------------------------


def _questions(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)  # what is remembered for a while is not counted
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries)


@pytest.mark.parametrize("size", [1, 30])
def test_pages_ask_the_same_however_much_there_is(client: Client, me: Account, size: int) -> None:
    course = make.course(title="The one", lessons=(size, size))
    make.enrolment(course, me.person, done=size)
    for number in range(size - 1):
        other = make.course(title=f"Other {number}")
        make.enrolment(other, me.person, done=1)
    pages = {
        "/courses/": 8,
        "/courses/the-one/": 8,
        "/courses/the-one/lessons/lesson-1-1/": 8,
        "/courses/mine/": 8,
    }
    asked = {page: _questions(client, page) for page in pages}
    assert {page: count for page, count in asked.items() if count > pages[page]} == {}


@pytest.mark.parametrize("size", [1, 30])
def test_a_visitor_costs_little(client: Client, size: int) -> None:
    for number in range(size):
        make.course(title=f"Course {number}", lessons=(size,))
    asked = [_questions(client, page) for page in ("/courses/", "/courses/course-0/")]
    assert max(asked) <= 4
