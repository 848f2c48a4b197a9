"""Everything that changes vacancies and applications, one function each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.journal import api as journal
from skola.ground.people.api import Person, drop_lead, post, register_person
from skola.services.hiring import rules
from skola.services.hiring.models import Application, Document, Evaluation, Vacancy

DOCUMENT = "hiring.document"
"""The kind of file that comes with an application."""


class LatestDateError(Exception):
    """The latest closing date has passed, or lies too far away."""


class SelectionClosedError(Exception):
    """The selection takes no applications, or no decisions, any more."""


@dataclass(frozen=True)
class Told:
    """What a candidate tells: the eight fields of ema-3.1-data, and what is given freely."""

    given_name: str
    family_name: str
    email: str
    phone: str = ""
    former_workplaces: str = ""
    present_workplace: str = ""
    position: str = ""
    education: str = ""
    letter: str = ""
    references: str = ""


@dataclass(frozen=True)
class Consent:
    """What a candidate agrees to by sending, in which language, beside which notice (ema-3.2)."""

    wording: str
    notice_version: str
    language: str = "en"


@transaction.atomic
def draft_vacancy(*, title: str, text: str, latest_on: date, by: str, now: datetime) -> Vacancy:
    """Write a vacancy that nobody else sees yet."""
    vacancy = Vacancy.objects.create(title=title, text=text, latest_on=latest_on, created_at=now)
    audit.record("hiring.vacancy.drafted", target=vacancy, by=by, at=now)
    return vacancy


@transaction.atomic
def change_vacancy(
    vacancy: Vacancy, *, title: str, text: str, latest_on: date, by: str, now: datetime
) -> None:
    """Change a draft. Raises SelectionClosedError for a published one: people rely on its words."""
    if vacancy.published_at is not None:
        raise SelectionClosedError(_("This vacancy is published. Close it and write another one."))
    vacancy.title, vacancy.text, vacancy.latest_on = title, text, latest_on
    vacancy.save(update_fields=["title", "text", "latest_on"])
    audit.record("hiring.vacancy.changed", target=vacancy, by=by, at=now)


@transaction.atomic
def publish_vacancy(vacancy: Vacancy, *, today: date, by: str, now: datetime) -> None:
    """Let people see a vacancy and apply, until its latest closing date at most (ema-3.4).

    Raises LatestDateError when that date has passed or is more than a year away.
    """
    fault = rules.latest_fault(vacancy.latest_on, today)
    if fault:
        raise LatestDateError(
            _("The latest closing date must be between today and a year from now. Change it first.")
        )
    if vacancy.published_at is None:
        vacancy.published_at = now
        vacancy.save(update_fields=["published_at"])
        audit.record("hiring.vacancy.published", target=vacancy, by=by, at=now)


@transaction.atomic
def apply(
    vacancy: Vacancy,
    told: Told,
    consent: Consent,
    *,
    documents: Sequence[tuple[str, "UploadedFile[Any]"]] = (),
    zone: ZoneInfo,
    by: str,
    now: datetime,
) -> Application:
    """Take an application with its documents, each encrypted under a key of its own.

    ``documents`` are pairs of a kind and a file. Raises SelectionClosedError when the vacancy takes
    none, files.RefusedError for a file that is not taken; nothing is kept then.
    """
    held = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
    if not rules.takes_applications(
        published_at=held.published_at,
        closed_at=held.closed_at,
        latest_on=held.latest_on,
        today=now.astimezone(zone).date(),
    ):
        raise SelectionClosedError(_("This vacancy takes no applications any more."))
    candidate = register_person(
        given_name="",
        family_name="",
        language=consent.language,
        source="candidate",
        by=by,
        now=now,
    )
    application = Application.objects.create(
        vacancy=held,
        person=candidate,
        language=consent.language,
        consent_wording=consent.wording,
        notice_version=consent.notice_version,
        received_at=now,
        selection_latest_at=clock.last_second(held.latest_on, zone),
        **asdict(told),
    )
    for kind, upload in documents:
        stored = files.store(upload, kind=DOCUMENT, person_id=None, by=by, now=now)
        Document.objects.create(application=application, kind=kind, file=stored)
    audit.record(
        "hiring.application.received",
        target=application,
        subject=candidate.pk,
        by=by,
        at=now,
        clause="ema-3.2",
        detail={"documents": len(documents)},
    )
    return application


def tell_candidate(application: Application, *, link: str, now: datetime) -> None:
    """Write the candidate the link to see and to withdraw the application.

    The mail goes with the application where that is withdrawn before it was sent.
    """
    with translation.override(application.language):
        subject = _("We have your application: %(title)s") % {"title": application.vacancy.title}
        body = _(
            "Here you see what you sent, and withdraw it whenever you like; it is erased at once:"
        )
    post(
        person_id=application.person_id,
        address=application.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text=f"{body}\n{link}\n",
        now=now,
    )


@transaction.atomic
def move(application: Application, *, to: str, by: str, now: datetime) -> None:
    """Move an application to another stage. Raises SelectionClosedError when it cannot go there."""
    closed = application.vacancy.closed_at is not None
    if to not in rules.stages_from(application.stage, closed=closed):
        raise SelectionClosedError(_("The selection is closed; nothing is decided in it any more."))
    application.stage = to
    application.save(update_fields=["stage"])
    audit.record(
        "hiring.application.moved",
        target=application,
        subject=application.person_id,
        by=by,
        at=now,
        detail={"to": to},
    )


@transaction.atomic
def evaluate(
    application: Application, *, text: str, author: Person, by: str, now: datetime
) -> Evaluation:
    """Keep what a recruiter thinks; the candidate gets it with a copy of their data (ema-3.1.9)."""
    note = Evaluation.objects.create(
        application=application, text=text, author=author, written_at=now
    )
    audit.record(
        "hiring.application.evaluated",
        target=application,
        subject=application.person_id,
        by=by,
        at=now,
    )
    return note


@transaction.atomic
def withdraw(application: Application, *, by: str, now: datetime) -> None:
    """Erase an application at once, with files and notes; a count is all that stays (ema-3.2)."""
    person = application.person_id
    audit.record(
        "hiring.application.withdrawn",
        target=application,
        subject=person,
        by=by,
        at=now,
        clause="ema-3.2",
    )
    journal.write(
        "consent.withdrawn", subject=person, at=now, detail={"application": str(application.pk)}
    )
    Vacancy.objects.filter(pk=application.vacancy_id).update(withdrawn=F("withdrawn") + 1)
    application.delete()
    drop_lead(person, source="candidate")
    audit.forget_subject(person)


@journal.replays("consent.withdrawn")
def withdraw_again(subject: UUID | None, at: datetime, detail: dict[str, str]) -> None:
    """After a restore: an application that was withdrawn since then is erased."""
    told = detail.get("application")
    found = Application.objects.filter(pk=told).first() if told else None
    if found is not None:
        withdraw(found, by="skola replay", now=at)


@transaction.atomic
def close_selection(
    vacancy: Vacancy, *, ending: str, by: str, now: datetime, ended_at: datetime | None = None
) -> None:
    """End a selection: its candidates' data are due from here (ema-3.4).

    ``ended_at`` says when it ended, where that was before ``now``. Raises SelectionClosedError when
    it was not published, or has ended.
    """
    held = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
    if held.published_at is None or held.closed_at is not None:
        raise SelectionClosedError(_("This selection is not open. There is nothing to close."))
    vacancy.closed_at, vacancy.ending = ended_at or now, ending
    vacancy.save(update_fields=["closed_at", "ending"])
    count = Application.objects.filter(vacancy=vacancy).update(
        selection_closed_at=vacancy.closed_at
    )
    audit.record(
        "hiring.selection.closed",
        target=vacancy,
        by=by,
        at=now,
        clause="ema-3.4",
        detail={"ending": str(ending), "applications": count},
    )


def close_selections_that_are_over(*, zone: ZoneInfo, by: str, now: datetime) -> int:
    """Close every selection whose latest date has passed, and return how many. Safe to repeat.

    Each ends with its latest date, however late this runs: nothing is kept longer for that.
    """
    today = now.astimezone(zone).date()
    over = [
        vacancy
        for vacancy in Vacancy.objects.published().filter(latest_on__lt=today)
        if rules.over_on(vacancy.latest_on, today)
    ]
    for vacancy in over:
        ended_at = clock.last_second(vacancy.latest_on, zone)
        close_selection(vacancy, ending=Vacancy.Ending.LATEST, by=by, now=now, ended_at=ended_at)
    return len(over)
