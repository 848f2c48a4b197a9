"""Film and contest as one object, under iLearn's real policy (ilearn-40.a to c)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.files.api import erase_objects, object_names, orphans
from skola.ground.files.models import FilePart, ObjectKey, StoredFile
from skola.ground.people.models import Mail, Person
from skola.ground.people.tests.make import account
from skola.ground.tenants.api import Tenant
from skola.promises.retention.api import clock_of, sweep
from skola.services.exams import tasks
from skola.services.exams.actions import RefusedError, contesting, sitting
from skola.services.exams.models import Answer, Attempt, Contest, Receipt, Recording, Take
from skola.services.exams.tests import make
from skola.services.exams.tests.make import A_DAY

pytestmark = pytest.mark.usefixtures("tenant")
Enter = Callable[..., Person]
RIGA = ZoneInfo("Europe/Riga")
A_SECOND = timedelta(seconds=1)
A_WHILE = timedelta(minutes=1)
"""Longer than a page takes: clocks go on while it is made."""
DAY = timedelta(days=1)


def midnight(year: int, month: int, day: int) -> datetime:
    """The first moment of a day in Riga, as UTC."""
    return datetime(year, month, day, tzinfo=RIGA).astimezone(UTC)


ENDS = midnight(2026, 3, 17)
"""Fourteen days after an exam of 2 March."""


def left() -> tuple[int, ...]:
    """Recordings, files, parts and keys that are there."""
    held = (Recording, StoredFile, FilePart, ObjectKey)
    return tuple(model._default_manager.count() for model in held)


def plays(client: Client, attempt: Attempt, file: UUID, at: datetime) -> int:
    """The status of an examiner's attempt to see the film at this moment, all of it."""
    with clock.standing_at(at):
        client.post(reverse("exams:viewings", args=[attempt.pk]), {"reason": "marking"})
        shown = client.get(reverse("files:show", args=[file]))
        page = client.get(reverse("exams:staff-film", args=[attempt.pk]))
    assert page.status_code == shown.status_code
    if shown.status_code == 200:
        assert b"".join(shown) == b"".join(map(make.bytes_of, range(3)))
    return shown.status_code


@pytest.mark.keeps("ilearn-40.a")
def test_the_film_plays_through_its_last_second_and_is_then_gone_from_everywhere(
    client: Client, enter: Enter, tenant: Tenant
) -> None:
    enter("examiner")
    attempt = make.marked()
    other = make.finished(at=A_DAY + 3 * DAY)
    film = Take.objects.get(recording__attempt=attempt).file_id

    sweep(now=ENDS - A_SECOND)
    assert plays(client, attempt, film, ENDS - A_WHILE) == 200
    assert Entry.objects.filter(kind="exams.film.seen").count() == 1

    sweep(now=ENDS)
    erase_objects(now=ENDS)
    assert plays(client, attempt, film, ENDS) == 404
    assert left() == (1, 1, 3, 1)  # the other one's
    assert sorted(object_names(str(tenant.pk))) == sorted(
        FilePart.objects.values_list("stored_as", flat=True)
    )
    assert orphans(now=ENDS) == orphans(now=ENDS + DAY)
    attempt.refresh_from_db()
    assert (attempt.outcome, str(attempt.points)) == ("passed", "10.00")
    assert Answer.objects.filter(attempt=attempt).count() == 5
    assert Recording.objects.get().attempt_id == other.pk


@pytest.mark.keeps("ilearn-40.a")
def test_the_candidate_gets_a_receipt_when_the_film_is_gone(client: Client, enter: Enter) -> None:
    candidate = enter()
    attempt = make.marked(make.finished(candidate))
    seal = Recording.objects.get().seal
    sweep(now=ENDS)

    with clock.standing_at(ENDS + DAY):
        tasks.tell_receipts()
        tasks.tell_receipts()
        page = client.get(reverse("exams:attempt", args=[attempt.pk])).content.decode()

    receipt = Receipt.objects.get()
    assert (receipt.gone_at, receipt.parts, receipt.seal) == (ENDS, 3, seal)
    assert seal in page
    assert Mail.objects.get().person_id == receipt.attempt.person_id
    (told,) = Entry.objects.filter(kind="exams.receipt.issued")
    assert receipt.entry == told.pk


@pytest.mark.keeps("ilearn-40.b")
def test_a_contest_on_day_thirteen_holds_the_film_until_somebody_else_decides(
    client: Client, enter: Enter
) -> None:
    marker, decider = account().person, enter("examiner")
    attempt = make.marked(marker=marker)
    filed = contesting.contest(attempt, text="Bees.", by="candidate", now=A_DAY + 13 * DAY)

    late = ENDS + 20 * DAY
    film = Take.objects.get().file_id
    sweep(now=late)
    assert plays(client, attempt, film, late) == 200
    with pytest.raises(RefusedError, match="marked the exam first"):
        decide(filed, marker, late)
    assert Contest.objects.get().decided_at is None

    decide(filed, decider, late)

    recording = Recording.objects.get()
    assert recording.due_at == late  # computed anew, in the same transaction: due at once
    sweep(now=late)
    assert left() == (0, 0, 0, 0)
    assert Receipt.objects.get().gone_at == late


def decide(filed: Contest, decider: Person, at: datetime) -> None:
    contesting.decide(
        filed,
        decision="stands",
        reasons="The film shows it.",
        marks={},
        decider=decider,
        by="examiner",
        now=at,
    )


@pytest.mark.keeps("ilearn-40.b")
def test_the_time_to_contest_ends_with_the_film(client: Client, enter: Enter) -> None:
    candidate = enter()
    attempt = make.marked(make.finished(candidate))
    found = clock_of(Recording.objects.get(), now=A_DAY)
    assert found is not None
    assert found.at == attempt.window_ends_at == ENDS

    address = reverse("exams:contest", args=[attempt.pk])
    with clock.standing_at(ENDS):
        assert client.post(address, {"text": "Too late."}).status_code == 409
        page = client.get(reverse("exams:attempt", args=[attempt.pk])).content.decode()
    assert 'name="text"' not in page
    assert Contest.objects.count() == 0

    with clock.standing_at(ENDS - A_WHILE):
        page = client.get(reverse("exams:attempt", args=[attempt.pk])).content.decode()
        assert 'name="text"' in page
        assert "1 day left" in page
        assert client.post(address, {"text": "In time."}).status_code == 302
        assert client.post(address, {"text": "Again."}).status_code == 409


@pytest.mark.keeps("ilearn-40.b")
def test_a_contest_decided_in_time_leaves_the_film_its_whole_term() -> None:
    filed = contesting.contest(make.marked(), text="Bees.", by="candidate", now=A_DAY + DAY)
    decide(filed, account().person, A_DAY + 2 * DAY)

    sweep(now=ENDS - A_SECOND)
    assert left()[0] == 1
    sweep(now=ENDS)
    assert left() == (0, 0, 0, 0)


@pytest.mark.keeps("ilearn-40.c")
def test_another_term_holds_for_film_and_contest_once_the_candidate_was_told(
    client: Client, enter: Enter
) -> None:
    candidate = enter()
    on = make.date(make.exam(term_days=30))
    attempt = make.place(candidate, on=on)

    with clock.standing_at(A_DAY):
        page = client.get(reverse("exams:paper", args=[attempt.pk])).content.decode()
        assert "This exam has a term of its own: 30 days." in page
        start = reverse("exams:starts", args=[attempt.pk])
        assert client.post(start, {"days": 30, "camera": "on"}).status_code == 422
        told = {"days": 14, "camera": "on", "read": "on"}
        assert client.post(start, told).status_code == 409  # another term than the page has
        assert client.post(start, told | {"days": 30}).status_code == 302
    attempt.refresh_from_db()
    assert attempt.told_at is not None
    assert (attempt.told_at - A_DAY < timedelta(minutes=1), attempt.told_days) == (True, 30)

    make.film(attempt)
    sitting.hand_in(attempt, {}, by="candidate", now=A_DAY + DAY / 24)
    ends = midnight(2026, 4, 2)
    attempt.refresh_from_db()
    found = clock_of(Recording.objects.get(), now=A_DAY)
    assert found is not None
    assert attempt.window_ends_at == found.at == ends
    assert "as you were told before" in found.because("en")
    sweep(now=ends - A_SECOND)
    assert left()[0] == 1
    contesting_until = reverse("exams:contest", args=[attempt.pk])
    with clock.standing_at(ends - A_WHILE):
        assert client.post(contesting_until, {"text": "In time."}).status_code == 302
    decide_first(attempt, ends - A_SECOND)
    sweep(now=ends)
    assert left() == (0, 0, 0, 0)


def decide_first(attempt: Attempt, at: datetime) -> None:
    make.marked(attempt, at=at)
    decide(Contest.objects.get(), account().person, at)


@pytest.mark.keeps("ilearn-40.c")
def test_a_shorter_term_that_was_told_ends_film_and_contest_earlier() -> None:
    attempt = make.finished(on=make.date(make.exam(term_days=7)))
    ends = midnight(2026, 3, 10)

    sweep(now=ends - A_SECOND)
    assert left()[0] == 1
    sweep(now=ends)

    assert left() == (0, 0, 0, 0)
    with pytest.raises(RefusedError):
        contesting.contest(attempt, text="Too late.", by="candidate", now=ends)


def test_an_attempt_that_nobody_finishes_ends_with_its_time_and_its_film_follows() -> None:
    attempt = make.begun()
    make.film(attempt)

    with clock.standing_at(A_DAY + timedelta(minutes=71)):
        tasks.close_what_is_over()

    attempt.refresh_from_db()
    assert (attempt.ending, attempt.finished_at) == ("time", A_DAY + timedelta(minutes=60))
    sweep(now=ENDS)
    assert left() == (0, 0, 0, 0)


def test_papers_are_gone_with_the_look_at_them() -> None:
    attempt = make.place(let_in=False)
    sitting.show_papers(attempt, make.picture(), by="candidate", now=A_DAY)
    assert left() == (0, 1, 0, 1)

    sitting.check_identity(
        attempt, outcome="confirmed", checker=account().person, by="examiner", now=A_DAY
    )

    assert left() == (0, 0, 0, 0)
    attempt.identity.refresh_from_db()
    assert (attempt.identity.outcome, attempt.identity.papers_id) == ("confirmed", None)


def test_papers_nobody_looked_at_are_gone_with_the_sitting() -> None:
    attempt = make.place(let_in=False)
    sitting.show_papers(attempt, make.picture(), by="candidate", now=A_DAY)

    with clock.standing_at(A_DAY + timedelta(hours=8)):
        tasks.close_what_is_over()

    assert left() == (0, 0, 0, 0)
