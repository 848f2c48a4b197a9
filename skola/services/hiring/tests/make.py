"""Makers of hiring for tests: plain functions with honest defaults."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from skola.services.hiring import actions
from skola.services.hiring.models import Application, Vacancy

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_DAY_LATER = A_DAY + timedelta(days=1)
LATEST = date(2026, 3, 31)
VILNIUS = ZoneInfo("Europe/Vilnius")
CONSENT = actions.Consent("I agree.", "2019-01-01")


def vacancy(
    *,
    title: str = "Teacher of biology",
    latest_on: date = LATEST,
    published: bool = True,
    at: datetime = A_DAY,
) -> Vacancy:
    """A vacancy one can apply for through March."""
    made = actions.draft_vacancy(
        title=title, text="Bees and **flowers**.", latest_on=latest_on, by="recruiter", now=at
    )
    if published:
        actions.publish_vacancy(made, today=at.date(), by="recruiter", now=at)
    return made


def cv(name: str = "cv.pdf") -> SimpleUploadedFile:
    """A small document."""
    return SimpleUploadedFile(name, b"%PDF-1.4 what I did", content_type="application/pdf")


def application(
    wanted: Vacancy | None = None,
    *,
    family_name: str = "Kazlauskienė",
    documents: Sequence[str] = ("cv",),
    at: datetime = A_DAY,
) -> Application:
    """An application with a CV."""
    told = actions.Told(
        given_name="Rasa",
        family_name=family_name,
        email="rasa@example.org",
        phone="+370 600 00000",
        former_workplaces="A school",
        present_workplace="Another school",
        position="Teacher",
        education="University",
        letter="I like bees.",
    )
    return actions.apply(
        wanted or vacancy(),
        told,
        CONSENT,
        documents=[(kind, cv(f"{kind}.pdf")) for kind in documents],
        zone=VILNIUS,
        by="visitor",
        now=at,
    )
