"""Posts from outside: whom the school designates, and nobody else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.api import end_guardianship
from skola.ground.people.models import Guardianship, Person
from skola.ground.people.tests import make as people
from skola.promises.retention.api import clock_of, sweep
from skola.services.community import actions, queries, rules
from skola.services.community.models import Feed, Post
from skola.services.community.tests import make
from skola.services.diary.tests import make as diary
from skola.services.school import actions as schooling
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]
Enter = Callable[[Person], Client]
TALLINN = ZoneInfo("Europe/Tallinn")
AT_MOST = 8


def head_of(world: diary.World) -> Person:
    person = people.account().person
    schooling.name_administrator(world.school, person, by="staff", now=A_DAY)
    return person


def reads(client: Client, post: Post) -> tuple[bool, bool, bool]:
    """Whether the post is in the list, in its place, and at its own address."""
    places = (
        reverse("community:posts"),
        reverse("community:feed", args=[post.feed_id]),
        reverse("community:post", args=[post.pk]),
    )
    answers = [client.get(place) for place in places]
    assert {answer.status_code for answer in answers} <= {200, 404}
    found = [a.status_code == 200 and post.body in a.content.decode() for a in answers]
    return found[0], found[1], found[2]


@pytest.mark.keeps("ekool-8.5-posts")
def test_only_whom_the_school_designates_reads_a_post(client_of: Enter) -> None:
    world, other = diary.world(), diary.world(name="Kase Kool")
    head = head_of(world)
    asked = {
        "name": "Class news",
        "about": str(world.school_class.pk),
        "readers": ["parents", "staff"],
        "writers": ["staff"],
    }
    setting = reverse("community:settings", args=[world.school.pk])
    assert client_of(head).post(setting, asked).status_code == 302
    feed = Feed.objects.get()
    place = reverse("community:feed", args=[feed.pk])
    teacher = client_of(world.teacher)
    page = teacher.get(place).content.decode()
    assert "Read by: parents of 7.B, teachers of 7.B." in page  # before anything is posted
    assert "designated by the school" in page
    assert teacher.post(place, {"title": "A trip", "body": "We meet at nine."}).status_code == 302
    post = Post.objects.get()
    parent, pupil = schools.guardian(world.pupil.person), world.pupil.person

    assert reads(client_of(parent), post) == (True, True, True)
    assert reads(teacher, post) == (True, True, True)
    others = {
        "a pupil": pupil,
        "a parent who does not see the diary": schools.guardian(pupil, powers=("consent",)),
        "another school's teacher": other.teacher,
        "another school's parent": schools.guardian(other.pupil.person),
        "somebody": people.account().person,
    }
    found = {who: reads(client_of(person), post) for who, person in others.items()}
    assert found == dict.fromkeys(others, (False, False, False))
    for person in (parent, pupil):
        told = client_of(person).post(place, {"title": "x", "body": "y"})
        assert told.status_code == 404  # nobody writes whom the school did not let
    assert Post.objects.count() == 1

    wider = {"readers": ["pupils", "parents", "staff"], "writers": ["staff"]}
    change = reverse("community:audience", args=[feed.pk])
    assert client_of(world.teacher).post(change, wider).status_code == 404
    assert client_of(head_of(other)).post(change, wider).status_code == 404
    assert client_of(head).post(change, wider).status_code == 302
    assert reads(client_of(pupil), post)[2] is False  # it was not posted for pupils
    teacher.post(place, {"title": "Later", "body": "Bring skates."})
    later = Post.objects.get(title="Later")
    assert reads(client_of(pupil), later) == (True, True, True)


def test_a_parent_reads_as_long_as_the_link_runs_and_until_the_child_is_of_age(
    client_of: Enter,
) -> None:
    world = diary.world()
    child = world.pupil.person
    child.birth_on = date(2008, 3, 10)
    child.save()
    parent = schools.guardian(child)
    feed = make.feed(world.school, school_class=world.school_class, readers=["parents"])
    post = make.post(feed, world.teacher)
    client = client_of(parent)
    birthday = datetime(2026, 3, 10, tzinfo=TALLINN)

    with clock.standing_at(birthday - timedelta(seconds=30)):
        assert reads(client, post) == (True, True, True)
    with clock.standing_at(birthday):
        assert reads(client, post) == (False, False, False)
    end_guardianship(Guardianship.objects.get(), by="school", now=A_DAY)
    assert reads(client, post) == (False, False, False)


def test_a_post_for_a_subject_is_not_for_the_teacher_of_another_one(client_of: Enter) -> None:
    world = diary.world()
    art = people.account().person
    schools.group(world.school_class, art, subject="Kunst")
    feed = make.feed(world.school, group=world.group)
    post = make.post(feed, world.teacher)

    assert reads(client_of(art), post) == (False, False, False)
    assert reads(client_of(world.pupil.person), post) == (True, True, True)


def test_a_post_is_taken_away_by_its_author_or_the_school(client_of: Enter) -> None:
    world = diary.world()
    feed = make.feed(world.school)
    head, pupil = head_of(world), world.pupil.person

    def take(person: Person, post: Post) -> int:
        return client_of(person).post(reverse("community:removals", args=[post.pk])).status_code

    first = make.post(feed, world.teacher)
    assert [take(pupil, first), take(world.teacher, first)] == [404, 302]
    second = make.post(feed, world.teacher)
    assert take(head, second) == 302
    assert not Post.objects.exists()
    assert Entry.objects.filter(kind="community.post.removed").count() == 2


def test_reading_leaves_no_trace_of_who_read(client_of: Enter) -> None:
    world = diary.world()
    post = make.post(make.feed(world.school), world.teacher)
    reader = client_of(world.pupil.person)
    reader.get(reverse("community:posts"))
    before = Entry.objects.count()

    with CaptureQueriesContext(connection) as asked:
        assert reads(reader, post) == (True, True, True)

    written = ("insert", "update", "delete")
    beside = ("account_", "sessions", "retention_event")
    told = [one["sql"] for one in asked if one["sql"].lower().startswith(written)]
    assert [sql for sql in told if not any(word in sql for word in beside)] == []
    assert Entry.objects.count() == before


def test_the_database_and_the_rules_agree_on_who_reads() -> None:
    world = diary.world()
    art = people.account().person
    schools.group(world.school_class, art, subject="Kunst")
    schools.school_class(world.school, name="8.A")
    parent = schools.guardian(world.pupil.person)
    everybody = [world.teacher, art, world.pupil.person, parent, head_of(world)]
    sides = [["pupils"], ["parents"], ["staff"], ["pupils", "parents"]]
    abouts: list[dict[str, Any]] = [
        {},
        {"school_class": world.school_class},
        {"group": world.group},
        {"school_class": schools.school_class(world.school, name="9.A")},
    ]
    posts = [
        make.post(make.feed(world.school, **about, name=str(n), readers=readers), people.person())
        for n, (about, readers) in enumerate(product(abouts, sides))
    ]

    for person in everybody:
        hats = queries.hats_of(person, A_DAY)
        told = {post.pk for post in posts if rules.may(hats, post.feed.place, post.readers)}
        assert {one.pk for one in queries.posts_for(person, hats)} == told
        assert told


def test_a_post_goes_two_years_after_it_was_written() -> None:
    world = diary.world()
    post = make.post(make.feed(world.school), world.teacher)
    told = clock_of(post, now=A_DAY)
    assert told is not None
    assert told.at.astimezone(TALLINN).date() == date(2028, 3, 3)

    sweep(now=told.at - timedelta(seconds=1))
    assert Post.objects.count() == 1
    sweep(now=told.at)

    assert not Post.objects.exists()
    assert Feed.objects.count() == 1


def test_a_place_has_one_name_and_somebody_who_reads_it(client_of: Enter) -> None:
    world = diary.world()
    client = client_of(head_of(world))
    address = reverse("community:settings", args=[world.school.pk])
    asked = {"name": "News", "about": "school", "readers": ["staff"], "writers": ["staff"]}

    assert client.post(address, asked).status_code == 302
    assert client.post(address, asked).status_code == 422
    assert client.post(address, {**asked, "name": "B", "readers": []}).status_code == 422
    feed = Feed.objects.get()
    change = reverse("community:audience", args=[feed.pk])
    assert client.post(change, {"writers": ["staff"]}).status_code == 422
    actions.set_audience(feed, readers=["pupils"], writers=["staff"], by="t", now=A_DAY)
    assert Feed.objects.get().readers == ["pupils"]


@pytest.mark.parametrize("size", [1, 3])
def test_pages_ask_the_database_seldom(client_of: Enter, size: int) -> None:
    world = diary.world(pupils=size)
    parent = schools.guardian(world.pupil.person)
    head = head_of(world)
    posts = []
    for n in range(size):
        feed = make.feed(world.school, school_class=world.school_class, name=str(n))
        posts += [make.post(feed, world.teacher, at=A_DAY - timedelta(days=k)) for k in range(size)]
    found = {}
    for who, person in (("parent", parent), ("teacher", world.teacher), ("head", head)):
        client = client_of(person)
        addresses = {
            "posts": reverse("community:posts"),
            "feed": reverse("community:feed", args=[posts[0].feed_id]),
            "post": reverse("community:post", args=[posts[0].pk]),
        }
        if who == "head":
            addresses["settings"] = reverse("community:settings", args=[world.school.pk])
        for name, address in addresses.items():
            client.get(address)  # what is counted once a day
            with CaptureQueriesContext(connection) as frame:
                client.get(reverse("ui:display"))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found[who, name] = len(asked) - len(frame)
    assert {name: n for name, n in found.items() if n > AT_MOST} == {}
