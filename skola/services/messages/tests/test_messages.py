"""Private messages from outside: who may write to whom, and that nobody else reads them."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.files.models import StoredFile
from skola.ground.people.api import end_guardianship
from skola.ground.people.models import Guardianship, Mail, Person
from skola.ground.people.tests import make as people
from skola.promises.retention.api import clock_of, sweep
from skola.services.community.tests import make as community
from skola.services.courses.tests import make as courses
from skola.services.diary.tests import make as diary
from skola.services.messages import queries
from skola.services.messages.models import Message
from skola.services.messages.tests import make
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

pytestmark = pytest.mark.usefixtures("tenant", "stand")
Enter = Callable[[Person], Client]
TALLINN = ZoneInfo("Europe/Tallinn")
AT_MOST = 8
WRITES = ("see", "message")
A_SCHOOL = pytest.mark.tenant("ekool")


def write_to(other: Person) -> str:
    return reverse("messages:write", args=[other.pk])


def at(message: Message) -> str:
    return reverse("messages:conversation", args=[message.conversation_id])


@pytest.mark.keeps("ema-1.1.1-messages")
@pytest.mark.tenant("ema")
def test_a_learner_writes_to_the_teacher_and_the_teacher_answers(client_of: Enter) -> None:
    teacher, learner, other = (people.account().person for _ in range(3))
    course = courses.course(author=teacher)
    courses.enrolment(course, learner)
    courses.enrolment(course, other)
    mine, theirs = client_of(learner), client_of(teacher)
    listed = mine.get(reverse("messages:people")).content.decode()
    assert write_to(teacher) in listed
    assert write_to(other) not in listed
    page = SimpleUploadedFile("page.txt", b"What I do not understand.")
    told = {"title": "Lesson 2", "body": "What is a flange?", "attachment": page}
    sent = mine.post(write_to(teacher), told)
    assert sent.status_code == 302
    mail = Mail.objects.get(person=teacher)
    assert learner.name in mail.subject
    assert "flange" not in mail.subject + mail.text

    first = Message.objects.get()
    assert "1 new message" in theirs.get("/").content.decode()
    page_of_teacher = theirs.get(at(first)).content.decode()
    assert "What is a flange?" in page_of_teacher
    assert theirs.post(at(first), {"body": "A rim with holes."}).status_code == 302

    for client in (mine, theirs):
        listed = client.get(reverse("messages:conversations")).content.decode()
        assert (at(first) in listed, "Lesson 2" in listed) == (True, True)
        thread = client.get(at(first)).content.decode()
        assert thread.index("What is a flange?") < thread.index("A rim with holes.")
        assert f"message {first.pk}" not in thread  # the frame has messages of its own
        assert client.get(reverse("files:show", args=[first.attachment_id])).status_code == 200
    assert client_of(other).get(at(first)).status_code == 404
    file = reverse("files:show", args=[first.attachment_id])
    assert client_of(other).get(file).status_code == 404
    kinds = Entry.objects.filter(kind__startswith="messages.").values_list("kind", flat=True)
    assert list(kinds) == ["messages.message.sent"] * 2


@pytest.mark.keeps("ekool-1.4-admin")
@A_SCHOOL
def test_who_administers_a_school_gets_nothing_of_another_and_no_private_message(
    client_of: Enter,
) -> None:
    here, there = diary.world(), diary.world(name="Kase Kool")
    head, far = people.account().person, people.account().person
    school.name_administrator(here.school, head, by="staff", now=A_DAY)
    school.name_administrator(there.school, far, by="staff", now=A_DAY)
    parent = schools.guardian(here.pupil.person, powers=WRITES)
    private = make.message(parent, here.teacher)
    elsewhere = make.message(far, there.teacher)
    feed = community.feed(there.school)
    post = community.post(feed, there.teacher)
    mark = diary.mark(there, there.pupil)
    client, own = client_of(head), reverse("school:school", args=[here.school.pk])
    assert client.get(own).status_code == 200
    theirs = {
        **{
            f"school:{name}": there.school.pk
            for name in ("school", "years", "classes", "subjects", "leavings", "changes", "lists")
        },
        **{
            f"school:{name}": there.school_class.pk
            for name in ("class", "pupils", "groups", "leaders", "slots")
        },
        "school:pupil-leavings": there.pupil.pk,
        "school:slot-endings": there.slot.pk,
        "diary:class": there.school_class.pk,
        "diary:pupil": there.pupil.pk,
        "diary:journal": there.group.pk,
        "diary:mark": mark.pk,
        "diary:record": there.pupil.person_id,
        "community:settings": there.school.pk,
        "community:feed": feed.pk,
        "community:post": post.pk,
        "statements:school": there.school.pk,
        "messages:write": there.teacher.pk,
        "messages:conversation": elsewhere.conversation_id,
    }
    for name, pk in theirs.items():
        address = reverse(name, args=[pk])
        assert (name, client.get(address).status_code) in ((name, 404), (name, 405))
        assert (name, client.post(address, {"title": "x", "body": "x"}).status_code) in (
            (name, 404),
            (name, 405),
        )
    for page in ("school:schools", "messages:people", "community:posts", "diary:readings"):
        told = client.get(reverse(page)).content.decode()
        assert "Kase Kool" not in told
        assert str(there.teacher.pk) not in told

    assert client.get(at(private)).status_code == 404
    assert client.post(at(private), {"body": "x"}).status_code == 404
    assert private.body not in client.get(reverse("messages:conversations")).content.decode()
    assert client_of(parent).get(at(private)).status_code == 200
    assert Message.objects.count() == 2


@A_SCHOOL
def test_everybody_may_write_to_whom_they_have_to_do_with_at_school_and_no_other() -> None:
    here, there = diary.world(), diary.world(name="Kase Kool")
    leader, head, other = (people.account().person for _ in range(3))
    school.name_form_teacher(here.school_class, leader, by="school", now=A_DAY)
    school.name_administrator(here.school, head, by="staff", now=A_DAY)
    schools.group(schools.school_class(here.school, name="8.A"), other, subject="Kunst")
    pupil, mate = (_with_account(one.person) for one in here.pupils)
    mother = schools.guardian(pupil, powers=WRITES)
    watcher = schools.guardian(mate, powers=("see",))
    grown = schools.guardian(_born(mate, date(2008, 3, 1)), powers=WRITES)
    who = {
        "pupil": pupil,
        "mate": mate,
        "mother": mother,
        "watcher": watcher,
        "parent of the grown-up": grown,
        "teacher": here.teacher,
        "form teacher": leader,
        "teacher of 8.A": other,
        "head": head,
        "far teacher": there.teacher,
        "far pupil": _with_account(there.pupil.person),
    }
    staff = {"teacher", "form teacher", "teacher of 8.A", "head"}
    of_class = {"pupil", "mate", "mother"}
    table = {
        "pupil": {"teacher", "form teacher"},
        "mate": {"teacher", "form teacher"},
        "mother": {"teacher", "form teacher"},
        "watcher": set(),
        "parent of the grown-up": set(),
        "teacher": of_class | staff - {"teacher"},
        "form teacher": of_class | staff - {"form teacher"},
        "teacher of 8.A": staff - {"teacher of 8.A"},
        "head": of_class | staff - {"head"},
        "far teacher": {"far pupil"},
        "far pupil": {"far teacher"},
    }
    names = {person.pk: name for name, person in who.items()}
    found = {
        name: {names[one.person.pk] for one in queries.people_for(person, A_DAY)}
        for name, person in who.items()
    }
    assert found == table
    one_by_one = {
        name: {
            each for each, other in who.items() if queries.near(person, other.pk, A_DAY) is not None
        }
        for name, person in who.items()
    }
    assert one_by_one == table
    assert [one.person for one in queries.people_for(head, A_DAY, mother.given_name)][:1]
    assert queries.people_for(head, A_DAY, "nobody") == []


def _with_account(person: Person) -> Person:
    from skola.ground.people.models import Account

    Account.objects.create_account(person, email=person.email, password=None, now=A_DAY)
    return person


def _born(person: Person, on: date) -> Person:
    person.birth_on = on
    person.save()
    return person


@A_SCHOOL
def test_when_the_link_ends_both_can_read_and_neither_can_write(client_of: Enter) -> None:
    world = diary.world()
    parent = schools.guardian(world.pupil.person, powers=WRITES)
    mine, theirs = client_of(parent), client_of(world.teacher)
    told = {"title": "Homework", "body": "Is page 12 for Monday?"}
    for _ in range(2):  # a button pressed twice
        assert mine.post(write_to(world.teacher), told).status_code == 302
    message = Message.objects.get()
    theirs.get(at(message))
    for _ in range(2):
        assert theirs.post(at(message), {"body": "Yes."}).status_code == 302
    assert Message.objects.count() == 2

    end_guardianship(Guardianship.objects.get(), by="school", now=A_DAY)

    with clock.standing_at(A_DAY + timedelta(minutes=5)):
        for client in (mine, theirs):
            page = client.get(at(message)).content.decode()
            assert ("Yes." in page, "no longer write" in page) == (True, True)
            assert client.post(at(message), {"body": "Thank you."}).status_code == 422
        assert mine.get(write_to(world.teacher)).status_code == 404
        assert mine.post(write_to(world.teacher), told).status_code == 404
    assert Message.objects.count() == 2


@A_SCHOOL
def test_one_mail_tells_of_messages_until_they_are_read(client_of: Enter) -> None:
    world = diary.world()
    parent = schools.guardian(world.pupil.person, powers=WRITES)
    mine = client_of(parent)
    mine.post(write_to(world.teacher), {"title": "Homework", "body": "Which page?"})
    message = Message.objects.get()

    mine.post(at(message), {"body": "I mean page 12."})
    assert Mail.objects.filter(person=world.teacher).count() == 1
    client_of(world.teacher).get(at(message))
    mine.post(at(message), {"body": "Found it."})

    assert Mail.objects.filter(person=world.teacher).count() == 2
    assert mine.post(at(message), {"body": ""}).status_code == 422


@A_SCHOOL
def test_a_message_goes_two_years_after_it_was_sent_with_its_attachment(client_of: Enter) -> None:
    world = diary.world()
    parent = schools.guardian(world.pupil.person, powers=WRITES)
    told = {"title": "x", "body": "y", "attachment": SimpleUploadedFile("a.txt", b"Words.")}
    client_of(parent).post(write_to(world.teacher), told)
    message = Message.objects.get()
    due = clock_of(message, now=A_DAY)
    assert due is not None
    assert due.at.astimezone(TALLINN).date() == date(2028, 3, 3)

    sweep(now=due.at - timedelta(seconds=1))
    assert (Message.objects.count(), StoredFile.objects.count()) == (1, 1)
    sweep(now=due.at)

    assert (Message.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.tenant("kic")
def test_without_the_purpose_there_are_no_messages(client_of: Enter) -> None:
    client = client_of(people.account().person)

    for name in ("conversations", "people"):
        assert client.get(reverse(f"messages:{name}")).status_code == 404
    assert reverse("messages:conversations") not in client.get("/").content.decode()


@A_SCHOOL
@pytest.mark.parametrize("size", [1, 12])
def test_pages_ask_the_database_seldom(client_of: Enter, size: int) -> None:
    world = diary.world(pupils=size)
    head = people.account().person
    school.name_administrator(world.school, head, by="staff", now=A_DAY)
    parents = [schools.guardian(one.person, powers=WRITES) for one in world.pupils]
    written = [make.message(one, world.teacher) for one in parents]
    own = make.message(head, world.teacher)
    found = {}
    for name, person, message in (
        ("parent", parents[0], written[0]),
        ("teacher", world.teacher, written[0]),
        ("head", head, own),
    ):
        client = client_of(person)
        for page, address in (
            ("conversations", reverse("messages:conversations")),
            ("people", reverse("messages:people")),
            ("conversation", at(message)),
        ):
            client.get(address)  # what is counted once a day
            with CaptureQueriesContext(connection) as frame:
                client.get(reverse("ui:display"))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found[name, page] = len(asked) - len(frame)
    assert {name: n for name, n in found.items() if n > AT_MOST} == {}
