"""The staff of the demo: trained, with roles to review, one to approve and guidelines to read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.services.courses.api import (
    About,
    Course,
    Filling,
    add_lesson,
    complete,
    enrol,
    make_course,
    publish,
)
from skola.services.staff import actions, queries
from skola.services.staff.training import name_course

BY = "demo"
TITLE = "Personas datu aizsardzība darbā"
_LESSONS = (
    (
        "Kas ir personas dati",
        "Vārds, tālrunis, atzīme, rēķins: viss, pēc kā var pazīt cilvēku.\n\n"
        "- skatiet tikai to, kas vajadzīgs darbam\n- nesūtiet sarakstus pa privāto pastu",
    ),
    (
        "Ko darīt, ja kaut kas noticis",
        "Nosūtīts ne tam? Pazudis dators? **Pasakiet tūlīt** atbildīgajam par datu aizsardzību.\n\n"
        "Uzraudzības iestādei jāziņo 72 stundu laikā.",
    ),
)
_GUIDELINES = (
    (
        "Darbs ar klientu datiem",
        "- Ekrānu aizslēdz, kad no tā aiziet.\n- Personas kodu prasa tikai tad, ja tas jāraksta "
        "izglītības dokumentā.\n- Izdrukas iznīcina dokumentu smalcinātājā.",
        -6,
    ),
    (
        "Rīcība incidenta gadījumā",
        "1. Pasaki atbildīgajam.\n2. Neko nedzēs.\n3. Pieraksti, kas un kad noticis.",
        120,
    ),
)


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the practice of the speaking tenant, if its policy switches it on."""
    if not has(queries.CAPABILITY, now=now) or queries.rule(now) is None:
        return
    staff = list(Person.objects.filter(pk__in=queries.roles_of_staff(now).values("person")))
    if not staff:
        return
    begun = now - timedelta(days=170)
    actions.take_over(by=BY, now=begun)
    course = _course(staff[0], begun)
    name_course(course, by=BY, now=begun)
    _guidelines(staff, now)
    for person in staff:
        _pass(course, person, begun + timedelta(days=random.randint(1, 20)))
    _asked(people, staff, now)


def _course(author: Person, at: datetime) -> Course:
    about = About(TITLE, "Katram, kas darbā redz klientu datus.", "lv")
    made = make_course(author, about, by=BY, now=at)
    section = made.sections.get()
    for title, text in _LESSONS:
        add_lesson(section, Filling(title, text=text), by=BY, now=at)
    publish(made, by=BY, now=at)
    return made


def _pass(course: Course, person: Person, at: datetime) -> None:
    enrolment = enrol(course, person, by=BY, now=at)
    for lesson in course.lessons.all():
        complete(enrolment, lesson, done=True, by=BY, now=at)


def _guidelines(staff: Sequence[Person], now: datetime) -> None:
    for title, text, days in _GUIDELINES:
        made = actions.write_guideline(
            title,
            text,
            review_on=queries.today(now) + timedelta(days=days),
            by=BY,
            now=now - timedelta(days=150),
        )
        for person in staff[1:] if days > 0 else staff:
            version = made.versions.get()
            actions.acknowledge(version, person, by=BY, now=now - timedelta(days=140))


def _asked(people: Sequence[Person], staff: Sequence[Person], now: datetime) -> None:
    working = {person.pk for person in staff}
    authors = Role.objects.granted_at(now).filter(kind="author").values_list("person", flat=True)
    found = next((one for one in people if one.pk in set(authors) - working), None)
    if found is not None:
        wanted = actions.Wanted("coordinator", reason="Aizvieto atvaļinājumā.")
        actions.ask(found, wanted, asker=staff[0], by=BY, now=now - timedelta(days=2))
