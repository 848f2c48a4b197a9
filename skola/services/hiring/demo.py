"""Selections, invented: one runs, one was closed and its candidates are due, one is long over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from skola.ground import clock
from skola.ground.files import api as files
from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.services.hiring import queries
from skola.services.hiring.actions import DOCUMENT
from skola.services.hiring.models import Application, Document, Evaluation, Vacancy
from skola.services.hiring.rules import STAGES

_WORDS = {
    "lt": ("Biologijos mokytojas", "Raštinės darbuotojas", "Vaizdo redaktorius", "Apskaitininkas"),
    "en": ("Teacher of biology", "Office clerk", "Video editor", "Accountant"),
}
_TEXT = "We look for somebody who likes to explain things.\n\n- half or full time\n- from autumn"
_CV = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CANDIDATES = 12
DOCUMENTS = 6


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the selections of the speaking tenant, if its policy switches hiring on."""
    if not has("hiring.vacancies", now=now) or not people:
        return
    titles = _WORDS.get(people[0].language, _WORDS["en"])
    to_make, closed, over, draft = (
        Vacancy(title=title, text=_TEXT, created_at=now - timedelta(days=days))
        for title, days in zip(titles, (21, 60, 300, 1), strict=True)
    )
    for vacancy in (to_make, closed, over):
        vacancy.published_at = vacancy.created_at
    to_make.latest_on = draft.latest_on = (now + timedelta(days=30)).date()
    closed.latest_on = (now - timedelta(days=1)).date()
    closed.closed_at, closed.ending = now - timedelta(days=2), Vacancy.Ending.FILLED
    over.latest_on = (now - timedelta(days=240)).date()
    over.closed_at, over.ending = now - timedelta(days=250), Vacancy.Ending.CANCELLED
    over.withdrawn = 2
    Vacancy.objects.bulk_create([to_make, closed, over, draft])
    _applications(to_make, people, random, now)
    _applications(closed, people, random, now)


def _applications(
    vacancy: Vacancy, people: Sequence[Person], random: Random, now: datetime
) -> None:
    zone, version = queries.zone(now), queries.notice_version(now)
    begun = vacancy.created_at
    leads, made = [], []
    for _ in range(CANDIDATES):
        name = random.choice(people)
        came = begun + timedelta(hours=random.randint(1, 24 * 18))
        lead = Person(language=name.language, source="candidate", created_at=came)
        leads.append(lead)
        made.append(
            Application(
                vacancy=vacancy,
                person=lead,
                given_name=name.given_name,
                family_name=name.family_name,
                email=f"candidate{random.randint(100, 999)}@example.org",
                phone=f"+000 {random.randint(2_000_000, 2_999_999)}",
                present_workplace="A school",
                position="Teacher",
                former_workplaces="Another school, three years",
                education="University, 2015",
                language=name.language,
                consent_wording="I agree that what I send is used to select somebody for this job.",
                notice_version=version,
                stage=random.choice(STAGES),
                received_at=came,
                selection_closed_at=vacancy.closed_at,
                selection_latest_at=clock.last_second(vacancy.latest_on, zone),
            )
        )
    Person.objects.bulk_create(leads)
    Application.objects.bulk_create(made)
    _papers(made[:DOCUMENTS], now)
    _opinions(made, random)


def _papers(applications: Sequence[Application], now: datetime) -> None:
    Document.objects.bulk_create(
        Document(
            application=one,
            kind=Document.Kind.CV,
            file=files.store(
                SimpleUploadedFile("cv.pdf", _CV),
                kind=DOCUMENT,
                person_id=None,
                by="demo",
                now=one.received_at,
            ),
        )
        for one in applications
    )


def _opinions(applications: Sequence[Application], random: Random) -> None:
    recruiter = Role.objects.filter(kind=Role.Kind.RECRUITER).select_related("person").first()
    if recruiter is None:
        return
    words = ("Explains clearly.", "Has taught online before.", "Let us invite this one.")
    Evaluation.objects.bulk_create(
        Evaluation(
            application=one,
            author=recruiter.person,
            text=random.choice(words),
            written_at=one.received_at + timedelta(hours=20),
        )
        for one in applications
        if one.stage != Application.Stage.RECEIVED
    )
