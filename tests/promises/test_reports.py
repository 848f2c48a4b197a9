"""Reading people's data for a stated purpose, from outside: what is read, refused, and audited."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.models import Account, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.policy.api import in_force
from skola.promises.reports.fields import sources
from skola.promises.reports.models import Report
from skola.promises.reports.rules import DIRECT
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Attempt, Course
from skola.services.courses.tests import make as courses
from skola.services.diary.tests import make as diary
from skola.services.school import actions as schooling
from skola.services.school.tests import make as schools
from skola.services.surveys.tests import make as surveys
from skola.services.visits.models import Visit
from tests.promises.asking import OWN
from tests.promises.keeping import keeps
from tests.promises.people import browser
from tests.promises.reading import NEW, ask, latest, refusals, sheet

AT = schools.A_DAY
Enter = Callable[..., Client]


@pytest.fixture(autouse=True)
def standing(db: None) -> Iterator[None]:
    cache.clear()
    with clock.standing_at(AT):
        yield
    cache.clear()


@pytest.fixture
def enter(tenant: Tenant) -> Enter:
    """The browser of somebody with these roles."""

    def signed_in(*roles: str, who: Person | None = None) -> Client:
        account = people.account() if who is None else account_of(who)
        for role in roles:
            people.role(account.person, role, starts_at=AT)
        found = browser(tenant)
        found.force_login(account)
        return found

    return signed_in


def account_of(who: Person) -> Account:
    found = Account.objects.filter(person=who).first()
    return found or Account.objects.create_account(who, email=who.email, password=None, now=AT)


def names_asked(who: Client, purpose: str, listing: str) -> int:
    told = {"title": "A list", "purpose": purpose, "form": "names", "listing": listing}
    return who.post(NEW, told).status_code


def learner(title: str, at: datetime = AT, family_name: str = "Kalniņa") -> Person:
    """Somebody who takes a course."""
    who = people.person(family_name=family_name)
    course = Course.objects.filter(title=title).first() or courses.course(title=title)
    courses.enrolment(course, who, started_at=at)
    return who


LAST_MONTH = AT - timedelta(days=40)


@pytest.mark.tenant("ilearn")
@keeps("ilearn-9.a", "ilearn-9.c", "ilearn-9.f")
def test_an_analyst_sees_figures_without_small_groups_and_nobody_s_name(enter: Enter) -> None:
    for _number in range(6):
        learner("Bees")
    alone = learner("Wasps", LAST_MONTH, family_name="Lapsene")
    person = people.person()
    analyst = enter("analyst", who=person)

    assert ask(analyst, "planning", "courses.enrolment", by="started_at") == 302
    page = analyst.get(reverse("reports:one", args=[latest().pk])).content.decode()
    assert sheet(analyst, latest())[1:] == [["2026-01", ""], ["2026-03", ""], ["all", "7"]]
    assert "left out" in page
    assert (
        ask(analyst, "planning", "courses.enrolment", by="course_title", across="finished_at")
        == 302
    )
    page = analyst.get(reverse("reports:one", args=[latest().pk])).content.decode()
    assert "Bees" in page
    assert "Wasps" not in page, "words of one person are not told"
    assert ask(analyst, "planning", "desk.enquiry", by="received_at..closed_at") == 302

    # to names there is no way without a second role
    assert names_asked(analyst, "contract.perform", "courses.learners") == 403
    assert ask(analyst, "contract.perform", "courses.enrolment", by="started_at") == 403
    coordinator = people.person()
    office = enter("coordinator", who=coordinator)
    assert names_asked(office, "contract.perform", "courses.learners") == 302
    report = latest()
    readings = reverse("reports:readings", args=[report.pk])
    assert "Lapsene" not in office.get(reverse("reports:one", args=[report.pk])).content.decode()
    assert analyst.get(reverse("reports:one", args=[report.pk])).status_code == 403
    assert analyst.post(readings).status_code == 403
    assert str(report.pk) not in analyst.get(reverse("reports:all")).content.decode()
    assert not Entry.objects.filter(kind="reports.report.read").exists()

    assert "Lapsene" in office.post(readings).content.decode()
    entry = Entry.objects.get(kind="reports.report.read")
    assert entry.by == pseudonym(coordinator.pk)
    assert entry.at.date() == AT.date()
    assert entry.detail == {"purpose": "contract.perform", "form": "names", "rows": 7}
    assert entry.clause == "ilearn-8.c"
    people.role(person, "coordinator", starts_at=AT)
    assert alone.family_name in analyst.post(readings).content.decode()
    assert enter().get(reverse("reports:all")).status_code == 404, "a learner"


@pytest.mark.tenant("ilearn")
@keeps("ilearn-8.e", "ilearn-11.k")
def test_improvement_reads_nobody_s_name_and_nobody_who_objected(
    tenant: Tenant, enter: Enter
) -> None:
    stays, objects = learner("Bees", LAST_MONTH, "Ķirse"), learner("Bees", AT, "Ķirse")
    known = [stays, objects]
    for one in known:
        Person.objects.filter(pk=one.pk).update(phone="+371 20000777", address="Zirņu iela 9")
        billing.invoice(one)
        billing.contract(one)
    officer = enter("officer", "administrator", "coordinator", "finance")
    assert names_asked(officer, "service.improve", "courses.learners") == 403
    assert names_asked(officer, "service.improve", "billing.invoices") == 403

    read = set()
    for name in ("courses.enrolment", "billing.contract", "desk.enquiry", "billing.invoice"):
        told = {"form": "pseudonyms", "columns": list(sources()[name].tellable)}
        if ask(officer, "service.improve", name, **told) == 302:
            read.add(name)
            said = str(sheet(officer, latest()))
            for one in known:
                for word in (one.family_name, one.email, "20000777", "Zirņu"):
                    assert word not in said, (name, word)
                assert str(one.pk) not in said
    assert read == {"courses.enrolment", "billing.contract"}
    told = {"by": "title", "across": "accepted_at"}
    assert ask(officer, "service.improve", "billing.contract", **told) == 302
    assert "Bees" not in str(sheet(officer, latest()))
    assert ask(officer, "service.improve", "people.person", by="given_name") == 422
    assert ask(officer, "service.improve", "courses.enrolment", by="person_id") == 422
    for source in sources().values():
        told_of = {*source.countable, *source.tellable, *source.addable}
        assert not {source.declaration.columns.get(each) for each in told_of} & DIRECT

    # the view is made anew each time it is read; who objected is not in the next one
    told = {"form": "pseudonyms", "columns": ["started_at"]}
    assert ask(officer, "service.improve", "courses.enrolment", **told) == 302
    view = latest()
    assert sorted(month for _name, month in sheet(officer, view)[1:]) == ["2026-01", "2026-03"]
    asked = {
        "kind": "objection",
        "reply_by": "account",
        "words": "",
        "purposes": ["service.improve"],
    }
    assert enter(who=objects).post(f"{OWN}new/", asked).status_code == 302
    assert [month for _name, month in sheet(officer, view)[1:]] == ["2026-01"]


def unlisted(enter: Enter, listed: str, model: str, column: str) -> None:
    """A purpose that the policy does not list reads nothing, and the audit has it."""
    officer = enter("officer")
    assert ask(officer, "profiling", model, by=column) == 403
    assert ask(officer, "profiling", model, form="pseudonyms", columns=[column]) == 403
    assert refusals() == [("profiling", model, "unlisted")] * 2
    assert not Report.objects.exists()
    assert ask(officer, listed, model, by=column) == 302


@pytest.mark.tenant("ema")
@keeps("ema-1.2")
def test_a_purpose_outside_of_the_closed_list_is_refused(enter: Enter) -> None:
    unlisted(enter, "service.account", "courses.enrolment", "started_at")


@pytest.mark.tenant("kic")
@keeps("kic-purpose-related")
def test_a_connected_function_reads_only_under_a_purpose_of_the_policy(enter: Enter) -> None:
    unlisted(enter, "training", "courses.enrolment", "started_at")
    assert ask(enter("officer"), "enquiries", "courses.enrolment", by="started_at") == 403
    assert refusals()[-1] == ("enquiries", "courses.enrolment", "not-these-data")


@pytest.mark.tenant("ekool")
@keeps("ekool-4.4", "ekool-4.2.3")
def test_study_data_are_read_for_the_contract_with_the_school_alone(enter: Enter) -> None:
    world = diary.world(pupils=8)
    test = diary.assessment(world)
    for pupil in world.pupils:
        diary.mark(world, pupil, of=test)
    office, analyst = enter("administrator"), enter("analyst")
    policy = in_force(AT).policy
    others = [one.id for one in policy.purpose if one.basis.kind != "contract"]
    study = {
        name: source
        for name, source in sources().items()
        if "study" in source.declaration.columns.values()
    }
    assert {"diary.mark", "diary.absence", "school.pupil", "pupils.handover"} <= set(study)
    asked = list(zip(others, cycle(study), strict=False))
    for purpose, name in asked:
        assert ask(office, purpose, name, by=study[name].countable[0]) == 403, (purpose, name)
    assert refusals() == [(purpose, name, "locked") for purpose, name in asked]
    assert {name for _purpose, name in asked} == set(study)

    told = {"form": "pseudonyms", "columns": ["given_at"]}
    for purpose in ("surveys", "behaviour.study", "marketing.own", "contract.statements"):
        assert ask(analyst, purpose, "diary.mark", by="value") == 403
        assert ask(analyst, purpose, "diary.mark", **told) == 403
    assert not Report.objects.exists()
    assert ask(office, "contract.statements", "diary.mark", by="value") == 302
    assert ["4", "8"] in sheet(office, latest())
    head = people.account().person
    schooling.name_administrator(world.school, head, by="staff", now=AT)
    days = {"from_on": "2026-01-05", "until_on": "2026-02-27", "act": "look"}
    of_school = reverse("statements:school", args=[world.school.pk])
    assert (
        "Matemaatika"
        in enter(who=head).post(of_school, {**days, "about": "results"}).content.decode()
    )


@pytest.mark.tenant("ekool")
@keeps("ekool-6.6")
def test_the_study_of_behaviour_has_no_pupils_no_marks_and_nobody_who_objected(
    enter: Enter,
) -> None:
    world = diary.world()
    child = world.pupils[0].person
    parent = schools.guardian(child)
    teachers = [people.person(), people.person()]
    for teacher in teachers:
        people.role(teacher, "teacher", starts_at=AT)
    course = courses.course()
    months = (child, parent, *teachers)
    for number, who in enumerate(months, 1):
        surveys.invitation(who, course=course, at=AT - timedelta(days=31 * number))
    analyst = enter("analyst")
    page = analyst.get(NEW, {"purpose": "behaviour.study"}).content.decode()
    assert "surveys.invitation" in page
    assert "diary." not in page
    assert "school.pupil" not in page

    told = {"form": "pseudonyms", "columns": ["asked_at", "answered"]}
    assert ask(analyst, "behaviour.study", "surveys.invitation", **told) == 302
    study = latest()
    head, *lines = sheet(analyst, study)
    assert head == ["Pseudonym", "Asked for", "Answered"]
    assert sorted(line[1] for line in lines) == ["2025-10", "2025-11", "2025-12"], "no pupil"
    asked = {
        "kind": "objection",
        "reply_by": "account",
        "words": "",
        "purposes": ["behaviour.study"],
    }
    assert enter(who=teachers[1]).post(f"{OWN}new/", asked).status_code == 302
    assert sorted(line[1] for line in sheet(analyst, study)[1:]) == ["2025-11", "2025-12"]


@pytest.mark.tenant("learnifier")
@keeps("learnifier-4.e")
def test_what_visitors_looked_at_serves_the_sites_and_nothing_else(enter: Enter) -> None:
    day = AT.replace(hour=0)
    for page, count in {"/courses/": 6, "/jobs/": 1}.items():
        for _number in range(count):
            Visit.objects.create(day_at=day, page=page)
    office = enter("administrator")
    policy = in_force(AT).policy
    sites = {"navigation.operate", "analytics"}
    own = sites | {"personalise", "advertising"}  # what visitors agree to besides
    others = [one.id for one in policy.purpose if one.id not in own]
    assert len(others) > 15
    for purpose in others:
        assert ask(office, purpose, "visits.visit", by="page") == 403, purpose
    assert refusals() == [(one, "visits.visit", "locked") for one in others]
    for purpose in sorted(sites):
        assert ask(office, purpose, "visits.visit", by="page") == 302
        assert sheet(office, latest())[1:] == [["/courses/", ""], ["others", ""], ["all", "7"]]
    told = {"form": "pseudonyms", "columns": ["page"]}
    assert ask(office, "analytics", "visits.visit", **told) == 422, "a visit is nobody's"


@pytest.mark.tenant("learnifier")
@keeps("learnifier-5.o")
def test_a_part_that_one_person_uses_shows_no_number_however_often(enter: Enter) -> None:
    for title, people_there in {"First aid": 6, "Fire": 1}.items():
        course = courses.course(title=title)
        exercise = courses.exercise(course, title=title)
        tried = {"lesson": exercise, "title": title, "right": 1, "total": 2, "at": AT}
        for _number in range(people_there):
            enrolment = courses.enrolment(course, people.person(family_name="Ensam"))
            for _try in range(6 // people_there):
                Attempt.objects.create(enrolment=enrolment, answers={}, **tried)
    analyst = enter("analyst")
    assert ask(analyst, "statistics", "courses.attempt", by="title") == 302
    report = latest()
    page = analyst.get(reverse("reports:one", args=[report.pk])).content.decode()
    lines = dict(sheet(analyst, report)[1:])
    assert lines.pop("all") == "12"
    assert set(lines.values()) == {""}, "six tries of one person are one person's"
    assert "left out" in page
    assert "Fire" not in page
    assert "Ensam" not in page
    assert names_asked(analyst, "services", "courses.learners") == 403
    told = {"form": "pseudonyms", "columns": ["at"]}
    assert ask(analyst, "statistics", "courses.attempt", **told) == 403, "numbers alone"


@pytest.mark.tenant("learnifier")
@keeps("learnifier-5.p")
def test_an_aggregate_leaves_without_small_groups_and_what_would_give_them_away(
    enter: Enter,
) -> None:
    months = [AT, LAST_MONTH, LAST_MONTH - timedelta(days=31)]
    for title, counts in {"Bees": (6, 2, 9), "Ants": (7, 8, 5)}.items():
        for at, count in zip(months, counts, strict=True):
            for _number in range(count):
                learner(title, at)
    analyst = enter("analyst")
    told = {"by": "course_title", "across": "started_at"}
    assert ask(analyst, "statistics", "courses.enrolment", **told) == 302
    assert sheet(analyst, latest()) == [
        ["Title of the course", "2025-12", "2026-01", "2026-03", "all"],
        ["Ants", "5", "", "", "20"],
        ["Bees", "9", "", "", "17"],
        ["all", "14", "10", "13", "37"],
    ]
