"""Boards of a course, as iLearn has them: for who takes and makes it, and nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.services.courses.tests import make as courses
from skola.services.forums.models import Forum, Post
from skola.services.forums.tests import make
from skola.services.forums.tests.make import AT

AT_MOST = 8


@pytest.fixture(autouse=True)
def standing(db: None) -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


def client_of(tenant: Tenant, person: Person) -> Client:
    found = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    found.force_login(person.account)
    return found


@pytest.mark.tenant("ilearn")
def test_a_board_of_a_course_is_for_its_people(tenant: Tenant) -> None:
    maker, learner, gone, other = (people.account().person for _ in range(4))
    course, another = courses.course(author=maker), courses.course(author=other, title="Wasps")
    for person, until in ((learner, None), (gone, AT - timedelta(days=1))):
        taken = courses.enrolment(course, person)
        taken.until_at = until
        taken.save()
    making = client_of(tenant, maker)
    told = {"kind": "board", "name": "Questions", "reads": "course", "rules": "Be kind."}
    new = reverse("forums:new")
    assert making.post(new, {**told, "course": str(another.pk)}).status_code == 422
    assert making.post(new, {**told, "reads": "everybody"}).status_code == 422
    assert making.post(new, {**told, "course": str(course.pk)}).status_code == 302
    board = Forum.objects.get()
    page, begin = (reverse(f"forums:{name}", args=[board.pk]) for name in ("forum", "begin"))

    asking = client_of(tenant, learner)
    written = {"title": "Bees", "body": "How?", "name": "Aster"}
    assert asking.post(begin, written).status_code == 302
    post = Post.objects.get()
    topic = reverse("forums:topic", args=[post.topic])
    seen = {
        name: {who.get(one).status_code for one in (page, topic)}
        for name, who in {
            "maker": making,
            "learner": asking,
            "whose time is over": client_of(tenant, gone),
            "another's maker": client_of(tenant, other),
            "visitor": Client(HTTP_HOST=f"{tenant.slug}.localhost"),
        }.items()
    }
    assert seen == {
        "maker": {200},
        "learner": {200},
        "whose time is over": {404},
        "another's maker": {404},
        "visitor": {404},
    }
    assert asking.get(topic)["X-Robots-Tag"] == "noindex"
    hide = reverse("forums:hidings", args=[post.pk])
    assert client_of(tenant, other).post(hide, {"because": "No."}).status_code == 404
    assert making.post(hide, {"because": "No."}).status_code == 302
    gone_client = client_of(tenant, gone)
    make.post(board, gone, "Mine.", at=AT)
    mine = Post.objects.get(body="Mine.")
    removal = reverse("forums:removals", args=[mine.pk])
    assert asking.post(removal).status_code == 404
    assert gone_client.post(removal).status_code == 302, "also where one no longer reads"


@pytest.mark.tenant("ilearn")
@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_little_however_much_is_written(tenant: Tenant, count: int) -> None:
    maker = people.account().person
    course = courses.course(author=maker)
    for kind in ("board", "chat"):
        there = make.forum(kind, course=course)
        for number in range(count):
            author = people.person()
            make.named(author)
            first = make.post(there, author, f"{number}?")
            for answer in range(count if kind == "board" else 0):
                make.post(there, maker, f"{answer}.", topic=first.topic)
    who = client_of(tenant, maker)
    make.named(maker)
    topic = Post.objects.filter(forum__kind="board").latest("written_at").topic
    pages = [reverse("forums:forums"), reverse("forums:topic", args=[topic])]
    pages += [reverse("forums:forum", args=[one.pk]) for one in Forum.objects.all()]
    for page in pages:
        who.get(page)
        with CaptureQueriesContext(connection) as asked:
            assert who.get(page).status_code == 200
        assert len(asked) <= AT_MOST, [one["sql"][:90] for one in asked.captured_queries]


@pytest.mark.parametrize("slug", ["ekool", "ema", "kic"])
def test_without_the_purpose_there_are_no_forums(slug: str) -> None:
    from conftest import make_tenant

    tenant = make_tenant(slug, AT)
    visitor = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    assert visitor.get("/forums/").status_code == 404
    assert "/forums/" not in visitor.get("/robots.txt").content.decode()
