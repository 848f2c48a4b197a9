from datetime import datetime, timedelta
from random import Random

import pytest

from skola.ground.people.models import Person
from skola.ground.people.tests.make import person, role
from skola.promises.retention.api import sweep
from skola.services.desk import demo
from skola.services.desk.models import Call, CallTask, Enquiry, Message, Numbers, Recording

pytestmark = pytest.mark.usefixtures("tenant")


def crowd(size: int = 60) -> list[Person]:
    """People of the demo, one of them of the staff."""
    made = [person(given_name=f"Ilze {n}", language="lv") for n in range(size)]
    role(made[-1], "support")
    return made


@pytest.mark.tenant("ilearn")
def test_the_demo_has_work_to_do_and_things_to_let_go(now: datetime) -> None:
    demo.populate("ilearn", crowd(), Random(1), now)

    open_, closed = Enquiry.objects.open().count(), Enquiry.objects.exclude(closed_at=None).count()
    assert min(open_, closed) > 0
    assert Message.objects.count() > Enquiry.objects.count()
    assert Numbers.objects.get().last == Enquiry.objects.count()
    assert Enquiry.objects.filter(received_at__gt=now).count() == 0
    before = Recording.objects.count()

    sweep(now=now)

    gone = before - Recording.objects.count()
    assert gone == 3  # of four past their term, one proves a contract that runs
    assert Recording.objects.filter(kind="oral-agreement").count() == 1
    assert Call.objects.exclude(recording_deleted_at=None).count() == gone
    assert CallTask.objects.exclude(recording_deleted_at=None).count() == gone
    assert Enquiry.objects.exclude(closed_at=None).count() < closed
    assert Enquiry.objects.open().count() == open_


@pytest.mark.tenant("kic")
def test_where_the_policy_covers_no_calls_the_demo_makes_none(now: datetime) -> None:
    demo.populate("kic", crowd(), Random(1), now)

    assert Enquiry.objects.exists()
    assert not Call.objects.exists()


def test_the_demo_is_the_same_every_time(now: datetime) -> None:
    people = crowd()
    demo.populate("ilearn", people, Random(7), now)
    first = list(Enquiry.objects.order_by("number").values_list("topic", "received_at"))
    Enquiry.objects.all().delete()
    Numbers.objects.all().delete()

    demo._enquiries(183, people[:-1], people[-1:], Random(7), now)

    assert list(Enquiry.objects.order_by("number").values_list("topic", "received_at")) == first


def test_a_demo_without_people_stays_empty(now: datetime) -> None:
    demo.populate("ilearn", [], Random(1), now)

    assert not Enquiry.objects.filter(received_at__gt=now - timedelta(days=999)).exists()
