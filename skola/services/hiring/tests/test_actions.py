from datetime import date

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from skola.ground import clock
from skola.ground.audit.models import Entry, SubjectKey
from skola.ground.files import api as files
from skola.ground.files.models import ObjectKey
from skola.ground.jobs.api import waiting
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tasks import send_mail
from skola.ground.people.tests.make import person
from skola.services.hiring import actions, tasks
from skola.services.hiring.models import Application, Document, Evaluation, Vacancy
from skola.services.hiring.tests import make
from skola.services.hiring.tests.make import A_DAY, A_DAY_LATER, VILNIUS

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ema")]


def test_an_application_stands_apart_from_people_and_accounts() -> None:
    application = make.application()

    candidate = Person.objects.get()
    assert (candidate.name, candidate.email, candidate.source) == ("", "", "candidate")
    assert list(Account.objects.all()) == []
    assert (application.person, application.name) == (candidate, "Rasa Kazlauskienė")
    assert application.selection_latest_at.astimezone(VILNIUS).date() == make.LATEST


def test_sending_is_the_consent_and_its_wording_is_kept() -> None:
    application = make.application()

    assert (application.consent_wording, application.notice_version) == ("I agree.", "2019-01-01")
    entry = Entry.objects.get(kind="hiring.application.received")
    assert (entry.clause, entry.detail) == ("ema-3.2", {"documents": 1})
    assert "Rasa" not in str([vars(entry) for entry in Entry.objects.all()])


def test_an_application_with_a_file_that_is_refused_leaves_nothing() -> None:
    wanted = make.vacancy()

    with pytest.raises(files.RefusedError):
        actions.apply(
            wanted,
            actions.Told("Rasa", "Kazlauskienė", "rasa@example.org"),
            make.CONSENT,
            documents=[("cv", make.cv()), ("other", SimpleUploadedFile("empty.pdf", b""))],
            zone=VILNIUS,
            by="visitor",
            now=A_DAY,
        )

    left = [Application, Document, ObjectKey, Person]
    assert [model.__name__ for model in left if model._default_manager.exists()] == []


@pytest.mark.parametrize("how", ["draft", "closed", "over"])
def test_a_vacancy_that_is_not_open_takes_no_application(how: str) -> None:
    wanted = make.vacancy(published=how != "draft")
    if how == "closed":
        actions.close_selection(wanted, ending="filled", by="recruiter", now=A_DAY)
    at = A_DAY.replace(month=4) if how == "over" else A_DAY

    with pytest.raises(actions.SelectionClosedError):
        make.application(wanted, at=at)

    assert list(Application.objects.all()) == []


def test_withdrawing_erases_at_once_and_leaves_a_count() -> None:
    application = make.application(documents=["cv", "other"])
    actions.evaluate(application, text="Good.", author=person(), by="recruiter", now=A_DAY)
    other = make.application(make.vacancy(title="Another"))
    assert ObjectKey.objects.count() == 3

    actions.withdraw(application, by="candidate", now=A_DAY_LATER)

    assert [one.pk for one in Application.objects.all()] == [other.pk]
    assert [one.application for one in Document.objects.all()] == [other]
    assert (ObjectKey.objects.count(), Evaluation.objects.count()) == (1, 0)
    assert not Person.objects.filter(pk=application.person_id).exists()
    assert not SubjectKey.objects.filter(person_ref=application.person_id).exists()
    assert Vacancy.objects.get(title="Teacher of biology").withdrawn == 1
    assert Entry.objects.filter(kind="hiring.application.withdrawn").count() == 1


def test_the_candidate_gets_the_link_by_mail_once() -> None:
    application = make.application()
    actions.tell_candidate(application, link="https://example.org/jobs/applications/x/", now=A_DAY)
    values = waiting()[0]
    assert mail.outbox == []

    send_mail(**values)
    send_mail(**values)

    assert [(sent.to, "https://example.org/" in str(sent.body)) for sent in mail.outbox] == [
        (["rasa@example.org"], True)
    ]


def test_a_mail_that_waits_goes_with_the_application_that_is_withdrawn() -> None:
    application = make.application()
    actions.tell_candidate(application, link="https://example.org/", now=A_DAY)

    actions.withdraw(application, by="candidate", now=A_DAY_LATER)
    send_mail(**waiting()[0])

    assert mail.outbox == []
    assert not Mail.objects.exists()


def test_closing_ends_the_selection_for_all_its_applications_and_no_other() -> None:
    wanted, other = make.vacancy(), make.vacancy(title="Another")
    mine = [make.application(wanted), make.application(wanted)]
    theirs = make.application(other)

    actions.close_selection(wanted, ending="filled", by="recruiter", now=A_DAY_LATER)

    closed = Application.objects.filter(selection_closed_at=A_DAY_LATER)
    assert {one.pk for one in closed} == {one.pk for one in mine}
    theirs.refresh_from_db()
    assert theirs.selection_closed_at is None
    entry = Entry.objects.get(kind="hiring.selection.closed")
    assert entry.detail == {"ending": "filled", "applications": 2}


def test_a_selection_is_closed_once_and_only_when_published() -> None:
    draft, closed = make.vacancy(published=False), make.vacancy()
    actions.close_selection(closed, ending="filled", by="recruiter", now=A_DAY)

    for vacancy in (draft, closed):
        with pytest.raises(actions.SelectionClosedError):
            actions.close_selection(vacancy, ending="cancelled", by="recruiter", now=A_DAY_LATER)
    assert Vacancy.objects.get(pk=closed.pk).ending == "filled"


def test_a_selection_nobody_closes_is_closed_after_its_latest_date() -> None:
    over = make.vacancy(latest_on=date(2026, 3, 2))
    application = make.application(over)
    make.vacancy(latest_on=date(2026, 3, 3))

    def close() -> int:
        return actions.close_selections_that_are_over(zone=VILNIUS, by="job", now=A_DAY_LATER)

    assert [close(), close()] == [1, 0]
    application.refresh_from_db()
    assert application.selection_closed_at == clock.last_second(over.latest_on, VILNIUS)
    assert Vacancy.objects.get(pk=over.pk).ending == "latest"


def test_the_job_closes_by_the_tenants_day() -> None:
    make.vacancy()

    tasks.close_selections()  # the clock of the process stands months later

    assert Vacancy.objects.get().ending == "latest"


def test_nothing_is_decided_in_a_closed_selection() -> None:
    application = make.application()
    actions.move(application, to="interview", by="recruiter", now=A_DAY)
    actions.close_selection(application.vacancy, ending="filled", by="recruiter", now=A_DAY)
    application = Application.objects.get()

    with pytest.raises(actions.SelectionClosedError):
        actions.move(application, to="offer", by="recruiter", now=A_DAY_LATER)

    assert Application.objects.get().stage == "interview"


def test_a_published_vacancy_keeps_its_words_and_its_end() -> None:
    vacancy = make.vacancy()

    with pytest.raises(actions.SelectionClosedError):
        actions.change_vacancy(
            vacancy, title="x", text="x", latest_on=date(2027, 1, 1), by="recruiter", now=A_DAY
        )

    assert Vacancy.objects.get().latest_on == make.LATEST


@pytest.mark.parametrize("latest_on", [date(2026, 3, 1), date(2027, 3, 3)])
def test_a_vacancy_without_a_near_end_is_not_published(latest_on: date) -> None:
    draft = make.vacancy(latest_on=latest_on, published=False)

    with pytest.raises(actions.LatestDateError):
        actions.publish_vacancy(draft, today=A_DAY.date(), by="recruiter", now=A_DAY)

    assert Vacancy.objects.get().published_at is None
