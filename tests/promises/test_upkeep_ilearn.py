"""ilearn: works on a service are told to exactly the customers that hold it."""

from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from skola.ground.audit.models import Entry
from skola.ground.people.mail import DELIVERED, send
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.services.billing.contracting import accept_contract, offer_contract
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.upkeep.actions import TELL
from skola.services.upkeep.models import Works
from skola.services.upkeep.tasks import tell_of_works
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, working

pytestmark = [
    pytest.mark.tenant("ilearn"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("standing"),
]
PLACE = "/upkeep/"


def holding(
    name: str, course: Course | None, *, until: date | None = None, accepts: bool = True
) -> Person:
    """A customer with a contract for a course."""
    person = customer(f"{name}@example.org").person
    Person.objects.filter(pk=person.pk).update(given_name=name, family_name="Ozols")
    billing.known(person, at=AT)
    made = offer_contract(
        person,
        title="A course",
        text="We teach.",
        starts_on=AT.date() - timedelta(days=30),
        ends_on=until,
        course=course,
        by="office",
        now=AT,
    )
    if accepts:
        accept_contract(made, by="customer", now=AT)
    return person


def run_jobs() -> None:
    """Do what was queued, as the worker does."""
    for job in ProcrastinateJob.objects.filter(task_name=TELL):
        tell_of_works(**job.args["values"])


@keeps("ilearn-8.d")
def test_exactly_the_customers_holding_a_service_are_listed_and_told_of_planned_works(
    tenant: Tenant,
) -> None:
    """Once each, with proof; who holds another service, held it before or never accepted is not."""
    bees, ladders = courses.course(title="Bees"), courses.course(title="Ladders")
    week = AT + timedelta(days=7)
    held = [holding("anna", bees), holding("juris", bees, until=week.date())]
    holding("other", ladders)
    holding("past", bees, until=week.date() - timedelta(days=1))
    holding("offered", bees, accepts=False)
    customer("nothing@example.org")
    office = working(tenant, "support")
    told = {
        "kind": "planned",
        "course": str(bees.pk),
        "starts_at": f"{week:%Y-%m-%d}T03:00",
        "ends_at": f"{week:%Y-%m-%d}T05:00",
        "words": "The server is renewed.",
    }

    backwards = told | {"ends_at": f"{week:%Y-%m-%d}T02:00"}
    assert office.post(f"{PLACE}new/", backwards).status_code == 422
    assert office.post(f"{PLACE}new/", told).status_code == 302

    works = Works.objects.get()
    place = f"{PLACE}{works.pk}/"
    page = office.get(place).content.decode()
    names = ("anna", "juris", "other", "past", "offered")
    assert {name for name in names if f"{name} Ozols" in page} == {"anna", "juris"}
    assert "Tell 2 customers" in page
    assert not Mail.objects.exists(), "nobody is told by looking"
    for _twice in range(2):
        assert office.post(f"{place}announcements/").status_code == 302
        run_jobs()
    letters = Mail.objects.all()
    assert sorted(letter.address for letter in letters) == [person.email for person in held]
    assert all("The server is renewed." in letter.text for letter in letters)
    assert all("Bees" in letter.subject for letter in letters)
    send(letters[0].pk, about=f"works {works.pk}", now=AT)
    assert Entry.objects.filter(kind=DELIVERED, detail__about=f"works {works.pk}").count() == 1
    assert "Tell " not in office.get(place).content.decode()

    mine, others = browser(tenant), browser(tenant)
    assert log_in(mine, "anna@example.org")
    assert log_in(others, "other@example.org")
    assert "Planned works: Bees" in mine.get("/").content.decode()
    assert "Planned works" not in others.get("/").content.decode()
    assert others.get(PLACE).status_code == 404

    whole = told | {"course": ""}
    assert office.post(f"{PLACE}new/", whole).status_code == 302
    page = office.get(f"{PLACE}{Works.objects.latest('recorded_at', 'pk').pk}/").content.decode()
    assert {name for name in names if f"{name} Ozols" in page} == {"anna", "juris", "other"}
