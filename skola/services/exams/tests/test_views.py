"""What candidates, examiners and others see and may do."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.files.api import UNSEALED, next_seal
from skola.ground.files.models import StoredFile
from skola.ground.people.models import Person
from skola.ground.people.tests.make import account
from skola.ground.ui.permissions import FILMING, NOTHING
from skola.services.exams.actions import sitting
from skola.services.exams.models import Attempt, Exam, Recording, Sitting, Take
from skola.services.exams.tests import make
from skola.services.exams.tests.make import A_DAY

pytestmark = pytest.mark.usefixtures("tenant", "stand")
Enter = Callable[..., Person]
AT_MOST = 8


def page(client: Client, name: str, *key: object) -> str:
    """The words of a page that is there."""
    answer = client.get(reverse(f"exams:{name}", args=key))
    assert answer.status_code == 200
    return answer.content.decode()


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def paper_of(attempt: Attempt, given: Any = make.RIGHT) -> dict[str, list[str]]:
    """The fields of a paper as a form sends them."""
    return {f"q-{key}": list(said) for key, said in make.answers(attempt, given).items()}


def test_an_examiner_makes_an_exam_and_a_candidate_sits_it_without_javascript(
    client: Client, enter: Enter
) -> None:
    examiner = enter("examiner")
    words = {"title": "Bees", "minutes": "30", "pass_percent": "50"}
    client.post(reverse("exams:draft"), words)
    exam = Exam.objects.get()
    asking = reverse("exams:questions", args=[exam.pk])
    for kind, answers in (
        ("single", "*yes\nno"),
        ("multiple", "*a\n*b\nc"),
        ("number", "4\n0.5"),
        ("short", "Rīga"),
        ("long", ""),
    ):
        told = {"kind": kind, "text": f"A {kind}?", "answers": answers, "points": "2"}
        assert client.post(asking, told).status_code == 302
    assert client.post(asking, {"kind": "single", "text": "?", "points": 1}).status_code == 422
    client.post(reverse("exams:publications", args=[exam.pk]))
    date = {
        "starts_at": "2026-03-02T10:00",
        "closes_at": "2026-03-02T18:00",
        "places": "5",
        "room": "Room 3",
    }
    assert client.post(reverse("exams:dates", args=[exam.pk]), date).status_code == 302
    held = Sitting.objects.get()

    candidate = enter()
    assert "Bees" in page(client, "mine")
    taken = client.post(reverse("exams:places", args=[held.pk]), {"way": "room"})
    attempt = Attempt.objects.get()
    assert taken["Location"] == reverse("exams:attempt", args=[attempt.pk])
    assert "Room 3" in page(client, "attempt", attempt.pk)
    sitting.check_identity(attempt, outcome="confirmed", checker=examiner, by="examiner", now=A_DAY)
    start = client.post(reverse("exams:starts", args=[attempt.pk]), {"days": 14, "read": "on"})
    assert start["Location"] == reverse("exams:paper", args=[attempt.pk])
    given = paper_of(attempt, (["0"], ["0", "1"], ["4.2"], ["rīga"], ["A text."]))
    saved = client.post(reverse("exams:answers", args=[attempt.pk]), given)
    assert saved["Location"] == reverse("exams:paper", args=[attempt.pk])
    assert "A text." in page(client, "paper", attempt.pk)
    client.post(reverse("exams:submissions", args=[attempt.pk]), given)
    assert "being marked" in page(client, "attempt", attempt.pk)
    assert Recording.objects.count() == 0

    enter("examiner")
    question = exam.questions.get(kind="long")
    marks = {f"points-{one.question_id}": one.points or 0 for one in attempt.answers.all()}
    marking = reverse("exams:marking", args=[attempt.pk])
    assert client.post(marking, marks | {f"points-{question.pk}": "9"}).status_code == 422
    assert client.post(marking, marks | {f"points-{question.pk}": "1.5"}).status_code == 302
    attempt.refresh_from_db()
    assert attempt.points == Decimal("9.5")
    assert (attempt.outcome, attempt.person) == ("passed", candidate)


@pytest.mark.keeps("ilearn-40.d")
def test_a_camera_that_is_denied_blocks_the_start_and_says_why(
    client: Client, enter: Enter
) -> None:
    attempt = make.place(enter())
    assert "can always sit without a camera" in page(client, "paper", attempt.pk)

    told = {"days": "14", "read": "on", "camera": ""}
    refused = client.post(reverse("exams:starts", args=[attempt.pk]), told)

    attempt.refresh_from_db()
    assert (refused.status_code, attempt.begun_at) == (409, None)
    assert "the camera or the screen is not there" in refused.content.decode()


def test_only_the_pages_of_a_filmed_exam_may_ask_for_camera_and_screen(
    client: Client, enter: Enter
) -> None:
    attempt = make.place(enter())
    allowed = {
        name: client.get(reverse(f"exams:{name}", args=[attempt.pk]))["Permissions-Policy"]
        for name in ("paper", "rehearsal", "attempt")
    }

    assert allowed == {"paper": FILMING, "rehearsal": FILMING, "attempt": NOTHING}
    assert client.get("/")["Permissions-Policy"] == NOTHING
    assert "microphone=()" in FILMING


def test_the_rehearsal_takes_nothing(client: Client, enter: Enter) -> None:
    attempt = make.place(enter())
    before = StoredFile.objects.count()

    for ask in (client.post, client.put, client.delete, client.patch):
        assert ask(reverse("exams:rehearsal", args=[attempt.pk])).status_code == 405
    assert "form" not in page(client, "rehearsal", attempt.pk).split("<main")[1].split("</main")[0]
    assert (StoredFile.objects.count(), Take.objects.count()) == (before, 0)


def test_a_part_arrives_over_the_network_once_however_often_it_is_sent(
    client: Client, enter: Enter
) -> None:
    attempt = make.begun(enter())
    opened = client.post(reverse("exams:takes", args=[attempt.pk]), {"source": "camera"})
    address = opened.json()["parts"]

    def send(number: int, content: bytes, seal: str) -> Any:
        return client.post(
            f"{address}?n={number}&from=0&to=2000&seal={seal}",
            content,
            content_type="application/octet-stream",
        )

    content = make.bytes_of(0)
    seal = next_seal(UNSEALED, hashlib.sha256(content).hexdigest())
    answers = [send(0, content, seal).status_code for _ in range(3)]
    assert answers == [201, 200, 200]
    early = send(5, content, seal)
    assert (early.status_code, early.json()) == (409, {"expected": 1})
    assert send(0, b"other", seal).status_code == 422
    assert send(1, b"x" * 2_000_001, seal).status_code == 413
    assert Recording.objects.get().parts == 1

    enter()
    assert send(1, content, seal).status_code == 404


def test_a_film_is_for_its_candidate_and_for_staff_who_say_why(
    client: Client, enter: Enter
) -> None:
    candidate = enter()
    attempt = make.finished(candidate)
    film = reverse("files:show", args=[Take.objects.get().file_id])
    part = client.get(film, headers={"range": "bytes=0-3"})
    assert (part.status_code, b"".join(part)) == (206, make.HEAD[:4])
    assert "No film from" in page(client, "film", attempt.pk)
    assert "Nobody so far." in page(client, "film", attempt.pk)

    for kinds in ((), ("support",), ("reviewer",)):
        enter(*kinds)
        assert client.get(film).status_code == 404
        assert client.get(reverse("exams:staff-film", args=[attempt.pk])).status_code == 404
    viewings = reverse("exams:viewings", args=[attempt.pk])
    assert client.post(viewings, {"reason": "curiosity"})["Location"].endswith(f"{attempt.pk}/")
    assert client.get(film).status_code == 404
    client.post(viewings, {"reason": "incident"})
    assert client.get(film).status_code == 200

    client.force_login(candidate.account)
    assert "something happened during the exam" in page(client, "film", attempt.pk)


def test_papers_are_for_an_examiner_and_for_nobody_afterwards(client: Client, enter: Enter) -> None:
    attempt = make.place(enter(), let_in=False)
    shown = client.post(reverse("exams:papers", args=[attempt.pk]), {"picture": make.picture()})
    assert shown.status_code == 302
    papers = reverse("files:show", args=[StoredFile.objects.get().pk])
    assert client.get(papers).status_code == 404

    enter("reviewer")
    assert client.get(papers).status_code == 404
    enter("examiner")
    assert client.get(papers).status_code == 200
    letting_in = reverse("exams:identities", args=[attempt.pk])
    assert client.post(letting_in, {"outcome": "confirmed"}).status_code == 302
    assert client.get(papers).status_code == 404
    assert "let in" in page(client, "hall", attempt.sitting_id)


def test_what_is_not_ones_own_does_not_exist(client: Client, enter: Enter) -> None:
    attempt = make.finished()
    enter()

    for name in ("attempt", "paper", "rehearsal", "film"):
        for key in (attempt.pk, uuid4()):
            assert client.get(reverse(f"exams:{name}", args=[key])).status_code == 404
    keys: dict[str, list[Any]] = {"desk": [], "marking": [attempt.pk], "hall": [attempt.sitting_id]}
    for name, args in keys.items():
        assert client.get(reverse(f"exams:{name}", args=args)).status_code == 404


def test_the_first_marker_sees_why_they_cannot_decide_and_another_decides(
    client: Client, enter: Enter
) -> None:
    marker = enter("examiner")
    attempt = make.marked(marker=marker, long=0)
    filed = make.contest(attempt)
    address = reverse("exams:decide", args=[filed.pk])
    assert "Somebody else has to decide." in client.get(address).content.decode()
    marks = {f"points-{one.question_id}": one.points for one in attempt.answers.all()}
    long = attempt.answers.get(question__kind="long").question_id
    told = {**marks, f"points-{long}": "4", "decision": "changed", "reasons": "It is right."}
    assert client.post(address, told).status_code == 409

    enter("examiner")
    assert client.post(address, told | {"reasons": " "}).status_code == 422
    assert client.post(address, told).status_code == 302
    attempt.refresh_from_db()
    assert attempt.points == Decimal(10)
    assert attempt.marker == marker
    assert "It is right." in client.get(address).content.decode()


@pytest.mark.parametrize("name", ["mine", "desk", "contests", "hall", "exam", "exams"])
def test_lists_ask_as_much_for_many_as_for_one(client: Client, enter: Enter, name: str) -> None:
    me = enter("examiner")
    first = make.date()
    keys = {"hall": [first.pk], "exam": [first.exam_id]}.get(name, [])
    address = reverse(f"exams:{name}", args=keys)

    def more() -> None:
        make.contest(make.marked(make.finished(on=first)))
        make.finished(me, on=make.date(first.exam))
        shown = make.place(account().person, on=first, let_in=False)
        sitting.show_papers(shown, make.picture(), by="candidate", now=A_DAY)

    more()
    client.get(address)  # the day's first page also notes that somebody acted
    few = queries_of(client, address)
    more()
    assert queries_of(client, address) == few
    assert few <= AT_MOST


@pytest.mark.tenant("ekool")
def test_where_no_purpose_covers_exams_there_are_none(client: Client, enter: Enter) -> None:
    enter("examiner")

    assert client.get(reverse("exams:mine")).status_code == 404
    assert reverse("exams:mine") not in client.get("/").content.decode()


def test_home_says_what_waits(client: Client, enter: Enter) -> None:
    me = enter("examiner")
    make.place(me, on=make.date(starts_at=A_DAY + timedelta(days=2)), let_in=False)
    make.contest(make.marked())
    make.finished()

    home = client.get("/").content.decode()

    assert "Your exam is on" in home
    assert "1 exam waits for its result" in home
    assert "1 result is contested" in home
